import type { VendorEvent } from '../../machine/vendor';
import type { WorldHost } from '../../world/world';
import { sha256Of } from '../shared/values';
import { categoryByLabel, type Category } from './categories';
import { identitiesOf, type Identity } from './identities';

/** Traffic types that `GET /activity` knows, by the last part of their path. */
export const TRAFFIC_KINDS = ['dns', 'proxy', 'firewall', 'intrusion', 'ip'] as const;

/** Kinds of activity, by the last part of their path. */
export const ACTIVITY_KINDS = [...TRAFFIC_KINDS, 'amp-retrospective'] as const;
export type ActivityKind = (typeof ACTIVITY_KINDS)[number];

export type Verdict = 'allowed' | 'blocked' | 'proxied' | 'detected' | 'would_block';

/** What a scenario may say about an event; everything else is made up. */
export interface ActivityData {
	domain?: string;
	url?: string;
	/** Labels, e.g. `Malware`. */
	categories?: string[];
	/** Default: blocked when a category is a security one, else allowed. */
	verdict?: Verdict;
	threat?: string | { label: string; type: string };
	sha256?: string;
	fileName?: string;
	queryType?: string;
	destinationIp?: string;
	destinationPort?: number;
	/** Name of an intrusion signature. */
	signature?: string;
}

/** An activity as the vendor keeps it: its wire form, and what filters and totals look at. */
export interface StoredActivity {
	/** Epoch ms, whole seconds: reports know no finer time. */
	at: number;
	/** Epoch ms from which reports show it. */
	visibleAt: number;
	kind: ActivityKind;
	domain?: string;
	url?: string;
	sha256?: string;
	fileName?: string;
	ips: string[];
	ports: number[];
	verdict?: Verdict;
	disposition?: string;
	categories: Category[];
	policyCategories: Category[];
	identities: Identity[];
	threats: { label: string; type: string }[];
	wire: Record<string, unknown>;
}

const EXTERNAL_IP = '203.0.113.10';

const KIND_OF: Record<string, ActivityKind> = {
	dns: 'dns',
	proxy: 'proxy',
	firewall: 'firewall',
	intrusion: 'intrusion',
	ip: 'ip',
	ampRetrospective: 'amp-retrospective',
};

function threatsOf({ threat }: ActivityData): { label: string; type: string }[] {
	if (!threat) return [];
	return [typeof threat === 'string' ? { label: threat, type: 'Trojan' } : threat];
}

function domainOf(data: ActivityData): string | undefined {
	if (data.domain) return data.domain.toLowerCase();
	return data.url ? new URL(data.url).hostname : undefined;
}

function internalIp(host: WorldHost): string {
	return (host.nics.find((nic) => nic.connected) ?? host.nics[0])?.ip ?? '';
}

function fingerprint(text: string): number {
	return parseInt(sha256Of(text).slice(0, 4), 16);
}

interface Draft {
	activity: Omit<StoredActivity, 'wire'>;
	data: ActivityData;
	/** Address of the host inside the network. */
	internal: string;
}

function dnsWire(draft: Draft): Record<string, unknown> {
	return {
		querytype: draft.data.queryType ?? 'A',
		domain: draft.activity.domain,
		returncode: 0,
		internalip: draft.internal,
		externalip: EXTERNAL_IP,
		policycategories: draft.activity.policyCategories,
		categories: draft.activity.categories,
		verdict: draft.activity.verdict,
		threats: draft.activity.threats,
		allapplications: [],
		allowedapplications: [],
		blockedapplications: [],
	};
}

function proxyWire(draft: Draft): Record<string, unknown> {
	const blocked = draft.activity.verdict === 'blocked';
	return {
		url: draft.activity.url ?? `https://${draft.activity.domain ?? 'unknown.example'}/`,
		statuscode: blocked ? 403 : 200,
		internalip: draft.internal,
		externalip: EXTERNAL_IP,
		destinationip: draft.data.destinationIp ?? '',
		port: 443,
		requestsize: 1996,
		responsesize: blocked ? 0 : 33_295,
		responsefilename: draft.activity.fileName ?? '',
		contenttype: '',
		referer: '',
		useragent: 'Mozilla/5.0 (Windows NT 10.0; Win64; x64)',
		sha256: draft.activity.sha256 ?? '',
		amp: {
			disposition: draft.activity.disposition ?? '',
			score: draft.activity.sha256 ? 95 : 0,
			malware: draft.activity.threats[0]?.label ?? '',
		},
		antivirusthreats: { puas: [], viruses: draft.activity.threats.map(({ label }) => label), others: [] },
		datalossprevention: { state: '' },
		isolated: { state: 'not-isolated', fileaction: '' },
		policy: { ruleid: 0, rulesetid: 0, destinationlistids: [], timebasedrule: false },
		policycategories: draft.activity.policyCategories,
		categories: draft.activity.categories,
		verdict: draft.activity.verdict,
		threats: draft.activity.threats,
		securityoverridden: false,
		tenantcontrols: false,
		blockedfiletype: '',
		warnstatus: '',
		forwardingmethod: '',
		bundleid: 3,
		egress: { ip: '155.190.3.8', type: 'shared' },
		datacenter: { label: 'Frankfurt, DE', id: 'FRA' },
		httperrors: [],
		allapplications: [],
		allowedapplications: [],
		blockedapplications: [],
	};
}

