import type { EntityKey, EntityKind } from './api';
import type { Detection, Target } from './detection';
import { canonicalIp, formatAddress, isIn, MEANINGLESS_NETWORKS, parseAddress, type Network } from './network';

/** How identities are read; part of the policy, compiled. */
export interface IdentityRules {
	/** Addresses outside are not ours and never entities. */
	internalNetworks: readonly Network[];
	/** Lower-case values that stand for "not known". */
	placeholders: ReadonlySet<string>;
	keepUserDomain: boolean;
	keepHostnameDomain: boolean;
}

/** A target with every field canonical; fields that name nothing are gone. */
export type CanonicalTarget = Target;

/** An entity of a detection, with the targets it was seen in. */
export interface SeenEntity extends EntityKey {
	targets: CanonicalTarget[];
}

/** The order in which entities of one detection are scored and decided. */
export const ENTITY_KINDS: readonly EntityKind[] = ['mac', 'hostname', 'user', 'ip'];

const CANONICAL_MAC = /^[\dA-F]{2}(?::[\dA-F]{2}){5}$/;

/** MAC in upper-case colon form from colon, dash, Cisco dot or bare form; `undefined` when it is none. */
export function canonicalMac(text: string): string | undefined {
	if (CANONICAL_MAC.test(text)) return text;
	if (!/^(?:[0-9a-f]{2}([:-]))(?:[0-9a-f]{2}\1){4}[0-9a-f]{2}$|^(?:[0-9a-f]{4}\.){2}[0-9a-f]{4}$|^[0-9a-f]{12}$/i.test(text)) {
		return undefined;
	}
	const hex = text.length === 12 ? text : text.replace(/[:.-]/g, '');
	const upper = hex.toUpperCase();
	let out = upper.slice(0, 2);
	for (let i = 2; i < 12; i += 2) out += `:${upper.slice(i, i + 2)}`;
	return out;
}

/** Groups of IPv4, IPv6, IEEE 802.1 and Cisco protocols. */
const GROUP_PREFIXES = ['01:00:5E', '33:33', '01:80:C2', '01:00:0C'];

/**
 * All-zero, broadcast and protocols' group addresses name no endpoint; given in canonical form. The group bit alone
 * does not tell: Secure Endpoint's demo data and anonymised exports have network cards with it.
 */
export function isMeaninglessMac(mac: string): boolean {
	return mac === '00:00:00:00:00:00' || mac === 'FF:FF:FF:FF:FF:FF' || GROUP_PREFIXES.some((prefix) => mac.startsWith(prefix));
}

/** Whether a value stands for "not known". */
export function isPlaceholder(text: string, placeholders: ReadonlySet<string>): boolean {
	const bare = text.trim();
	return bare === '' || placeholders.has(bare.toLowerCase());
}

/** Lower-case host name without trailing dot, domain stripped unless kept; `undefined` for an address or a placeholder. */
export function canonicalHostname(text: string, rules: IdentityRules): string | undefined {
	const bare = text.trim().replace(/\.$/, '').toLowerCase();
	if (isPlaceholder(bare, rules.placeholders) || bare.startsWith('localhost')) return undefined;
	if (canonicalIp(bare) !== undefined || canonicalMac(bare) !== undefined) return undefined;
	const name = rules.keepHostnameDomain ? bare : bare.split('.')[0];
	return name === '' || rules.placeholders.has(name) ? undefined : name;
}

/**
 * The one form of a user's name, so that ISE's `CORP\jdoe`, Secure Endpoint's `jdoe@CORP` and Umbrella's
 * `John Doe (jdoe@corp.example)` meet: lower-case account name, domain stripped on either side unless kept
 * (then `account@domain`). Machine accounts (`host/pc.dom`, `PC$`), accounts of the operating system, MACs of MAB, and
 * addresses are no users.
 */
export function canonicalUser(text: string, rules: IdentityRules): string | undefined {
	const label = /\(([^()\s]+@[^()\s]+)\)\s*$/.exec(text);
	const bare = (label ? label[1] : text).trim().toLowerCase();
	if (isPlaceholder(bare, rules.placeholders) || isSystemAccount(bare)) return undefined;
	if (canonicalMac(bare) !== undefined || canonicalIp(bare) !== undefined) return undefined;
	const [account, domain] = splitUser(bare);
	if (account === '' || rules.placeholders.has(account)) return undefined;
	return rules.keepUserDomain && domain !== '' ? `${account}@${domain}` : account;
}

