/** An address as 16 bytes; IPv4 lives at ::ffff:0:0/96. */
type Address = Uint8Array;

/** A network as used for matching. */
export interface Network {
	bytes: Address;
	/** Leading bits that must be equal, counted over 128. */
	bits: number;
}

/** IPv4 in dotted form, IPv6 as in RFC 5952; an IPv4-mapped address comes out as IPv4. `undefined` when it is no address. */
export function canonicalIp(text: string): string | undefined {
	const bytes = parseAddress(text);
	return bytes && formatAddress(bytes);
}

/** 16 bytes of an address in any usual spelling (brackets and zone index allowed), or `undefined`. */
export function parseAddress(text: string): Address | undefined {
	const bare = /[[%]/.test(text) ? text.replace(/^\[(.*)\]$/, '$1').replace(/%.*$/, '') : text;
	const v4 = parseV4(bare);
	if (v4) return v4;
	return bare.includes(':') ? parseV6(bare) : undefined;
}

/** Host names and users come through here, too: nothing is made before it is known to be an address. */
function parseV4(text: string): Address | undefined {
	if (text.length < 7 || text.length > 15) return undefined;
	let address = 0;
	let parts = 0;
	let digits = 0;
	let part = 0;
	for (let i = 0; i <= text.length; i++) {
		const code = i < text.length ? text.charCodeAt(i) : 46;
		if (code === 46) {
			if (digits === 0 || parts === 4) return undefined;
			address = (address << 8) | part;
			parts++;
			digits = 0;
			part = 0;
		} else {
			// A leading zero would be octal to some and decimal to others.
			if (code < 48 || code > 57 || (digits > 0 && part === 0)) return undefined;
			part = part * 10 + code - 48;
			if (part > 255) return undefined;
			digits++;
		}
	}
	return parts === 4 ? mapped(address) : undefined;
}

function mapped(address: number): Address {
	const bytes = new Uint8Array(16);
	bytes[10] = 255;
	bytes[11] = 255;
	for (let i = 0; i < 4; i++) bytes[12 + i] = address >>> (24 - 8 * i);
	return bytes;
}

function parseV6(text: string): Address | undefined {
	const halves = text.split('::');
	if (halves.length > 2) return undefined;
	const head = parseGroups(halves[0]);
	const tail = halves.length === 2 ? parseGroups(halves[1]) : [];
	if (!head || !tail) return undefined;
	const missing = 8 - head.length - tail.length;
	if (halves.length === 2 ? missing < 1 : missing !== 0) return undefined;
	const groups = [...head, ...Array<number>(missing).fill(0), ...tail];
	const bytes = new Uint8Array(16);
	groups.forEach((group, i) => {
		bytes[2 * i] = group >> 8;
		bytes[2 * i + 1] = group & 255;
	});
	return bytes;
}

function parseGroups(text: string): number[] | undefined {
	if (text === '') return [];
	const parts = text.split(':');
	const groups: number[] = [];
	for (const [i, part] of parts.entries()) {
		const v4 = i === parts.length - 1 ? parseV4(part) : undefined;
		if (v4) {
			groups.push((v4[12] << 8) | v4[13], (v4[14] << 8) | v4[15]);
		} else if (/^[0-9a-f]{1,4}$/i.test(part)) {
			groups.push(parseInt(part, 16));
		} else {
			return undefined;
		}
	}
	return groups;
}

function isMapped(bytes: Address): boolean {
	if (bytes[10] !== 255 || bytes[11] !== 255) return false;
	for (let i = 0; i < 10; i++) if (bytes[i] !== 0) return false;
	return true;
}

/** The canonical text of an address. */
export function formatAddress(bytes: Address): string {
	if (isMapped(bytes)) return `${bytes[12]}.${bytes[13]}.${bytes[14]}.${bytes[15]}`;
	const groups = Array.from({ length: 8 }, (_, i) => (bytes[2 * i] << 8) | bytes[2 * i + 1]);
	const { start, length } = longestZeroRun(groups);
	const hex = (part: number[]) => part.map((group) => group.toString(16)).join(':');
	return length < 2 ? hex(groups) : `${hex(groups.slice(0, start))}::${hex(groups.slice(start + length))}`;
}

function longestZeroRun(groups: number[]): { start: number; length: number } {
	let best = { start: 0, length: 0 };
	for (let start = 0; start < 8; start++) {
		let length = 0;
		while (start + length < 8 && groups[start + length] === 0) length++;
		if (length > best.length) best = { start, length };
	}
	return best;
}

/** A network in CIDR form; a lone address is a network of one. `undefined` when it is neither. */
export function parseNetwork(text: string): Network | undefined {
	const [address, prefix, ...rest] = text.trim().split('/');
	const bytes = parseAddress(address);
	if (!bytes || rest.length > 0) return undefined;
	const width = address.includes(':') ? 128 : 32;
	if (prefix === undefined) return { bytes, bits: 128 };
	if (!/^\d{1,3}$/.test(prefix) || Number(prefix) > width) return undefined;
	return { bytes, bits: 128 - width + Number(prefix) };
}

/** Whether an address (any spelling) lies in one of the networks. */
export function inNetworks(ip: string, networks: readonly Network[]): boolean {
	const bytes = parseAddress(ip);
	return bytes !== undefined && isIn(bytes, networks);
}

/** Whether an address lies in one of the networks. */
export function isIn(bytes: Address, networks: readonly Network[]): boolean {
	for (const network of networks) if (contains(network, bytes)) return true;
	return false;
}

function contains({ bytes: base, bits }: Network, bytes: Address): boolean {
	const whole = bits >> 3;
	for (let i = 0; i < whole; i++) if (base[i] !== bytes[i]) return false;
	const rest = bits & 7;
	return rest === 0 || ((base[whole] ^ bytes[whole]) >> (8 - rest)) === 0;
}

/** Unspecified, loopback, link-local, multicast and broadcast addresses: they name no endpoint. */
export const MEANINGLESS_NETWORKS: readonly Network[] = [
	'0.0.0.0/8',
	'127.0.0.0/8',
	'169.254.0.0/16',
	'224.0.0.0/4',
	'255.255.255.255/32',
	'::/128',
	'::1/128',
	'fe80::/10',
	'ff00::/8',
].map((text) => parseNetwork(text) as Network);
