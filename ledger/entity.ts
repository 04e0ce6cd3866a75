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

/**
 * Counts the versions of the rules below for what a text stands for. When it goes up, scores of ledgers that were written
 * before are computed anew as they are opened: they have to be what a replay gives.
 */
export const IDENTITY_READING = 2;

const CANONICAL_MAC = /^[\dA-F]{2}(?::[\dA-F]{2}){5}$/;
/** In pairs; in fours as Cisco, HPE and Huawei write it; without any separator; without leading zeros as Solaris does. */
const MAC_SPELLINGS = [
	/^[0-9a-f]{2}(?:([: -])[0-9a-f]{2})(?:\1[0-9a-f]{2}){4}$/i,
	/^[0-9a-f]{4}([.-])[0-9a-f]{4}\1[0-9a-f]{4}$/i,
	/^[0-9a-f]{12}$/i,
	/^[0-9a-f]{1,2}(?::[0-9a-f]{1,2}){5}$/i,
];

/** MAC in upper-case colon form from any usual spelling; `undefined` when it is none. */
export function canonicalMac(text: string): string | undefined {
	if (CANONICAL_MAC.test(text)) return text;
	if (text.length < 11 || text.length > 17 || !MAC_SPELLINGS.some((spelling) => spelling.test(text))) return undefined;
	const groups = text.split(/[:. -]/);
	const hex = groups.length === 6 ? groups.map((group) => group.padStart(2, '0')).join('') : groups.join('');
	return hex.toUpperCase().replace(/(..)(?=.)/g, '$1:');
}

/** Groups of IPv4, IPv6, IEEE 802.1 and Cisco protocols. */
const GROUP_PREFIXES = ['01:00:5E', '33:33', '01:80:C2', '01:00:0C'];
/** The same on every computer: placeholders, and adapters that exist in software only. */
const EVERYBODYS_MACS = new Set([
	'00:00:00:00:00:00', 'FF:FF:FF:FF:FF:FF',
	'00:05:9A:3C:7A:00', '00:05:9A:3C:78:00', // Cisco AnyConnect and VPN Client
	'00:09:0F:FE:00:01', // Fortinet SSL VPN
	'02:00:4C:4F:4F:50', // Microsoft loopback, Npcap
	'02:00:00:00:00:00', // what Android and iOS tell of themselves
	'50:50:54:50:30:30', '20:41:53:59:4E:FF', // Windows WAN miniports
]);

/**
 * All-zero, broadcast, protocols' group addresses and those of software adapters name no endpoint; given in canonical form.
 * The group bit alone does not tell: Secure Endpoint's demo data and anonymised exports have network cards with it.
 */
export function isMeaninglessMac(mac: string): boolean {
	return EVERYBODYS_MACS.has(mac) || GROUP_PREFIXES.some((prefix) => mac.startsWith(prefix));
}

/** Whether a value stands for "not known". */
export function isPlaceholder(text: string, placeholders: ReadonlySet<string>): boolean {
	const bare = text.trim();
	return bare === '' || placeholders.has(bare.toLowerCase());
}

/** Names of no computer in particular, besides the policy's placeholders. */
const NO_HOSTNAME = /^(?:localhost[46]?(?:\..*)?|\(none\)|workgroup)$/;
/** Also with a domain behind it, as a resolver makes it of an address that has no name. */
const ADDRESS_AS_NAME = /^\d{1,3}(?:\.\d{1,3}){3}(?:\.|$)/;

/**
 * Lower-case host name without trailing dot, domain stripped unless kept; also from the name of the computer's account.
 * `undefined` for an address or a placeholder.
 */
export function canonicalHostname(text: string, rules: IdentityRules): string | undefined {
	const bare = computerOf(text.trim()).replace(/\.$/, '').toLowerCase();
	if (isPlaceholder(bare, rules.placeholders) || NO_HOSTNAME.test(bare) || ADDRESS_AS_NAME.test(bare)) return undefined;
	if (canonicalIp(bare) !== undefined || canonicalMac(bare) !== undefined) return undefined;
	const name = rules.keepHostnameDomain ? bare : bare.split('.')[0];
	return name === '' || rules.placeholders.has(name) ? undefined : name;
}

