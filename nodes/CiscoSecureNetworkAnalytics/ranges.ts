import { canonicalIp, inNetworks, parseNetwork } from '../../ledger/network';

/** IPv4 networks are counted as the last bits of the IPv6 addresses that stand for them. */
const V4_OFFSET = 96;

/**
 * One spelling per range of a host group: an address, or a network in CIDR form whose host bits are zero; a network
 * of one address is that address.
 *
 * @returns `undefined` for anything else
 */
export function canonicalRange(text: string): string | undefined {
	const [address, prefix] = text.trim().split('/');
	const ip = canonicalIp(address);
	const network = parseNetwork(text);
	if (ip === undefined || !network) return undefined;
	if (prefix === undefined || network.bits === 128) return ip;
	if (hasHostBits(network.bytes, network.bits)) return undefined;
	return `${ip}/${network.bits - (ip.includes(':') ? 0 : V4_OFFSET)}`;
}

function hasHostBits(bytes: Uint8Array, bits: number): boolean {
	return bytes.some((byte, i) => {
		const networkBits = Math.min(8, Math.max(0, bits - 8 * i));
		return (byte & (0xff >> networkBits)) !== 0;
	});
}

/** A range as the group spells it, and its one spelling; forms such as `10.0.0.1-20` stay as they are. */
const keyOf = (range: string): string => canonicalRange(range) ?? range.trim();

export interface RangeChange {
	/** What the group has afterwards. */
	ranges: string[];
	/** What was added or removed. */
	changed: string[];
	/** What was already there, or not there. */
	unchanged: string[];
}

/** @param wanted canonical ranges */
export function withRanges(ranges: readonly string[], wanted: readonly string[]): RangeChange {
	const present = new Set(ranges.map(keyOf));
	const changed = wanted.filter((range) => !present.has(range));
	return {
		ranges: [...ranges, ...changed],
		changed,
		unchanged: wanted.filter((range) => present.has(range)),
	};
}

/** @param unwanted canonical ranges */
export function withoutRanges(ranges: readonly string[], unwanted: readonly string[]): RangeChange {
	const present = new Set(ranges.map(keyOf));
	return {
		ranges: ranges.filter((range) => !unwanted.includes(keyOf(range))),
		changed: unwanted.filter((range) => present.has(range)),
		unchanged: unwanted.filter((range) => !present.has(range)),
	};
}

/** The first of the ranges that holds an address or network; ranges in other forms than CIDR are not looked into. */
export function coveringRange(range: string, ranges: readonly string[]): string | undefined {
	const wanted = parseNetwork(range);
	const [address] = range.split('/');
	return ranges.find((candidate) => {
		const network = parseNetwork(candidate);
		return network !== undefined && wanted !== undefined && network.bits <= wanted.bits
			? inNetworks(address, [network])
			: false;
	});
}
