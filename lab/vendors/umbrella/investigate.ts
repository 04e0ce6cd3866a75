import { isIPv4 } from 'node:net';
import { hashNumber, sha256Of } from '../shared/values';
import { misuse, Refusal } from '../shared/refusal';
import { CATEGORIES, categoryByLabel } from './categories';
import type { Organisation } from './organisation';
import { type Call, json, numberArgument, requiredJson, type Route } from './route';

const SCOPE = 'investigate.investigate:read';
const BULK_SCOPE = 'investigate.bulk:read';
const BULK_DOMAINS = 1000;
const BULK_BYTES = 100 * 1024;
const DAY = 86_400_000;

/** Domains that everybody knows to be fine; so are all below the estate's own. */
const WELL_KNOWN = ['google.com', 'microsoft.com', 'cisco.com', 'office.com', 'windows.com', 'test.com'];
const OWN_DOMAIN = 'corp.example';

type Standing = 'malicious' | 'benign' | 'unknown';

interface Known {
	standing: Standing;
	security: string[];
	content: string[];
}

function below(domain: string, parent: string): boolean {
	return domain === parent || domain.endsWith(`.${parent}`);
}

/** Whether the vendor would never block the domain, because half the world uses it. */
export function isTooPopularToBlock(domain: string): boolean {
	return WELL_KNOWN.some((known) => below(domain, known));
}

/** What the vendor thinks of a domain: malicious ones are those that it reported with a security category. */
function knowledgeOf({ malicious }: Organisation, domain: string): Known {
	const security = malicious.get(domain);
	if (security) return { standing: 'malicious', security: [...security], content: [] };
	if (below(domain, OWN_DOMAIN))
		return { standing: 'benign', security: [], content: ['Business and Industry'] };
	if (isTooPopularToBlock(domain)) {
		return { standing: 'benign', security: [], content: ['Search Engines and Portals'] };
	}
	return { standing: 'unknown', security: [], content: [] };
}

