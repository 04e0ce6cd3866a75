import type { EntityDetail } from '../../../../ledger/api';
import type { Pivots } from '../page';

export interface Pivot {
	text: string;
	href: string;
}

/** Where the products' own consoles show more about an entity. */
export function pivotsFor({ kind, key, contributions }: EntityDetail, pivots: Pivots): Pivot[] {
	const guids = connectorsOf(contributions);
	const search = encodeURIComponent(key);
	const links: (Pivot | undefined)[] = [
		...guids.map((guid) => link(pivots.secureEndpoint, `/computers/${encodeURIComponent(guid)}/trajectory2`, 'Secure Endpoint: device trajectory')),
		link(pivots.secureEndpoint, `/search?query=${search}`, 'Secure Endpoint: search'),
		link(pivots.xdr, `/#/investigate?q=${search}`, 'XDR: investigate'),
		kind === 'mac' ? undefined : link(pivots.umbrella, '', 'Umbrella'),
		kind === 'ip' ? link(pivots.secureNetworkAnalytics, '', 'Secure Network Analytics') : undefined,
		link(pivots.ise, '', 'Cisco ISE'),
	];
	return links.filter((entry) => entry !== undefined);
}

/** Connectors that the entity's detections came from, each once, newest first. */
export function connectorsOf(contributions: EntityDetail['contributions']): string[] {
	const guids = contributions.flatMap(({ detection }) => detection.targets.flatMap(({ connectorGuid }) => connectorGuid ?? []));
	return [...new Set(guids.map((guid) => guid.toLowerCase()))].slice(0, 3);
}

function link(base: string | undefined, path: string, text: string): Pivot | undefined {
	return base === undefined ? undefined : { href: `${base}${path}`, text };
}
