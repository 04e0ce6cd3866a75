import { BlockList, isIPv4, isIPv6 } from 'node:net';

type Family = 'ipv4' | 'ipv6';

function familyOf(ip: string): Family | undefined {
	if (isIPv4(ip)) return 'ipv4';
	return isIPv6(ip) ? 'ipv6' : undefined;
}

/** `10.20.` or `10.` as a network. */
function prefixNetwork(text: string): { network: string; bits: number } | undefined {
	const octets = /^(\d{1,3}\.){1,3}$/.test(text) ? text.slice(0, -1).split('.') : [];
	if (octets.length === 0) return undefined;
	return { network: [...octets, '0', '0', '0'].slice(0, 4).join('.'), bits: octets.length * 8 };
}

/**
 * A range of a host group: an address, a network (`10.1.0.0/16`), a prefix (`10.1.`) or a span (`10.1.1.5-10.1.1.9`).
 * Undefined when it is none of them.
 */
export function rangeOf(text: string): BlockList | undefined {
	const list = new BlockList();
	const prefix = prefixNetwork(text);
	const [first, last] = text.split('-');
	const [network, bits] = text.split('/');
	try {
		if (prefix) list.addSubnet(prefix.network, prefix.bits, 'ipv4');
		else if (last !== undefined) list.addRange(first, last, familyOf(first));
		else if (bits !== undefined && /^\d+$/.test(bits))
			list.addSubnet(network, Number(bits), familyOf(network));
		else if (familyOf(text)) list.addAddress(text, familyOf(text));
		else return undefined;
	} catch {
		return undefined;
	}
	return list;
}

/** Whether an address lies in one of the ranges. */
export function inRanges(ip: string, ranges: readonly string[]): boolean {
	const family = familyOf(ip);
	return family !== undefined && ranges.some((range) => rangeOf(range)?.check(ip, family));
}