export function isDomain(text: string): boolean {
	return /^([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$/.test(text);
}

function domainArgument({ params }: Call): string {
	const domain = params.name.toLowerCase().replace(/\.json$/, '');
	if (!isDomain(domain)) throw new Refusal(404, `${params.name} is no domain name`);
	return domain;
}

function ipArgument({ params }: Call): string {
	if (!isIPv4(params.name)) throw new Refusal(404, `${params.name} is no IPv4 address`);
	return params.name;
}

function categorisation(call: Call, domain: string): Record<string, unknown> {
	const { standing, security, content } = knowledgeOf(call.organisation, domain);
	const labels = call.query.has('showLabels');
	const named = (list: string[]) => list.map((label) => (labels ? label : String(categoryByLabel(label).id)));
	const status = { malicious: -1, benign: 1, unknown: 0 }[standing];
	return { status, security_categories: named(security), content_categories: named(content) };
}

const categoriseOne: Route = {
	method: 'GET',
	path: '/domains/categorization/:name',
	scope: SCOPE,
	query: ['showLabels'],
	handle(call) {
		const domain = domainArgument(call);
		return json({ [domain]: categorisation(call, domain) });
	},
};

const categoriseMany: Route = {
	method: 'POST',
	path: '/domains/categorization',
	scope: BULK_SCOPE,
	query: ['showLabels'],
	handle(call) {
		if (call.request.body.length > BULK_BYTES) throw misuse(413, 'The body must have at most 100 KB');
		const domains = requiredJson(call);
		if (!Array.isArray(domains) || !domains.every((domain) => typeof domain === 'string')) {
			throw misuse(400, 'The body must be an array of domain names');
		}
		if (domains.length > BULK_DOMAINS) throw misuse(400, `At most ${BULK_DOMAINS} domains are allowed`);
		return json(
			Object.fromEntries(
				domains.map((domain: string) => [domain, categorisation(call, domain.toLowerCase())]),
			),
		);
	},
};

const listCategories: Route = {
	method: 'GET',
	path: '/domains/categories',
	scope: SCOPE,
	handle: () => json(Object.fromEntries(CATEGORIES.map(({ id, label }) => [String(id), label]))),
};

/** A number around a base by standing, the same for a domain on every run. */
function scoreOf(
	standing: Standing,
	domain: string,
	bases: Record<Standing, number>,
	spread: number,
): number {
	return bases[standing] + hashNumber(`score ${domain}`, spread);
}

const getRiskScore: Route = {
	method: 'GET',
	path: '/domains/risk-score/:name',
	scope: SCOPE,
	handle(call) {
		const domain = domainArgument(call);
		const { standing } = knowledgeOf(call.organisation, domain);
		const risk = scoreOf(standing, domain, { malicious: 90, unknown: 35, benign: 0 }, 10);
		const indicators = [
			'Geo Popularity Score',
			'Keyword Score',
			'Lexical',
			'Popularity 1 Day',
			'TLD Rank Score',
		];
		return json({
			risk_score: risk,
			indicators: indicators.map((indicator) => ({
				indicator,
				indicator_id: indicator,
				normalized_score: Math.max(0, risk - hashNumber(`${indicator} ${domain}`, 10)),
				score: hashNumber(`${domain} ${indicator}`, 1000) / 100 - 5,
			})),
		});
	},
};

const getSecurity: Route = {
	method: 'GET',
	path: '/security/name/:name',
	scope: SCOPE,
	handle(call) {
		const domain = domainArgument(call);
		const { standing, security } = knowledgeOf(call.organisation, domain);
		const bad = standing === 'malicious';
		return json({
			dga_score: bad ? -80 : 0,
			perplexity: hashNumber(`perplexity ${domain}`, 1000) / 1000,
			entropy: 0.9 + hashNumber(`entropy ${domain}`, 2500) / 1000,
			securerank2: scoreOf(standing, domain, { malicious: -95, unknown: 0, benign: 90 }, 5),
			pagerank: standing === 'benign' ? 30 : 0,
			asn_score: bad ? -20 : 0,
			prefix_score: bad ? -25 : 0,
			rip_score: bad ? -40 : 0,
			popularity: { malicious: 1, unknown: 10, benign: 100 }[standing],
			fastflux: bad && hashNumber(`flux ${domain}`, 2) === 0,
			geodiversity: [
				['US', 0.75],
				['DE', 0.25],
			],
			geodiversity_normalized: [
				['DE', 0.6],
				['US', 0.4],
			],
			tld_geodiversity: [],
			geoscore: 0,
			ks_test: 0,
			attack: bad ? (security[0] ?? '') : '',
			threat_type: bad ? (security[0] ?? '') : '',
			found: standing !== 'unknown',
		});
	},
};

function sampleView(sha256: string, now: number): Record<string, unknown> {
	return {
		sha256,
		sha1: sha256Of(`sha1 ${sha256}`).slice(0, 40),
		md5: sha256Of(`md5 ${sha256}`).slice(0, 32),
		magicType: 'PE32 executable (GUI) Intel 80386, for MS Windows',
		threatScore: 95,
		size: 10_000 + hashNumber(sha256, 900_000),
		firstSeen: now - (now % DAY) - 7 * DAY,
		lastSeen: now - (now % DAY),
		visible: true,
		avresults: [{ signature: 'Win.Trojan.Generic', product: 'ClamAV' }],
	};
}

/** Host name of a destination that is a URL, else the destination itself. */
function hostOf(destination: string): string {
	return destination
		.replace(/^[a-z]+:\/\//i, '')
		.split(/[/?]/)[0]
		.toLowerCase();
}

function samplesOf({ files, malicious }: Organisation, host: string): string[] {
	const known = [...files].filter(([, domain]) => domain === host).map(([sha256]) => sha256);
	return known.length === 0 && malicious.has(host) ? [sha256Of(`sample of ${host}`)] : known;
}

const listSamples: Route = {
	method: 'GET',
	path: '/samples/:name',
	scope: SCOPE,
	query: ['limit', 'offset', 'sortby'],
	handle(call) {
		const host = hostOf(call.params.name);
		if (!isDomain(host) && !isIPv4(host)) throw new Refusal(404, `${call.params.name} is no destination`);
		const limit = numberArgument(call, 'limit', { fallback: 10, min: 1, max: 100 });
		const offset = numberArgument(call, 'offset', { fallback: 0, max: 10_000 });
		const sortBy = call.query.get('sortby') ?? 'score';
		if (!['score', 'first-seen', 'last-seen'].includes(sortBy)) {
			throw misuse(400, 'sortby must be score, first-seen or last-seen');
		}
		const all = samplesOf(call.organisation, host);
		return json({
			query: call.params.name,
			totalResults: all.length,
			moreDataAvailable: offset + limit < all.length,
			limit,
			offset,
			samples: all.slice(offset, offset + limit).map((sha256) => sampleView(sha256, call.now)),
		});
	},
};

/** The hash of the path when the vendor has a sample with it. */
function knownSample({ organisation, params }: Call): string {
	const sha256 = params.hash.toLowerCase();
	const seen = organisation.files.has(sha256);
	const made = [...organisation.malicious.keys()].some(
		(domain) => sha256Of(`sample of ${domain}`) === sha256,
	);
	if (!seen && !made) throw new Refusal(404, `There is no sample ${params.hash}`);
	return sha256;
}

const getSample: Route = {
	method: 'GET',
	path: '/sample/:hash',
	scope: SCOPE,
	query: ['limit', 'offset'],
	handle: (call) => json(sampleView(knownSample(call), call.now)),
};

const getSamplePart: Route = {
	method: 'GET',
	path: '/sample/:hash/:part',
	scope: SCOPE,
	query: ['limit', 'offset'],
	handle(call) {
		const { part } = call.params;
		if (!['artifacts', 'connections', 'behaviors'].includes(part)) {
			throw misuse(404, `A sample has no ${part}`);
		}
		const domain = call.organisation.files.get(knownSample(call));
		const connections = part === 'connections' && domain ? [{ name: domain, type: 'HOST', urls: [] }] : [];
		return json({
			totalResults: connections.length,
			moreDataAvailable: false,
			limit: 10,
			offset: 0,
			[part]: connections,
		});
	},
};

/** Other malicious domains that hosts asked for at about the same time. */
function companions({ malicious }: Organisation, domain: string): [string, number][] {
	if (!malicious.has(domain)) return [];
	return [...malicious.keys()]
		.filter((other) => other !== domain)
		.slice(0, 10)
		.map((other, index) => [other, Math.round(1000 / (index + 1.2)) / 1000]);
}

const getCoOccurrences: Route = {
	method: 'GET',
	path: '/recommendations/name/:name',
	scope: SCOPE,
	handle(call) {
		const found = companions(call.organisation, domainArgument(call));
		return json(found.length > 0 ? { pfs2: found, found: true } : { found: false });
	},
};

const getRelated: Route = {
	method: 'GET',
	path: '/links/name/:name',
	scope: SCOPE,
	handle(call) {
		const found = companions(call.organisation, domainArgument(call));
		const counted = found.map(([domain]) => [domain, 1 + hashNumber(domain, 20)]);
		return json(found.length > 0 ? { tb1: counted, found: true } : { found: false });
	},
};

function addressOf(domain: string): string {
	return `198.51.100.${1 + hashNumber(`address ${domain}`, 254)}`;
}

function record(call: Call, name: string, rr: string): Record<string, unknown> {
	const { security, content } = knowledgeOf(call.organisation, name);
	const last = call.now - (call.now % DAY);
	const first = last - 90 * DAY;
	return {
		minTtl: 60,
		maxTtl: 3600,
		firstSeen: first / 1000,
		lastSeen: last / 1000,
		firstSeenISO: new Date(first).toISOString(),
		lastSeenISO: new Date(last).toISOString(),
		name,
		type: 'A',
		rr,
		securityCategories: security,
		contentCategories: content,
	};
}

function answerRecords(records: unknown[]) {
	return json({
		pageInfo: { hasMoreRecords: false, offset: 0, limit: 500, totalNumRecords: records.length },
		records,
	});
}

const PDNS_QUERY = [
	'limit',
	'offset',
	'sortorder',
	'sortby',
	'recordType',
	'includefeatures',
	'minFirstSeen',
];

/** Domains of the vendor's knowledge that resolve to the address. */
function domainsAt({ malicious }: Organisation, ip: string): string[] {
	return [...malicious.keys()].filter((domain) => addressOf(domain) === ip);
}

function passiveDns(kind: 'name' | 'domain' | 'raw'): Route {
	return {
		method: 'GET',
		path: `/pdns/${kind}/:name`,
		scope: SCOPE,
		query: PDNS_QUERY,
		handle(call) {
			const domain = domainArgument(call);
			return answerRecords([record(call, domain, addressOf(domain))]);
		},
	};
}

const passiveDnsByIp: Route = {
	method: 'GET',
	path: '/pdns/ip/:name',
	scope: SCOPE,
	query: PDNS_QUERY,
	handle(call) {
		const ip = ipArgument(call);
		return answerRecords(domainsAt(call.organisation, ip).map((domain) => record(call, domain, ip)));
	},
};

const latestMaliciousDomains: Route = {
	method: 'GET',
	path: '/ips/:name/latest_domains',
	scope: SCOPE,
	handle(call) {
		const domains = domainsAt(call.organisation, ipArgument(call));
		return json(domains.map((name) => ({ id: hashNumber(name, 1_000_000_000), name })));
	},
};

const getTimeline: Route = {
	method: 'GET',
	path: '/timeline/:name',
	scope: SCOPE,
	handle(call) {
		const { standing, security } = knowledgeOf(call.organisation, hostOf(call.params.name));
		const timestamp = call.now - (call.now % DAY);
		const tagged = { categories: security, attacks: [], threatTypes: [], timestamp };
		return json(standing === 'malicious' ? [tagged] : []);
	},
};

const getWhois: Route = {
	method: 'GET',
	path: '/whois/:name',
	scope: SCOPE,
	handle(call) {
		const domain = domainArgument(call);
		const { standing } = knowledgeOf(call.organisation, domain);
		const age = standing === 'malicious' ? 12 : 4000;
		const day = (offset: number) => new Date(call.now + offset * DAY).toISOString().slice(0, 10);
		return json({
			domainName: domain,
			created: day(-age),
			updated: day(-Math.min(age, 30)),
			expires: day(365),
			registrarName: 'Example Registrar, Inc.',
			registrarIANAID: '9999',
			registrantName: 'Registration Private',
			registrantOrganization: '',
			registrantCountry: standing === 'malicious' ? 'PANAMA' : 'UNITED STATES',
			registrantEmail: `owner@${domain}`,
			nameServers: [`ns1.${domain}`, `ns2.${domain}`],
			status: ['clientTransferProhibited'],
			emails: [`owner@${domain}`],
			recordExpired: false,
			hasRawText: false,
			timestamp: null,
			timeOfLatestRealtimeCheck: call.now,
		});
	},
};

export const investigateRoutes: Route[] = [
	categoriseOne,
	categoriseMany,
	listCategories,
	getRiskScore,
	getSecurity,
	listSamples,
	getSample,
	getSamplePart,
	getCoOccurrences,
	getRelated,
	passiveDns('name'),
	passiveDns('domain'),
	passiveDns('raw'),
	passiveDnsByIp,
	latestMaliciousDomains,
	getTimeline,
	getWhois,
];
