import { isIP } from 'node:net';
import { domainToASCII } from 'node:url';

export type DestinationType = 'domain' | 'url' | 'ipv4';

export interface Destination {
	/** As it is sent: domains lower-case and in ASCII, URLs as given. */
	destination: string;
	type: DestinationType;
}

/**
 * The entries of a list field: an array (of text, or of objects with `destination`), or text with one entry per
 * line or comma. Each once, in the order given.
 */
export function splitEntries(value: unknown): string[] {
	const entries = Array.isArray(value) ? value.map(entryText) : String(value ?? '').split(/[\n,]/);
	return [...new Set(entries.map((entry) => entry.trim()).filter((entry) => entry !== ''))];
}

function entryText(entry: unknown): string {
	if (typeof entry === 'object' && entry !== null && 'destination' in entry) return String(entry.destination);
	return String(entry ?? '');
}

/**
 * What a destination list can hold: domains, URLs and IPv4 addresses or networks.
 *
 * @throws Error saying why the entry can't be in a destination list, and what to enter instead.
 */
export function classifyDestination(entry: string): Destination {
	const text = entry.trim();
	const withoutScheme = text.replace(/^https?:\/\//i, '');
	const [host, ...rest] = withoutScheme.split('/');
	const path = rest.join('/');
	if (isIP(host.replace(/^\[|\]$/g, '')) === 6 || /^\[.*\]/.test(host)) {
		throw new Error(`"${entry}" is an IPv6 address, which destination lists can't hold`);
	}
	if (/^[a-z][a-z0-9+.-]*:\/\//i.test(withoutScheme)) {
		throw new Error(`"${entry}" is not a web address. Destination lists know only http and https`);
	}
	if (isIP(host) === 4 && (path === '' || isPrefixLength(path))) {
		return { destination: withoutScheme.replace(/\/$/, ''), type: 'ipv4' };
	}
	const name = hostName(entry, host);
	return path === '' && !host.includes(':')
		? { destination: name, type: 'domain' }
		: { destination: text, type: 'url' };
}

/**
 * Two spellings of one destination have the same key: scheme, case and alphabet of the host, a dot or slash at the end
 * don't count.
 */
export function destinationKey(destination: string): string {
	const [host, ...path] = asStored(destination)
		.trim()
		.replace(/^https?:\/\//i, '')
		.split('/');
	return [host.toLowerCase(), ...path].join('/').replace(/\/+$/, '');
}

/** Lists can hold what can't be added here, such as wildcards. */
function asStored(destination: string): string {
	try {
		return classifyDestination(destination).destination;
	} catch {
		return destination;
	}
}

/** Parts of at most `size` elements. */
export function inBatches<T>(elements: readonly T[], size: number): T[][] {
	return Array.from({ length: Math.ceil(elements.length / size) }, (_, batch) =>
		elements.slice(batch * size, (batch + 1) * size),
	);
}

const isPrefixLength = (text: string): boolean => /^\d{1,2}$/.test(text) && Number(text) <= 32;

const LABEL = /^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/;

function hostName(entry: string, host: string): string {
	if (host.startsWith('*.')) {
		throw new Error(`"${entry}" has a wildcard. Leave out "*.": a domain stands for its subdomains too`);
	}
	const name = asciiName(host);
	if (isIP(name) === 4) return name;
	const labels = name.split('.');
	const isValid = labels.length > 1 && name.length <= 253 && labels.every((label) => LABEL.test(label));
	if (!isValid || /^\d+$/.test(labels[labels.length - 1])) {
		throw new Error(`"${entry}" is neither a domain, nor a URL, nor an IPv4 address`);
	}
	return name;
}

function asciiName(host: string): string {
	const bare = host
		.replace(/:\d{1,5}$/, '')
		.replace(/\.$/, '')
		.toLowerCase();
	return /^[\x21-\x7e]*$/.test(bare) ? bare : domainToASCII(bare);
}
