import type { Detection, Observable, Severity, Target } from '../../ledger/detection';
import { usableHostname, usableText, usableUser } from '../shared/identity';
import { isHostAddress, isInternal } from './addresses';
import { categorySeverity } from './categories';
import {
	type ActivityKind,
	type Fields,
	fieldsOf,
	isFields,
	kindOf,
	listOf,
	recordId,
	textOf,
	timeOf,
} from './records';

export const SOURCE = 'umbrella';

export interface DetectionOptions {
	/** Leave out records that no security category, threat, intrusion rule or malware verdict marks. */
	securityOnly: boolean;
	/** Keep the record under `raw`. */
	keepRaw?: boolean;
}

/** The kind of a record; `other` is one that Umbrella has had since. */
type Kind = ActivityKind | 'other';

/** As many as a detection may have, and as long. */
const MAX_CATEGORIES = 64;
const MAX_TARGETS = 256;
const MAX_NAME = 256;
const MAX_OBSERVABLE = 4_096;

/**
 * The detection in one activity record (Reporting API v2, `/activity` and below), of whatever kind. A blocked
 * request is a detection too: the host tried.
 *
 * - `id`: `umbrella:` and the derived record id (see `recordId`).
 * - `eventType`: the worst security category, else the kind of activity.
 * - `targets`: roaming client or AD computer → hostname, AD user → user, internal address → ip, apart from the others
 *   when it is that of a roaming client outside our networks.
 *
 * @param record any JSON; nothing is thrown.
 * @returns `undefined` for what is left out or not {@link isReadable}.
 */
export function toDetection(record: unknown, options: DetectionOptions): Detection | undefined {
	if (!isReadable(record)) return undefined;
	const kind = kindOf(record) ?? 'other';
	if (options.securityOnly && !isSecurityRelevant(record, kind)) return undefined;
	const categories = securityCategories(record);
	return {
		id: `${SOURCE}:${recordId(record)}`,
		source: SOURCE,
		eventType: eventTypeOf(categories, kind),
		categories: unique([...categories.map(({ label }) => label), ...threatNames(record, kind)]).slice(
			0,
			MAX_CATEGORIES,
		),
		severity: severityOf(record, kind, categories),
		occurredAt: new Date(timeOf(record) as number).toISOString(),
		observables: observablesOf(record, kind),
		targets: targetsOf(record, kind).slice(0, MAX_TARGETS),
		...(options.keepRaw && { raw: record }),
	};
}

/** Whether it is an activity record with a time, and of a known kind unless something marks it as a threat. */
export function isReadable(record: unknown): record is Fields {
	if (!isFields(record) || timeOf(record) === undefined) return false;
	return kindOf(record) !== undefined || isSecurityRelevant(record, 'other');
}

/** Detections of many records: one per record, each once, oldest first. */
export function toDetections(records: readonly unknown[], options: DetectionOptions): Detection[] {
	const byId = new Map<string, Detection>();
	for (const record of records) {
		const detection = toDetection(record, options);
		if (detection) byId.set(detection.id, detection);
	}
	return [...byId.values()].sort(byTime);
}

/** Kinds as the node shows them. */
export const KIND_LABELS: Record<Kind, string> = {
	dns: 'DNS',
	proxy: 'Proxy',
	firewall: 'Firewall',
	intrusion: 'Intrusion',
	ip: 'IP',
	'amp-retrospective': 'AMP Retrospective',
	other: 'Other',
};

const SEVERITIES: readonly Severity[] = ['Unknown', 'Low', 'Medium', 'High', 'Critical'];

const rank = (severity: Severity): number => SEVERITIES.indexOf(severity);

const worst = (severities: readonly Severity[]): Severity =>
	severities.reduce((a, b) => (rank(b) > rank(a) ? b : a), 'Unknown');

const unique = (texts: readonly string[]): string[] => [...new Set(texts.filter((text) => text !== ''))];

function byTime(a: Detection, b: Detection): number {
	if (a.occurredAt !== b.occurredAt) return a.occurredAt < b.occurredAt ? -1 : 1;
	return a.id < b.id ? -1 : 1;
}

/** Text as a detection may carry it; empty for what has none. */
const nameOf = (value: unknown): string => usableText(textOf(value), MAX_NAME) ?? '';

interface Category {
	id: string;
	label: string;
	severity: Severity;
}

