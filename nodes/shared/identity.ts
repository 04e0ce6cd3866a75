import { canonicalMac, isMeaninglessMac, isSystemAccount } from '../../ledger/entity';
import { canonicalIp, inNetworks, MEANINGLESS_NETWORKS } from '../../ledger/network';

/** Words that products write where they know nothing. */
const PLACEHOLDERS = new Set([
	'',
	'-',
	'unknown',
	'n/a',
	'na',
	'none',
	'null',
	'undefined',
	'no hostname found',
]);

/** Upper-case colon form of a network card's address; `undefined` for anything that names no card. */
export function usableMac(value: unknown): string | undefined {
	const mac = typeof value === 'string' ? canonicalMac(value.trim()) : undefined;
	return mac === undefined || isMeaninglessMac(mac) ? undefined : mac;
}

/** Canonical text of an address that names one host: not unspecified, loopback, link-local, multicast or broadcast. */
export function usableIp(value: unknown): string | undefined {
	const ip = typeof value === 'string' ? canonicalIp(value.trim()) : undefined;
	return ip === undefined || inNetworks(ip, MEANINGLESS_NETWORKS) ? undefined : ip;
}

/** Lower-case host name without the dot of the root, or `undefined` for a placeholder. */
export function usableHostname(value: unknown): string | undefined {
	const name = usableText(value, 253)?.toLowerCase().replace(/\.$/, '');
	return name === undefined || PLACEHOLDERS.has(name) || name === 'localhost' ? undefined : name;
}

/** Lower-case user name as the product writes it, or `undefined` for placeholders and accounts of systems. */
export function usableUser(value: unknown): string | undefined {
	const name = usableText(value, 256)?.toLowerCase();
	return name === undefined || PLACEHOLDERS.has(name) || isSystemAccount(name) ? undefined : name;
}

/** Text without control characters and outer blanks, cut to `maxLength`; `undefined` when nothing is left. */
export function usableText(value: unknown, maxLength: number): string | undefined {
	if (typeof value !== 'string') return undefined;
	const text = value
		.replace(/\p{Cc}+/gu, ' ')
		.trim()
		.slice(0, maxLength)
		.trim();
	return text === '' ? undefined : text;
}

/**
 * A parameter that takes one value or several: text with commas, white space or lines between, or an array from an
 * expression, whose elements are whole values. Without doubles, in the order given.
 *
 * @param separator between values in text
 */
export function listParameter(value: unknown, separator = /[\s,;]+/): string[] {
	const parts = Array.isArray(value) ? value.flat(Infinity) : String(value ?? '').split(separator);
	const texts = parts.map((part) => String(part ?? '').trim());
	return [...new Set(texts.filter((text) => text !== ''))];
}

/** As {@link listParameter}, for names: they may have spaces and quotes inside. */
export function nameList(value: unknown): string[] {
	return listParameter(value, /[,;\r\n]+/);
}
