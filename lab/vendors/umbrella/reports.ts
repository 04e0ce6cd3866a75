import { partitionPoint } from '../shared/collections';
import { faultyPage } from '../shared/faults';
import { commaParameter } from '../shared/query';
import { misuse, Refusal } from '../shared/refusal';
import { ACTIVITY_KINDS, type ActivityKind, type StoredActivity, TRAFFIC_KINDS } from './activity';
import { CATEGORIES } from './categories';
import { allIdentities } from './identities';
import { type Call, json, numberArgument, type Route } from './route';

const GRANULAR = 'reports.granularEvents:read';
const AGGREGATIONS = 'reports.aggregations:read';
const UTILITIES = 'reports.utilities:read';

const LIMIT = 5000;
const OFFSET = 10_000;

const WINDOW = ['from', 'to', 'limit', 'offset', 'timezone'];
const COMMON = [
	'domains',
	'categories',
	'policycategories',
	'ip',
	'identityids',
	'identitytypes',
	'applicationid',
	'verdict',
	'threats',
	'threattypes',
	'filternoisydomains',
];
const WEB = [
	'urls',
	'ports',
	'ruleid',
	'filename',
	'securityoverridden',
	'bundleid',
	'ampdisposition',
	'antivirusthreats',
	'isolatedstate',
	'isolatedfileaction',
	'datalosspreventionstate',
	'tenantcontrols',
	'httperrors',
];

/** Parameters by kind. Only dns and proxy can be sorted. */
const PARAMETERS: Record<ActivityKind, string[]> = {
	dns: [...WINDOW, 'order', ...COMMON],
	proxy: [...WINDOW, 'order', ...COMMON, ...WEB],
	firewall: [...WINDOW, 'identityids', 'ruleid', 'verdict', 'ip', 'ports', 'categories'],
	intrusion: [
		...WINDOW,
		'identityids',
		'signatures',
		'signaturelistids',
		'intrusionaction',
		'ip',
		'ports',
		'filternoisydomains',
	],
	ip: [...WINDOW, 'identityids', 'identitytypes', 'categories', 'verdict', 'ip', 'ports'],
	'amp-retrospective': [...WINDOW, 'ampdisposition', 'sha256'],
};

const UNITS: Record<string, number> = {
	second: 1000,
	minute: 60_000,
	hour: 3_600_000,
	day: 86_400_000,
	week: 604_800_000,
};

/** Epoch ms before this are seconds that someone took for milliseconds. */
const FIRST_MS = 100_000_000_000;

/** Epoch ms of `from` or `to`: epoch ms, `now`, or e.g. `-1days`. */
function momentArgument({ query, now }: Call, name: string): number {
	const text = query.get(name);
	if (!text) throw misuse(400, `${name} is required`);
	if (text === 'now') return now;
	const relative = /^-(\d+)(second|minute|hour|day|week)s?$/.exec(text);
	if (relative) return now - Number(relative[1]) * UNITS[relative[2]];
	if (/^\d+$/.test(text) && Number(text) >= FIRST_MS) return Number(text);
	throw misuse(400, `${name} must be a time in epoch milliseconds, now, or relative like -1days`);
}

function numberList(call: Call, name: string): number[] | undefined {
	const values = commaParameter(call.query, name);
	const bad = values?.find((value) => !/^\d+$/.test(value));
	if (bad !== undefined) throw misuse(400, `${name} must be numeric ids, not ${bad}`);
	return values?.map(Number);
}

function textList(call: Call, name: string): string[] | undefined {
	return commaParameter(call.query, name)?.map((value) => value.toLowerCase());
}

function verdictList(call: Call, name: string, allowed: string[]): string[] | undefined {
	const values = textList(call, name);
	const bad = values?.find((value) => !allowed.includes(value));
	if (bad !== undefined) throw misuse(400, `${name} must be of ${allowed.join(', ')}, not ${bad}`);
	return values;
}

function matchesDomain(domain: string | undefined, wanted: string): boolean {
	return domain !== undefined && (domain === wanted || domain.endsWith(`.${wanted}`));
}

function globPattern(text: string): RegExp {
	const escaped = text.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replace(/\*/g, '.*');
	return new RegExp(`^${escaped}$`, 'i');
}

type Criterion = (activity: StoredActivity) => boolean;

function when<T>(
	wanted: T[] | undefined,
	holds: (activity: StoredActivity, wanted: T[]) => boolean,
): Criterion[] {
	return wanted === undefined ? [] : [(activity) => holds(activity, wanted)];
}