/** The computer's name in the name of its account: `CORP\PC1$`, `host/pc1.corp.example`. */
export function computerOf(name: string): string {
	return name.replace(/^host\//i, '').replace(/^.*\\/, '').replace(/\$(?:@.*)?$/, '');
}

/**
 * The one form of a user's name, so that ISE's `CORP\jdoe`, Secure Endpoint's `jdoe@CORP` and Umbrella's
 * `John Doe (jdoe@corp.example)` meet: lower-case account name, domain stripped on either side unless kept
 * (then `account@domain`). Machine accounts (`host/pc.dom`, `PC$`), accounts of the operating system, MACs of MAB, and
 * addresses are no users.
 */
export function canonicalUser(text: string, rules: IdentityRules): string | undefined {
	const bare = personOf(text);
	if (isPlaceholder(bare, rules.placeholders) || isSystemAccount(bare)) return undefined;
	if (canonicalMac(bare) !== undefined || canonicalIp(bare) !== undefined) return undefined;
	const [account, domain] = splitUser(bare);
	if (account === '' || rules.placeholders.has(account)) return undefined;
	return rules.keepUserDomain && domain !== '' ? `${account}@${domain}` : account;
}

/** Lower-case name of the person's account: from a label, and without the computer that EAP chaining names with it. */
function personOf(text: string): string {
	const label = /\(([^()\s]*[@\\][^()\s]*)\)\s*$/.exec(text);
	const name = (label ? label[1] : text).trim().toLowerCase();
	if (!name.includes(',')) return name;
	const people = name.split(',').filter((part) => !isMachineAccount(part.trim()));
	return people.length === 0 ? name : people.join(',').trim();
}

const SYSTEM_ACCOUNTS = new Set([
	'system', 'local system', 'localsystem', 'local service', 'localservice', 'network service', 'networkservice',
	'anonymous logon', 'root', '0',
	// Windows in other languages, without accents.
	'systeme', 'service local', 'service reseau', 'lokaler dienst', 'netzwerkdienst', 'sistema', 'servicio local',
	'servicio de red', 'servico local', 'servico de rede', 'servizio locale', 'servizio di rete',
	// What ISE writes when it hides names of failed logins.
	'invalid', 'username',
]);
const SYSTEM_DOMAINS = new Set([
	'nt authority', 'nt service', 'nt virtual machine', 'window manager', 'font driver host', 'iis apppool',
	'nt-autoritat', 'autorite nt', 'autoridad nt', 'autoridade nt', 'nt-myndighet', 'nt-myndighed', 'nt instans',
	'zarzadzanie nt', 'nt-hallinta',
]);
/** Service accounts of macOS, well-known SIDs, sessions of the window manager and of the font driver. */
const SYSTEM_ACCOUNT = /^(?:_.*|s-1-5-(?:18|19|20)|(?:dwm|umfd)-\d+)$/;

/**
 * Whether a lower-case name, with or without domain on either side, is an account that every host has or the account
 * of a host itself (`host/pc.dom`, `pc$`): it tells nothing about who it was.
 */
export function isSystemAccount(name: string): boolean {
	const person = personOf(name);
	if (isMachineAccount(person)) return true;
	const [account, domain] = splitUser(withoutAccents(person));
	return SYSTEM_ACCOUNTS.has(account) || SYSTEM_DOMAINS.has(domain) || SYSTEM_ACCOUNT.test(account);
}

function isMachineAccount(name: string): boolean {
	return name.startsWith('host/') || splitUser(name)[0].endsWith('$');
}

function withoutAccents(text: string): string {
	return /[^ -~]/.test(text) ? text.normalize('NFKD').replace(/\p{M}/gu, '') : text;
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

/** A host's own account as a key: `pc5/administrator`. Every host has an administrator, and they are not the same. */
function localUser(user: string, target: CanonicalTarget, given: Target): string {
	const hostname = target.hostname;
	const domain = splitUser(personOf(given.user ?? ''))[1];
	if (hostname === undefined || domain === '') return user;
	return namesOfComputer(hostname, given.hostname ?? '').has(domain) ? `${hostname}/${user}` : user;
}

/** NetBIOS names end after 15 characters. */
function namesOfComputer(hostname: string, given: string): Set<string> {
	const [name] = hostname.split('.');
	return new Set(['.', 'localhost', hostname, name, name.slice(0, 15), given.trim().toLowerCase()]);
}

/** The account of a user's key: `administrator` of `pc5/administrator`, too. */
export function accountOf(key: string): string {
	return key.slice(key.indexOf('/') + 1);
}

/** Every field of a target in canonical form. A target that names nothing comes out empty. */
export function canonicalTarget(target: Target, rules: IdentityRules): CanonicalTarget {
	const out: CanonicalTarget = {};
	for (const kind of ENTITY_KINDS) {
		const value = target[kind];
		const key = value === undefined ? undefined : canonicalKey(kind, value, rules);
		if (key !== undefined) out[kind] = key;
	}
	if (out.user !== undefined && !rules.keepUserDomain) out.user = localUser(out.user, out, target);
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