function connectionWire(draft: Draft): Record<string, unknown> {
	return {
		sourceip: draft.internal,
		sourceport: 49_152 + (fingerprint(`${draft.internal} ${draft.activity.at}`) % 16_000),
		destinationip: draft.data.destinationIp ?? '198.51.100.23',
		destinationport: draft.data.destinationPort ?? 443,
		verdict: draft.activity.verdict,
	};
}

function firewallWire(draft: Draft): Record<string, unknown> {
	return {
		...connectionWire(draft),
		categories: draft.activity.categories,
		protocol: { id: 6, label: 'TCP' },
		rule: { id: 1, label: 'Default Rule' },
		allapplications: [],
		applicationprotocols: [],
		packetsize: 64,
		direction: 'towards',
	};
}

function intrusionWire(draft: Draft): Record<string, unknown> {
	const label = draft.data.signature ?? 'MALWARE-CNC outbound connection attempt';
	return {
		...connectionWire(draft),
		classification: 'Malware Command and Control Activity Detected',
		protocol: { id: 6, label: 'TCP' },
		rule: [{ id: 391_327, label: 'UNKNOWN' }],
		signaturelist: { id: 1111 },
		ipsProfile: 'Balanced',
		sessionid: fingerprint(`${draft.activity.at} ${draft.internal}`),
		severity: 'HIGH',
		signature: { generatorid: 1, id: 40_000 + (fingerprint(label) % 9000), label, cves: [] },
	};
}

function ipWire(draft: Draft): Record<string, unknown> {
	return { ...connectionWire(draft), categories: draft.activity.categories, threats: draft.activity.threats };
}

function retrospectiveWire(draft: Draft): Record<string, unknown> {
	return {
		timestamp: draft.activity.at / 1000,
		firstseenat: draft.activity.at / 1000 - 3600,
		disposition: draft.activity.disposition,
		score: 95,
		hostname: draft.activity.domain ?? 'download.example',
		malwarename: draft.activity.threats[0]?.label ?? 'W32.Generic',
		sha256: draft.activity.sha256,
	};
}

const BODIES: Record<
	Exclude<ActivityKind, 'amp-retrospective'>,
	(draft: Draft) => Record<string, unknown>
> = {
	dns: dnsWire,
	proxy: proxyWire,
	firewall: firewallWire,
	intrusion: intrusionWire,
	ip: ipWire,
};

function wireOf(draft: Draft): Record<string, unknown> {
	if (draft.activity.kind === 'amp-retrospective') return retrospectiveWire(draft);
	const iso = new Date(draft.activity.at).toISOString();
	return {
		type: draft.activity.kind,
		timestamp: draft.activity.at,
		date: iso.slice(0, 10),
		time: iso.slice(11, 19),
		identities: draft.activity.identities,
		...BODIES[draft.activity.kind](draft),
	};
}

/**
 * What the vendor reports for an event of a host.
 *
 * @param at epoch ms by the vendor's clock
 * @param delay ms that the event stays invisible
 * @throws Error for an unknown type, or a category that the vendor doesn't have
 */
export function buildActivity(
	event: VendorEvent,
	at: number,
	host: WorldHost,
	delay: number,
): StoredActivity {
	const kind = KIND_OF[event.type];
	if (!kind) throw new Error(`umbrella has no activity type ${event.type}`);
	const data = (event.data ?? {}) as ActivityData;
	const categories = (data.categories ?? []).map(categoryByLabel);
	const security = categories.filter(({ type }) => type === 'security');
	const connection = ['firewall', 'intrusion', 'ip'].includes(kind);
	const usual = kind === 'intrusion' ? 'detected' : security.length > 0 ? 'blocked' : 'allowed';
	const verdict = data.verdict ?? usual;
	const internal = internalIp(host);
	const retrospective = kind === 'amp-retrospective';
	const sha256 =
		data.sha256?.toLowerCase() ?? (retrospective ? sha256Of(`${event.hostname} ${at}`) : undefined);
	const activity: Draft['activity'] = {
		at: Math.floor(at / 1000) * 1000,
		visibleAt: at + delay,
		kind,
		domain: domainOf(data),
		url: data.url,
		sha256,
		fileName: data.fileName,
		ips: [internal, EXTERNAL_IP, ...(connection ? [data.destinationIp ?? '198.51.100.23'] : [])],
		ports: connection ? [data.destinationPort ?? 443] : kind === 'proxy' ? [443] : [],
		verdict: retrospective ? undefined : verdict,
		disposition: sha256 ? 'malicious' : undefined,
		categories,
		policyCategories: verdict === 'blocked' ? security : [],
		identities: retrospective ? [] : identitiesOf(host),
		threats: threatsOf(data),
	};
	return { ...activity, wire: wireOf({ activity, data, internal }) };
}