/** Worst first, then by id. `policycategories` are those that made the policy act; they are usually the same. */
function securityCategories(record: Fields): Category[] {
	const found = new Map<string, Category>();
	for (const category of [...listOf(record.categories), ...listOf(record.policycategories)]) {
		if (textOf(category.type).toLowerCase() !== 'security') continue;
		const number = nameOf(category.id);
		const label = nameOf(category.label) || nameOf(`Category ${number}`);
		const id = number || label;
		found.set(id, { id, label, severity: categorySeverity(number, label) });
	}
	return [...found.values()].sort((a, b) => rank(b.severity) - rank(a.severity) || compareIds(a.id, b.id));
}

const compareIds = (a: string, b: string): number => a.localeCompare(b, 'en', { numeric: true });

function eventTypeOf([main]: Category[], kind: Kind): Detection['eventType'] {
	return main ? { id: main.id, name: main.label } : { id: kind, name: KIND_LABELS[kind] };
}

/** What else the record says about the threat: its type and name, the intrusion rule, the malware. */
function threatNames(record: Fields, kind: Kind): string[] {
	const threats = listOf(record.threats).flatMap(({ type, label }) => [nameOf(type), nameOf(label)]);
	if (kind === 'intrusion') {
		return [...threats, nameOf(record.classification), nameOf(fieldsOf(record.signature).label)];
	}
	if (kind === 'amp-retrospective') return [...threats, nameOf(record.malwarename)];
	return [...threats, nameOf(fieldsOf(record.amp).malware), ...antivirusNames(record)];
}

function antivirusNames(record: Fields): string[] {
	const { viruses } = fieldsOf(record.antivirusthreats);
	return Array.isArray(viruses) ? viruses.map(nameOf) : [];
}

function isMalware(record: Fields): boolean {
	const verdict = textOf(record.disposition) || textOf(fieldsOf(record.amp).disposition);
	return verdict.toLowerCase() === 'malicious';
}

function isSecurityRelevant(record: Fields, kind: Kind): boolean {
	if (kind === 'intrusion') return true;
	if (kind === 'amp-retrospective') return isMalware(record);
	return (
		securityCategories(record).length > 0 ||
		listOf(record.threats).length > 0 ||
		isMalware(record) ||
		unique(antivirusNames(record)).length > 0
	);
}

const INTRUSION_SEVERITIES: Record<string, Severity> = {
	HIGH: 'High',
	MEDIUM: 'Medium',
	LOW: 'Low',
	'VERY LOW': 'Low',
};

function severityOf(record: Fields, kind: Kind, categories: Category[]): Severity {
	const severities = categories.map(({ severity }) => severity);
	if (kind === 'intrusion')
		severities.push(INTRUSION_SEVERITIES[textOf(record.severity).toUpperCase()] ?? 'Unknown');
	if (isMalware(record) || unique(antivirusNames(record)).length > 0) severities.push('High');
	for (const { type } of listOf(record.threats)) {
		severities.push(/ransom/i.test(textOf(type)) ? 'Critical' : 'High');
	}
	return worst(severities);
}

/** Kinds whose records have the two ends of a flow. */
const FLOWS: readonly Kind[] = ['intrusion', 'firewall', 'ip', 'other'];

function observablesOf(record: Fields, kind: Kind): Observable[] {
	const url = usableText(textOf(record.url), MAX_OBSERVABLE) ?? '';
	const remote = FLOWS.includes(kind) ? flowEnds(record).remote : undefined;
	const destination = remote ?? (kind === 'proxy' ? textOf(record.destinationip) : '');
	const server = kind === 'amp-retrospective' ? domainOf(textOf(record.hostname)) : '';
	const observables = [
		{ type: 'domain', value: domainOf(textOf(record.domain)) || hostOf(url) || server },
		{ type: 'url', value: url },
		{ type: 'ip', value: isHostAddress(destination) ? destination : '' },
		{ type: 'sha256', value: sha256Of(record.sha256) },
	];
	return observables.filter(({ value }) => value !== '');
}

/** Lower-case, without the dot at the end; not for names without a dot nor for addresses. */
function domainOf(text: string): string {
	const name = nameOf(text).toLowerCase().replace(/\.+$/, '');
	return name.includes('.') && /^[^\s/:]{1,253}$/.test(name) && !isHostAddress(name) ? name : '';
}

function hostOf(url: string): string {
	const absolute = /^[a-z][a-z0-9+.-]*:\/\//i.test(url) ? url : `http://${url}`;
	return url !== '' && URL.canParse(absolute) ? domainOf(new URL(absolute).hostname) : '';
}