/** All filters of the query; those that the lab has no data for accept everything. */
function criteria(call: Call): Criterion[] {
	const verdicts = ['allowed', 'blocked', 'proxied'];
	const actions = ['would_block', 'blocked', 'detected'];
	const filename = call.query.get('filename');
	const named = <T, K>(list: T[], key: (element: T) => K, wanted: K[]) =>
		list.some((element) => wanted.includes(key(element)));
	return [
		...when(textList(call, 'domains'), ({ domain }, list) => list.some((one) => matchesDomain(domain, one))),
		...when(textList(call, 'urls'), ({ url }, list) => list.some((one) => url?.toLowerCase().includes(one))),
		...when(numberList(call, 'categories'), ({ categories }, list) =>
			named(categories, ({ id }) => id, list),
		),
		...when(numberList(call, 'policycategories'), (activity, list) =>
			named(activity.policyCategories, ({ id }) => id, list),
		),
		...when(textList(call, 'ip'), ({ ips }, list) => ips.some((ip) => list.includes(ip))),
		...when(numberList(call, 'ports'), ({ ports }, list) => ports.some((port) => list.includes(port))),
		...when(numberList(call, 'identityids'), ({ identities }, list) =>
			named(identities, ({ id }) => id, list),
		),
		...when(textList(call, 'identitytypes'), ({ identities }, list) =>
			named(identities, ({ type }) => type.type, list),
		),
		...when(verdictList(call, 'verdict', verdicts), ({ verdict }, list) => list.includes(verdict ?? '')),
		...when(verdictList(call, 'intrusionaction', actions), ({ verdict }, list) =>
			list.includes(verdict ?? ''),
		),
		...when(textList(call, 'threats'), ({ threats }, list) =>
			named(threats, ({ label }) => label.toLowerCase(), list),
		),
		...when(textList(call, 'threattypes'), ({ threats }, list) =>
			named(threats, ({ type }) => type.toLowerCase(), list),
		),
		...when(textList(call, 'ampdisposition'), ({ disposition }, list) => list.includes(disposition ?? '')),
		...when(textList(call, 'sha256'), ({ sha256 }, list) => list.includes(sha256 ?? '')),
		...when(filename === null ? undefined : [globPattern(filename)], ({ fileName }, [pattern]) =>
			pattern.test(fileName ?? ''),
		),
	];
}

/** Activities of the kinds in the time window that all filters hold for, oldest first. */
function select(call: Call, kinds: readonly ActivityKind[]): StoredActivity[] {
	const from = momentArgument(call, 'from');
	const to = momentArgument(call, 'to');
	if (from > to) throw misuse(400, 'from must not be after to');
	const { activities } = call.organisation;
	const start = partitionPoint(activities, ({ at }) => at >= from);
	const end = partitionPoint(activities, ({ at }) => at > to);
	const wanted = new Set(kinds);
	const all = criteria(call);
	return activities
		.slice(start, end)
		.filter((one) => wanted.has(one.kind) && one.visibleAt <= call.now && all.every((holds) => holds(one)));
}

function answerActivities(call: Call, kinds: readonly ActivityKind[]) {
	const limit = numberArgument(call, 'limit', { min: 1, max: LIMIT });
	const offset = numberArgument(call, 'offset', { fallback: 0, max: OFFSET });
	const order = call.query.get('order') ?? 'desc';
	if (order !== 'asc' && order !== 'desc') throw misuse(400, 'order must be asc or desc');
	const matches = select(call, kinds);
	if (order === 'desc') matches.reverse();
	const { page } = faultyPage(matches, offset, limit, call.organisation.faults);
	return json({ meta: {}, data: page.map(({ wire }) => wire) });
}

const NAMED_KINDS = TRAFFIC_KINDS.filter((kind) => kind !== 'intrusion');

/** Kinds that the `x-traffic-type` header asks for; all without it, and only then intrusions. */
function headerKinds({ request }: Call): readonly ActivityKind[] {
	const text = request.headers['x-traffic-type']?.trim();
	if (!text || text === 'all') return TRAFFIC_KINDS;
	return text.split(',').map((name) => {
		const kind = NAMED_KINDS.find((known) => known === name.trim());
		if (!kind) throw misuse(400, `x-traffic-type must be of ${NAMED_KINDS.join(', ')}, not ${name}`);
		return kind;
	});
}

const activityRoutes: Route[] = [
	{
		method: 'GET',
		path: '/activity',
		scope: GRANULAR,
		query: [...WINDOW, ...COMMON, ...WEB, 'exists'],
		handle: (call) => answerActivities(call, headerKinds(call)),
	},
	...ACTIVITY_KINDS.map(
		(kind): Route => ({
			method: 'GET',
			path: `/activity/${kind}`,
			scope: GRANULAR,
			query: PARAMETERS[kind],
			handle: (call) => answerActivities(call, [kind]),
		}),
	),
];

/** Groups of activities by key, the most frequent first. */
function tally<T>(
	activities: StoredActivity[],
	values: (activity: StoredActivity) => T[],
	key: (value: T) => unknown,
) {
	const groups = new Map<unknown, { value: T; count: number; blocked: number }>();
	for (const activity of activities) {
		for (const value of values(activity)) {
			const group = groups.get(key(value)) ?? { value, count: 0, blocked: 0 };
			group.count += 1;
			if (activity.verdict === 'blocked') group.blocked += 1;
			groups.set(key(value), group);
		}
	}
	return [...groups.values()].sort((a, b) => b.count - a.count);
}

interface Tally<T> {
	value: T;
	count: number;
	blocked: number;
}

