import { isIP } from 'node:net';
import type { EntityKind, ProtectedEntry } from '../../../ledger/api';
import { classifyDestination, type DestinationType } from '../../CiscoUmbrella/destinations';
import { PROTECTED_TYPES, type ObjectType } from './catalogue';

/** An action's object, read from the text in the form. */
export type ActionObject =
	| { type: 'entity'; kind: EntityKind; key: string }
	| { type: 'intent'; id: string }
	| { type: 'connector'; guid: string }
	| { type: 'observable'; observableType: ObservableType; value: string }
	| { type: 'protected'; entryType?: ProtectedEntry['type']; value?: string }
	| { type: 'policy'; version: number };

const GUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const KINDS: readonly string[] = ['mac', 'user', 'ip', 'hostname'];
const SHA256 = /^[0-9a-f]{64}$/i;
/** What an entry of an Umbrella destination list is, by the type of the observable. */
const DESTINATIONS = { domain: 'domain', url: 'url', ip: 'ipv4' } as const satisfies Record<string, DestinationType>;
export type ObservableType = keyof typeof DESTINATIONS | 'sha256';
const CONTROL = /\p{Cc}/u;
const MAX_LENGTH = 2_100;

/** `undefined` when the text names no such object. */
export function parseObject(type: ObjectType, text: string): ActionObject | undefined {
	if (text.length > MAX_LENGTH || CONTROL.test(text)) return undefined;
	const [prefix, value] = split(text);
	switch (type) {
		case 'entity':
			return KINDS.includes(prefix) && value !== '' ? { type, kind: prefix as EntityKind, key: value } : undefined;
		case 'intent':
			return GUID.test(text) ? { type, id: text.toLowerCase() } : undefined;
		case 'connector':
			return GUID.test(text) ? { type, guid: text.toLowerCase() } : undefined;
		case 'observable':
			return blockable(prefix, value);
		case 'protected':
			if (text === '') return { type };
			return (PROTECTED_TYPES as readonly string[]).includes(prefix) && value !== ''
				? { type, entryType: prefix as ProtectedEntry['type'], value }
				: undefined;
		case 'policy':
			return /^[1-9]\d{0,8}$/.test(text) ? { type, version: Number(text) } : undefined;
	}
}

function split(text: string): [prefix: string, value: string] {
	const colon = text.indexOf(':');
	return colon < 0 ? ['', text] : [text.slice(0, colon), text.slice(colon + 1).trim()];
}

/**
 * An observable that the workflow can block: domains, web addresses and single IPv4 addresses in Umbrella, files by
 * SHA-256 in Secure Endpoint. `undefined` for everything else, such as IPv6 addresses and networks.
 */
export function blockable(type: string, value: string): (ActionObject & { type: 'observable' }) | undefined {
	if (type === 'sha256') return SHA256.test(value) ? { type: 'observable', observableType: type, value: value.toLowerCase() } : undefined;
	if (!isDestination(type) || (type === 'ip' && isIP(value) !== 4)) return undefined;
	try {
		const { destination, type: entry } = classifyDestination(value);
		return entry === DESTINATIONS[type] ? { type: 'observable', observableType: type, value: destination } : undefined;
	} catch {
		return undefined;
	}
}

function isDestination(type: string): type is keyof typeof DESTINATIONS {
	return Object.hasOwn(DESTINATIONS, type);
}