function sha256Of(value: unknown): string {
	const hash = textOf(value).toLowerCase();
	return /^[0-9a-f]{64}$/.test(hash) ? hash : '';
}

/** The internal end of a flow is ours; when both or none are, the source is. */
function flowEnds(record: Fields): { own: string; remote: string } {
	const source = textOf(record.sourceip);
	const destination = textOf(record.destinationip);
	const ownIsDestination = isInternal(destination) && !isInternal(source);
	return ownIsDestination ? { own: destination, remote: source } : { own: source, remote: destination };
}

/**
 * The first computer, user and address are one host; further computers and users stand for themselves, as does the
 * address of a client that may be anywhere.
 */
function targetsOf(record: Fields, kind: Kind): Target[] {
	const identities = listOf(record.identities);
	const hostnames = distinctComputers([...identities.map(hostnameOf), ampHostname(record, kind)]);
	const users = unique(identities.map(userOf));
	const ip = internalAddress(record);
	const apart = ip !== '' && isElsewhere(record);
	const [hostname, ...otherHostnames] = hostnames;
	const [user, ...otherUsers] = users;
	const main: Target = { ...(hostname && { hostname }), ...(user && { user }), ...(ip && !apart && { ip }) };
	return [
		...(Object.keys(main).length > 0 ? [main] : []),
		...otherHostnames.map((other) => ({ hostname: other })),
		...otherUsers.map((other) => ({ user: other })),
		...(apart ? [{ ip }] : []),
	];
}

/** A computer that is named with and without its domain is named once, the first way. */
function distinctComputers(names: readonly string[]): string[] {
	const byShortName = new Map<string, string>();
	for (const name of unique(names)) {
		const [shortName] = name.split('.');
		if (!byShortName.has(shortName)) byShortName.set(shortName, name);
	}
	return [...byShortName.values()];
}

/** The `hostname` of a retrospective record is the server that the file came from, unless it is a bare computer name. */
function ampHostname(record: Fields, kind: Kind): string {
	const name = textOf(record.hostname).toLowerCase();
	return kind === 'amp-retrospective' && /^[a-z0-9][a-z0-9_-]*$/.test(name) ? name : '';
}

/** Identity types that stand for one computer: `roaming`, `anyconnect`, `directory_computer`, `mobile_device`, … */
const COMPUTER_TYPES = /roaming|anyconnect|computer|chromebook|mobile|endpoint/i;
const USER_TYPES = /user/i;

function identityText({ type }: Fields): string {
	const { type: name, label } = fieldsOf(type);
	return `${textOf(name)} ${textOf(label)} ${textOf(type)}`;
}

/** Clients that work in any network, and what shows that a record comes from one of ours. */
const ROAMING_TYPES = /roaming|anyconnect|chromebook|mobile/i;
const ON_NETWORK_TYPES = /network|site|tunnel/i;

/**
 * Whether the address is that of a client that may be anywhere: whoever has it in our network may be somebody else.
 * Flows come through tunnels of ours, with our addresses.
 */
function isElsewhere(record: Fields): boolean {
	if (textOf(record.internalip) === '') return false;
	const types = listOf(record.identities).map(identityText);
	return types.some((type) => ROAMING_TYPES.test(type)) && !types.some((type) => ON_NETWORK_TYPES.test(type));
}

function hostnameOf(identity: Fields): string {
	const type = identityText(identity);
	if (!COMPUTER_TYPES.test(type) || USER_TYPES.test(type)) return '';
	return usableHostname(textOf(identity.label).replace(/\$$/, '')) ?? '';
}

/** AD labels read `First Last (user@domain)`; others are the account as it is, and other brackets part of it. */
function userOf(identity: Fields): string {
	if (!USER_TYPES.test(identityText(identity))) return '';
	const label = textOf(identity.label);
	return usableUser(/\(([^()\s]*[@\\][^()\s]*)\)\s*$/.exec(label)?.[1] ?? label) ?? '';
}

/** Without a virtual appliance or client, Umbrella repeats the egress address or sends zeros: no host's address. */
function internalAddress(record: Fields): string {
	const internal = textOf(record.internalip);
	const own = internal || flowEnds(record).own;
	if (!isHostAddress(own) || own === textOf(record.externalip)) return '';
	return internal || isInternal(own) ? own.toLowerCase() : '';
}
