import { SECURITY_CATEGORY_IDS } from './categories';
import { ACTIVITY_KINDS, type ActivityKind } from './records';

/** Filters of the Reporting API by the name of their query parameter; lists are comma-separated. */
export interface ActivityFilters {
	domains?: string;
	categories?: string;
	ip?: string;
	identityids?: string;
	verdict?: string;
	threats?: string;
}

/** One report to read, and how. */
export interface ActivityQuery {
	/** Below `/reports/v2`. */
	path: string;
	query: Record<string, string>;
	headers?: Record<string, string>;
}

/** Which filters each report takes, from Cisco's reporting.yaml. `/activity` is the joint report of several kinds. */
const FILTERS: Record<ActivityKind, readonly (keyof ActivityFilters)[]> = {
	dns: ['domains', 'categories', 'ip', 'identityids', 'verdict', 'threats'],
	proxy: ['domains', 'categories', 'ip', 'identityids', 'verdict', 'threats'],
	firewall: ['categories', 'ip', 'identityids', 'verdict'],
	ip: ['categories', 'ip', 'identityids', 'verdict'],
	intrusion: ['ip', 'identityids'],
	'amp-retrospective': [],
};

/** Kinds that `/activity` gives in one call when its header `x-traffic-type` names them. */
const JOINT_KINDS: readonly ActivityKind[] = ['dns', 'proxy', 'firewall', 'ip'];

/** Reports that can be sorted; the others come in the vendor's order. */
const SORTABLE: readonly ActivityKind[] = ['dns', 'proxy'];

/**
 * The fewest reports that cover the kinds asked for: one joint report for DNS, proxy, firewall and IP, one each for
 * intrusion and AMP retrospective. With `securityOnly` the server already selects: by the security categories,
 * and once more, for web downloads, by AMP's verdict, which has nothing to do with the category of the site.
 *
 * A kind whose records lack a filtered property has nothing to give and is left out.
 */
export function planQueries(
	kinds: readonly ActivityKind[],
	filters: ActivityFilters,
	securityOnly: boolean,
): ActivityQuery[] {
	const given = Object.fromEntries(Object.entries(filters).filter(([, value]) => value)) as Record<
		string,
		string
	>;
	const names = Object.keys(given) as (keyof ActivityFilters)[];
	const usable = ACTIVITY_KINDS.filter(
		(kind) => kinds.includes(kind) && names.every((name) => FILTERS[kind].includes(name)),
	);
	const joint = JOINT_KINDS.filter((kind) => usable.includes(kind));
	const byCategory: Record<string, string> =
		securityOnly && !given.threats ? { categories: SECURITY_CATEGORY_IDS.join(',') } : {};
	return [
		...jointQuery(joint, { ...byCategory, ...given }),
		...(securityOnly && usable.includes('proxy') && !given.categories && !given.threats
			? [{ path: '/activity/proxy', query: { ...given, ampdisposition: 'malicious', order: 'asc' } }]
			: []),
		...(usable.includes('intrusion') ? [{ path: '/activity/intrusion', query: given }] : []),
		...(usable.includes('amp-retrospective')
			? [{ path: '/activity/amp-retrospective', query: securityOnly ? { ampdisposition: 'malicious' } : {} }]
			: []),
	];
}

/** Every kind that installations have today; Cisco has given up the IP report. */
export const CURRENT_KINDS: readonly ActivityKind[] = ACTIVITY_KINDS.filter((kind) => kind !== 'ip');

function jointQuery(kinds: readonly ActivityKind[], query: Record<string, string>): ActivityQuery[] {
	if (kinds.length === 0) return [];
	if (kinds.length > 1) return [{ path: '/activity', query, headers: { 'x-traffic-type': kinds.join(',') } }];
	const [kind] = kinds;
	return [{ path: `/activity/${kind}`, query: SORTABLE.includes(kind) ? { ...query, order: 'asc' } : query }];
}