const SYSTEM_ACCOUNTS = new Set([
	'system', 'local system', 'localsystem', 'local service', 'localservice', 'network service', 'networkservice',
	'anonymous logon', 'root',
]);
const SYSTEM_DOMAINS = new Set(['nt authority', 'nt service', 'nt virtual machine', 'window manager', 'font driver host']);

/**
 * Whether a lower-case name, with or without domain on either side, is an account that every host has or the account
 * of a host itself (`host/pc.dom`, `pc$`): it tells nothing about who it was.
 */
export function isSystemAccount(name: string): boolean {
	if (name.startsWith('host/')) return true;
	const [account, domain] = splitUser(name);
	return account.endsWith('$') || SYSTEM_ACCOUNTS.has(account) || SYSTEM_DOMAINS.has(domain);
}

/** A user's name without and with its domain, which stands before a backslash or behind an at sign. */
export function splitUser(bare: string): [account: string, domain: string] {
	const slash = bare.lastIndexOf('\\');
	if (slash >= 0) return [bare.slice(slash + 1), bare.slice(0, slash)];
	const at = bare.lastIndexOf('@');
	return at > 0 ? [bare.slice(0, at), bare.slice(at + 1)] : [bare, ''];
}

/** Canonical key of a kind, or `undefined` when the value names no entity (placeholder, foreign address…). */
export function canonicalKey(kind: EntityKind, value: string, rules: IdentityRules): string | undefined {
	if (isPlaceholder(value, rules.placeholders)) return undefined;
	switch (kind) {
		case 'mac': {
			const mac = canonicalMac(value.trim());
			return mac === undefined || isMeaninglessMac(mac) ? undefined : mac;
		}
		case 'ip': {
			const address = parseAddress(value.trim());
			if (!address || isIn(address, MEANINGLESS_NETWORKS)) return undefined;
			return isIn(address, rules.internalNetworks) ? formatAddress(address) : undefined;
		}
		case 'hostname':
			return canonicalHostname(value, rules);
		case 'user':
			return canonicalUser(value, rules);
	}
}

/** Every field of a target in canonical form. A target that names nothing comes out empty. */
export function canonicalTarget(target: Target, rules: IdentityRules): CanonicalTarget {
	const out: CanonicalTarget = {};
	for (const kind of ENTITY_KINDS) {
		const value = target[kind];
		const key = value === undefined ? undefined : canonicalKey(kind, value, rules);
		if (key !== undefined) out[kind] = key;
	}
	for (const field of ['connectorGuid', 'endpointProfile', 'identityGroup'] as const) {
		const value = target[field];
		if (value === undefined || isPlaceholder(value, rules.placeholders)) continue;
		out[field] = field === 'connectorGuid' ? value.trim().toLowerCase() : value.trim();
	}
	return out;
}

/** How an entity is named in audit records and maps. */
export function entityName({ kind, key }: EntityKey): string {
	return `${kind}:${key}`;
}

/** The entities of canonical targets, each once, in scoring order. */
export function entitiesOfTargets(targets: readonly CanonicalTarget[]): SeenEntity[] {
	const seen: SeenEntity[] = [];
	for (const kind of ENTITY_KINDS) {
		const from = seen.length;
		for (const target of targets) {
			const key = target[kind];
			if (key === undefined) continue;
			let known: SeenEntity | undefined;
			for (let i = from; i < seen.length && !known; i++) if (seen[i].key === key) known = seen[i];
			if (known) known.targets.push(target);
			else seen.push({ kind, key, targets: [target] });
		}
	}
	return seen;
}

/** Who a detection is about: each MAC and IP once, each hostname once, each user once. */
export function entitiesOf(detection: Pick<Detection, 'targets'>, rules: IdentityRules): SeenEntity[] {
	return entitiesOfTargets(detection.targets.map((target) => canonicalTarget(target, rules)));
}
