import { isIPv4, isIPv6 } from 'node:net';
import { isObject } from '../shared/body';
import { pageOf } from '../shared/collections';
import { misuse, Refusal } from '../shared/refusal';
import { ORG_ID } from './accounts';
import type { Destination, DestinationList, DestinationType } from './organisation';
import { type Call, json, numberArgument, requiredJson, type Route } from './route';

/** Destinations that one call may add or remove. */
const MAXIMUM = 500;

const READ_LISTS = 'policies.destinationLists:read';
const WRITE_LISTS = 'policies.destinationLists:write';
const READ = 'policies.destinations:read';
const WRITE = 'policies.destinations:write';
const PAGING = ['page', 'limit'];
const OK = { code: 200, text: 'OK' };

/** Domains too busy for single URLs on them to be filtered. */
const HIGH_VOLUME = [
	'google.com',
	'microsoft.com',
	'facebook.com',
	'youtube.com',
	'amazonaws.com',
	'dropbox.com',
];

function counts(list: DestinationList): Record<string, number> {
	const of = (type: DestinationType) =>
		[...list.destinations.values()].filter((destination) => destination.type === type).length;
	return {
		destinationCount: list.destinations.size,
		domainCount: of('domain'),
		urlCount: of('url'),
		ipv4Count: of('ipv4'),
		applicationCount: 0,
	};
}

function listView(list: DestinationList): Record<string, unknown> {
	return {
		id: list.id,
		organizationId: ORG_ID,
		access: list.access,
		isGlobal: list.isGlobal,
		name: list.name,
		thirdpartyCategoryId: null,
		createdAt: Math.floor(list.createdAt / 1000),
		modifiedAt: Math.floor(list.modifiedAt / 1000),
		isMspDefault: false,
		markedForDeletion: false,
		bundleTypeId: list.bundleTypeId,
		meta: counts(list),
	};
}

function destinationView({
	id,
	destination,
	type,
	comment,
	createdAt,
}: Destination): Record<string, unknown> {
	const iso = new Date(createdAt).toISOString();
	return {
		id: String(id),
		destination,
		type,
		comment,
		createdAt: `${iso.slice(0, 10)} ${iso.slice(11, 19)}`,
	};
}

function listOf({ organisation, params }: Call): DestinationList {
	if (!/^\d+$/.test(params.id)) throw misuse(400, 'destinationListId must be a number');
	const list = organisation.lists.find(({ id }) => String(id) === params.id);
	if (!list) throw new Refusal(404, 'Destination list not found');
	return list;
}

function answerPage<T>(call: Call, all: readonly T[], render: (element: T) => unknown) {
	const page = numberArgument(call, 'page', { fallback: 1, min: 1, max: Number.MAX_SAFE_INTEGER });
	const limit = numberArgument(call, 'limit', { fallback: 100, min: 1, max: 100 });
	return json({
		status: OK,
		meta: { page, limit, total: all.length },
		data: pageOf(all, page, limit).map(render),
	});
}