function counts({ count, blocked }: Tally<unknown>) {
	return { requests: count, allowedrequests: count - blocked, blockedrequests: blocked };
}

/** A ranking, for all traffic and for one kind of traffic. */
function ranking<T>(
	path: string,
	values: (activity: StoredActivity) => T[],
	key: (value: T) => unknown,
	render: (tally: Tally<T>, rank: number) => unknown,
): Route[] {
	const handle = (call: Call) => {
		const limit = numberArgument(call, 'limit', { min: 1, max: LIMIT });
		const offset = numberArgument(call, 'offset', { max: OFFSET });
		const kind = call.params.type;
		const kinds = TRAFFIC_KINDS.filter((known) => kind === undefined || known === kind);
		if (kinds.length === 0) throw misuse(404, `There is no traffic type ${kind}`);
		const ranked = tally(select(call, kinds), values, key).map((one, index) => render(one, index + 1));
		return json({ meta: {}, data: ranked.slice(offset, offset + limit) });
	};
	const query = [...WINDOW, ...COMMON, ...WEB, 'sha256'];
	return [path, `${path}/:type`].map((full) => ({
		method: 'GET',
		path: full,
		scope: AGGREGATIONS,
		query,
		handle,
	}));
}

const rankingRoutes: Route[] = [
	...ranking(
		'/top-threats',
		({ threats }) => threats,
		({ label, type }) => `${type} ${label}`,
		({ value, count }) => ({ threat: value.label, threattype: value.type, count }),
	),
	...ranking(
		'/top-threat-types',
		({ threats }) => threats,
		({ type }) => type,
		({ value, count }) => ({ threattype: value.type, count }),
	),
	...ranking(
		'/top-identities',
		({ identities }) => identities,
		({ id }) => id,
		(one, rank) => ({ requests: one.count, bandwidth: null, identity: one.value, counts: counts(one), rank }),
	),
	...ranking(
		'/top-destinations',
		({ domain, categories, policyCategories }) => (domain ? [{ domain, categories, policyCategories }] : []),
		({ domain }) => domain,
		(one, rank) => ({
			domain: one.value.domain,
			count: one.count,
			categories: one.value.categories,
			policycategories: one.value.policyCategories,
			counts: counts(one),
			rank,
		}),
	),
	...ranking(
		'/top-categories',
		({ categories }) => categories,
		({ id }) => id,
		({ value, count }) => ({ category: value, count }),
	),
];

const totalRequests: Route = {
	method: 'GET',
	path: '/total-requests',
	scope: AGGREGATIONS,
	query: [...WINDOW, ...COMMON, ...WEB],
	handle: (call) => json({ meta: {}, data: { count: select(call, TRAFFIC_KINDS).length } }),
};

const THREAT_TYPES = ['Backdoor', 'Botnet', 'Cryptomining', 'Phishing', 'Ransomware', 'Trojan', 'Worm'];

const utilityRoutes: Route[] = [
	{
		method: 'GET',
		path: '/categories',
		scope: UTILITIES,
		handle: () =>
			json({ meta: {}, data: CATEGORIES.map((category) => ({ ...category, legacyid: category.id + 28 })) }),
	},
	{
		method: 'GET',
		path: '/threat-types',
		scope: UTILITIES,
		handle: () =>
			json({ meta: {}, data: THREAT_TYPES.map((threattype) => ({ threattype, description: threattype })) }),
	},
	{
		method: 'GET',
		path: '/threat-names',
		scope: UTILITIES,
		handle({ organisation }) {
			const names = tally(
				organisation.activities,
				({ threats }) => threats,
				({ label }) => label,
			);
			return json({
				meta: {},
				data: names.map(({ value }) => ({ threatname: value.label, threattype: value.type })),
			});
		},
	},
	{
		method: 'GET',
		path: '/identities',
		scope: UTILITIES,
		query: ['limit', 'offset', 'search', 'identitytypes'],
		handle(call) {
			const limit = numberArgument(call, 'limit', { min: 1, max: LIMIT });
			const offset = numberArgument(call, 'offset', { fallback: 0, max: Number.MAX_SAFE_INTEGER });
			const search = call.query.get('search')?.toLowerCase() ?? '';
			const types = textList(call, 'identitytypes');
			const found = allIdentities(call.organisation.world)
				.filter(({ label }) => label.toLowerCase().includes(search))
				.filter(({ type }) => types === undefined || types.includes(type.type));
			return json({ meta: { total: found.length }, data: found.slice(offset, offset + limit) });
		},
	},
	{
		method: 'GET',
		path: '/identities/:id',
		scope: UTILITIES,
		handle({ organisation, params }) {
			const identity = allIdentities(organisation.world).find(({ id }) => String(id) === params.id);
			if (!identity) throw new Refusal(404, `There is no identity ${params.id}`);
			return json({ meta: {}, data: identity });
		},
	},
];

export const reportRoutes: Route[] = [...activityRoutes, ...rankingRoutes, totalRequests, ...utilityRoutes];
