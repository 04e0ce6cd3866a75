import { integerParameter, listParameter } from '../../shared/query';
import { misuse, Refusal } from '../../shared/refusal';
import type { WorldHost } from '../../../world/world';
import { EXTERNAL_IP, lastSeen, reportedHostname } from '../computers';
import { computerView } from '../computerView';
import { single } from '../envelope';
import { answerPage, bodyFields, type Call, computerOf, PAGING, requiredText, type Route } from '../route';

const DAY = 86_400_000;

type Criterion = (host: WorldHost) => boolean;

function nameCriterion(query: URLSearchParams): Criterion[] {
	const names = listParameter(query, 'hostname').map((name) => name.toLowerCase());
	if (names.length === 0) return [];
	return [(host) => names.some((name) => reportedHostname(host).toLowerCase().includes(name))];
}

function addressCriteria(query: URLSearchParams): Criterion[] {
	const internal = query.get('internal_ip');
	const external = query.get('external_ip');
	return [
		...(internal === null ? [] : [(host: WorldHost) => host.nics.some(({ ip }) => ip === internal)]),
		...(external === null ? [] : [() => external === EXTERNAL_IP]),
	];
}

function groupCriterion({ query, estate }: Call): Criterion[] {
	const groups = [...listParameter(query, 'group_guid')].flatMap((text) => text.split(','));
	if (groups.length === 0) return [];
	return [(host) => groups.includes(estate.groupOf(host).guid)];
}

function days(query: URLSearchParams, name: string): number | undefined {
	if (!query.has(name)) return undefined;
	const value = integerParameter(query, name, { fallback: 0, max: 36_500 });
	if (value === undefined) throw misuse(400, `Invalid parameter: ${name} must be a number of days`);
	return value;
}

function ageCriteria({ query, now }: Call): Criterion[] {
	const within = days(query, 'last_seen_within');
	const over = days(query, 'last_seen_over');
	return [
		...(within === undefined ? [] : [(host: WorldHost) => lastSeen(host, now) >= now - within * DAY]),
		...(over === undefined ? [] : [(host: WorldHost) => lastSeen(host, now) < now - over * DAY]),
	];
}

const listComputers: Route = {
	method: 'GET',
	path: '/computers',
	query: [
		'hostname[]',
		'internal_ip',
		'external_ip',
		'group_guid',
		'group_guid[]',
		'last_seen_within',
		'last_seen_over',
		...PAGING,
	],
	handle(call) {
		const { estate, query, now } = call;
		const all = [
			...nameCriterion(query),
			...addressCriteria(query),
			...groupCriterion(call),
			...ageCriteria(call),
		];
		const matches = estate.computers().filter((host) => all.every((holds) => holds(host)));
		return answerPage(call, matches, (host) => computerView(estate, host, now));
	},
};

const getComputer: Route = {
	method: 'GET',
	path: '/computers/:guid',
	handle: (call) => single(call.url, computerView(call.estate, computerOf(call), call.now)),
};

const moveComputer: Route = {
	method: 'PATCH',
	path: '/computers/:guid',
	writes: true,
	handle(call) {
		const host = computerOf(call);
		const guid = requiredText(bodyFields(call, ['group_guid']), 'group_guid');
		if (!call.estate.groups.some((group) => group.guid === guid)) {
			throw new Refusal(404, `Group not found: ${guid}`);
		}
		call.estate.moveComputer(host, guid);
		return single(call.url, computerView(call.estate, host, call.now));
	},
};

const deleteComputer: Route = {
	method: 'DELETE',
	path: '/computers/:guid',
	writes: true,
	handle(call) {
		call.estate.removeComputer(computerOf(call));
		return single(call.url, {});
	},
};

export const computerRoutes: Route[] = [listComputers, getComputer, moveComputer, deleteComputer];