function hostOf(url: string): string {
	return url
		.replace(/^[a-z]+:\/\//i, '')
		.split(/[/:?]/)[0]
		.toLowerCase();
}

/** What kind of destination the text is; refuses what the lists can't hold. */
function typeOf(destination: string): DestinationType {
	if (isIPv4(destination.replace(/\/(\d|[12]\d|3[012])$/, ''))) return 'ipv4';
	if (isIPv6(destination) || /\s/.test(destination)) {
		throw misuse(400, `Invalid destination ${destination}: a domain, URL or IPv4 address is needed`);
	}
	return destination.includes('/') ? 'url' : 'domain';
}

function isOnBusyDomain({ destination, type }: NewDestination): boolean {
	const host = hostOf(destination);
	return type === 'url' && HIGH_VOLUME.some((busy) => host === busy || host.endsWith(`.${busy}`));
}

interface NewDestination {
	destination: string;
	type: DestinationType;
	comment: string;
}

function newDestination(value: unknown, index: number, fields: string[]): NewDestination {
	if (!isObject(value)) throw misuse(400, `Destination ${index} must be an object`);
	const unknown = Object.keys(value).find((name) => !fields.includes(name));
	if (unknown !== undefined) throw misuse(400, `Destination ${index} has an unknown field ${unknown}`);
	const { destination, comment = '' } = value;
	if (typeof destination !== 'string' || destination === '') {
		throw misuse(400, `Destination ${index} needs a text field destination`);
	}
	if (typeof comment !== 'string') throw misuse(400, `Destination ${index} must have a text as comment`);
	return { destination, type: typeOf(destination), comment };
}

function limitedArray(value: unknown, what: string): unknown[] {
	if (!Array.isArray(value)) throw misuse(400, `${what} must be an array`);
	if (value.length > MAXIMUM) throw misuse(400, `${what} must have at most ${MAXIMUM} elements`);
	return value;
}

/** One bad destination refuses the call; under the fault `partialAdd` the others are added all the same. */
function addAll(call: Call, list: DestinationList, destinations: NewDestination[]): void {
	const { listFaults } = call.organisation;
	const fresh = destinations.filter(({ destination }) => !list.destinations.has(destination));
	if (list.destinations.size + fresh.length > listFaults.capacity) {
		throw new Refusal(409, `The list can hold no more than ${listFaults.capacity} destinations`);
	}
	const busy = destinations.find(isOnBusyDomain);
	if (!busy || listFaults.partialAdd) addGood(call, list, destinations);
	if (busy) throw new Refusal(400, `${busy.destination} is on a high-volume domain; add the domain instead`);
}

function addGood({ organisation, now }: Call, list: DestinationList, destinations: NewDestination[]): void {
	const isDropped = ({ type }: NewDestination) =>
		type === 'ipv4' && list.access === 'block' && organisation.listFaults.dropIpv4;
	const good = destinations.filter((one) => !isOnBusyDomain(one) && !isDropped(one));
	for (const { destination, type, comment } of good) organisation.addDestination(list, destination, type, comment, now);
}

function fieldsOf(value: unknown, documented: string[]): Record<string, unknown> {
	if (!isObject(value)) throw misuse(400, 'The body must be a JSON object');
	const unknown = Object.keys(value).find((name) => !documented.includes(name));
	if (unknown !== undefined) throw misuse(400, `Unknown field ${unknown}`);
	return value;
}

function nameField({ name }: Record<string, unknown>): string {
	if (typeof name !== 'string' || name === '') throw misuse(400, 'name must be a text');
	return name;
}

const listLists: Route = {
	method: 'GET',
	path: '/destinationlists',
	scope: READ_LISTS,
	query: PAGING,
	handle: (call) => answerPage(call, call.organisation.lists, listView),
};

const createList: Route = {
	method: 'POST',
	path: '/destinationlists',
	scope: WRITE_LISTS,
	handle(call) {
		const documented = ['access', 'isGlobal', 'name', 'bundleTypeId', 'destinations'];
		const fields = fieldsOf(requiredJson(call), documented);
		const name = nameField(fields);
		const { access, isGlobal, bundleTypeId = 1, destinations = [] } = fields;
		if (access !== 'allow' && access !== 'block') throw misuse(400, 'access must be allow or block');
		if (typeof isGlobal !== 'boolean') throw misuse(400, 'isGlobal must be true or false');
		if (bundleTypeId !== 1 && bundleTypeId !== 2 && bundleTypeId !== 4) {
			throw misuse(400, 'bundleTypeId must be 1, 2 or 4');
		}
		if (isGlobal) throw new Refusal(400, 'An organization has one global list of each access');
		const wished = limitedArray(destinations, 'destinations').map((one, index) =>
			newDestination(one, index, ['destination', 'type', 'comment']),
		);
		const list = call.organisation.addList({ name, access, isGlobal, bundleTypeId }, call.now);
		addAll(call, list, wished);
		return json({ status: OK, data: listView(list) });
	},
};

const getList: Route = {
	method: 'GET',
	path: '/destinationlists/:id',
	scope: READ_LISTS,
	handle: (call) => json({ status: OK, data: listView(listOf(call)) }),
};

const renameList: Route = {
	method: 'PATCH',
	path: '/destinationlists/:id',
	scope: WRITE_LISTS,
	handle(call) {
		const list = listOf(call);
		list.name = nameField(fieldsOf(requiredJson(call), ['name']));
		list.modifiedAt = call.now;
		return json({ status: OK, data: listView(list) });
	},
};

const deleteList: Route = {
	method: 'DELETE',
	path: '/destinationlists/:id',
	scope: WRITE_LISTS,
	handle(call) {
		const list = listOf(call);
		if (list.isGlobal) throw new Refusal(400, 'A global destination list can not be deleted');
		const { lists } = call.organisation;
		lists.splice(lists.indexOf(list), 1);
		return json({ status: OK, data: [] });
	},
};

const listDestinations: Route = {
	method: 'GET',
	path: '/destinationlists/:id/destinations',
	scope: READ,
	query: PAGING,
	handle: (call) => answerPage(call, [...listOf(call).destinations.values()], destinationView),
};

const addDestinations: Route = {
	method: 'POST',
	path: '/destinationlists/:id/destinations',
	scope: WRITE,
	handle(call) {
		const list = listOf(call);
		const wished = limitedArray(requiredJson(call), 'The body').map((one, index) =>
			newDestination(one, index, ['destination', 'comment']),
		);
		addAll(call, list, wished);
		return json({ status: OK, data: listView(list) });
	},
};

const removeDestinations: Route = {
	method: 'DELETE',
	path: '/destinationlists/:id/destinations/remove',
	scope: WRITE,
	handle(call) {
		const list = listOf(call);
		const ids = limitedArray(requiredJson(call), 'The body');
		const bad = ids.find((id) => !Number.isInteger(id));
		if (bad !== undefined) throw misuse(400, `Destination ids must be integers, not ${JSON.stringify(bad)}`);
		const gone = new Set(ids);
		for (const { id, destination } of [...list.destinations.values()]) {
			if (gone.has(id)) list.destinations.delete(destination);
		}
		list.modifiedAt = call.now;
		return json({ status: OK, data: listView(list) });
	},
};

export const policyRoutes: Route[] = [
	listLists,
	createList,
	getList,
	renameList,
	deleteList,
	listDestinations,
	addDestinations,
	removeDestinations,
];
