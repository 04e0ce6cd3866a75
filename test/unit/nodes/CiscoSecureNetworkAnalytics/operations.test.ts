import type { IDataObject } from 'n8n-workflow';
import { CiscoSecureNetworkAnalytics } from '../../../../nodes/CiscoSecureNetworkAnalytics/CiscoSecureNetworkAnalytics.node';
import { resources } from '../../../../nodes/CiscoSecureNetworkAnalytics/actions';
import { searchHostGroups } from '../../../../nodes/CiscoSecureNetworkAnalytics/methods/listSearch';
import { getEventTypes } from '../../../../nodes/CiscoSecureNetworkAnalytics/methods/loadOptions';
import { fakeLoadOptions } from '../support/fakeContext';
import {
	credentials,
	EVENTS,
	eventSearch,
	fixture,
	FLOWS,
	manager,
	run,
	TAGS,
	TOP,
	type Answers,
} from './support';

const NOW = Date.parse('2021-02-04T14:00:00.000Z');

beforeEach(() => jest.useFakeTimers({ now: NOW }));
afterEach(() => jest.useRealTimers());

describe('the description', () => {
	const { properties } = new CiscoSecureNetworkAnalytics().description;

	it('shows every parameter for one operation only', () => {
		for (const { name, displayOptions } of properties.filter(({ name }) => name !== 'resource')) {
			const resource = displayOptions?.show?.resource;
			expect({ name, resource }).toEqual({ name, resource: [expect.any(String)] });
		}
	});

	it.each(resources)(
		'$option.value: its operations are complete',
		({ option, operations, defaultOperation }) => {
			expect(operations.map((operation) => operation.option.value)).toContain(defaultOperation);
			for (const operation of operations) {
				expect(operation.option.action).toBeTruthy();
				const names = properties
					.filter(({ displayOptions: shown }) => shown?.show?.resource?.includes(option.value))
					.filter(({ displayOptions: shown }) => shown?.show?.operation?.includes(operation.option.value))
					.map(({ name }) => name);
				expect(new Set(names).size).toBe(names.length);
			}
		},
	);
});

describe('security events', () => {
	const results = fixture<{ data: { results: IDataObject[] } }>('security-events-results');
	const getMany = (more: IDataObject = {}) => ({
		resource: 'securityEvent',
		operation: 'getMany',
		output: 'detections',
		from: '2021-02-04T13:00:00.500Z',
		to: '2021-02-04T13:59:59.500Z',
		returnAll: true,
		...more,
	});
	const queryOf = (requests: { method: string; url: URL; body: unknown }[]) =>
		requests.find(({ method, url }) => method === 'POST' && url.pathname === `${EVENTS}/queries`)!.body;

	it('become detections with names, oldest first', async () => {
		const { settled, requests } = await run(eventSearch(results), getMany());
		await expect(settled).resolves.toMatchObject([
			{ id: 'secureNetworkAnalytics:121-4686-310-1612435470000', eventType: { name: 'Flow_Denied' } },
			{ id: 'secureNetworkAnalytics:121-5223-310-1612444838000' },
		]);
		expect(queryOf(requests)).toEqual({
			timeRange: { from: '2021-02-04T13:00:00Z', to: '2021-02-04T14:00:00Z' },
		});
	});

	it('can be had as they are, some of them, and of the last hour', async () => {
		const parameters = getMany({ output: 'events', returnAll: false, limit: 1, from: '', to: '' });
		const { settled, sent, requests } = await run(eventSearch(results), parameters);
		await expect(settled).resolves.toEqual([results.data.results[1]]);
		expect(sent()).not.toContain(`GET ${EVENTS}/templates`);
		expect(queryOf(requests)).toEqual({
			timeRange: { from: '2021-02-04T13:00:00Z', to: '2021-02-04T14:00:00Z' },
		});
	});

	it('are looked for by type and by host', async () => {
		const filters = {
			eventTypes: ['310', '42'],
			sourceAddresses: '10.1.2.3, 10.1.2.4',
			targetAddresses: ['203.0.113.9'],
		};
		const { settled, requests } = await run(eventSearch(results), getMany({ filters }));
		await settled;
		expect(queryOf(requests)).toMatchObject({
			securityEventTypeIds: [310, 42],
			hosts: [
				{ ipAddress: '10.1.2.3', type: 'source' },
				{ ipAddress: '10.1.2.4', type: 'source' },
				{ ipAddress: '203.0.113.9', type: 'target' },
			],
		});
	});

	it.each([
		['began and ended before', '10:00:00', '12:59:59', false],
		['ended in the first second', '10:00:00', '13:00:00', true],
		['began before, ended after', '10:00:00', '15:00:00', true],
		['began within', '13:30:00', '13:30:00', true],
		['began after', '14:00:00', '15:00:00', false],
	])('that %s: %s to %s is in it: %s', async (_name, first, last, isIn) => {
		const event = {
			...results.data.results[0],
			firstActiveTime: `2021-02-04T${first}.000+0000`,
			lastActiveTime: `2021-02-04T${last}.000+0000`,
		};
		const { settled } = await run(eventSearch({ data: { results: [null, event, 'x'] } }), getMany());
		await expect(settled).resolves.toHaveLength(isIn ? 1 : 0);
	});

	it('are none when the manager has none', async () => {
		const { settled, sent } = await run(eventSearch({ data: { results: null } }), getMany());
		await expect(settled).resolves.toEqual([]);
		expect(sent()).not.toContain(`GET ${EVENTS}/templates`);
	});

	it('are an error without the names that rules go by', async () => {
		const answers = { ...eventSearch(results), [`GET ${EVENTS}/templates`]: { status: 403 } };
		const { settled } = await run(answers, getMany());
		await expect(settled).rejects.toMatchObject({ httpCode: '403' });
	});

	it('ask again for a catalogue that another item did not get', async () => {
		let asked = 0;
		const types = { data: [{ id: 310, name: 'Flow_Denied' }] };
		const answers = {
			...eventSearch(results),
			[`GET ${EVENTS}/templates`]: () => (++asked === 1 ? { status: 500 } : { body: types }),
		};
		const setup = { parameters: [getMany(), getMany()], continueOnFail: true };
		const { settled } = await run(answers, {}, setup);
		const [failed, ...detections] = await settled;
		expect(failed.error).toContain('500');
		expect(detections).toHaveLength(2);
	});

	it('share the catalogue and the tenant within an execution', async () => {
		const { settled, sent } = await run(eventSearch(results), {}, { parameters: [getMany(), getMany()] });
		await expect(settled).resolves.toHaveLength(4);
		for (const call of [`GET ${EVENTS}/templates`, 'GET /sw-reporting/v1/tenants']) {
			expect(sent().filter((other) => other === call)).toHaveLength(1);
		}
	});

	it.each([
		[{ from: 'soon' }, 'From is not a date'],
		[{ from: '2021-02-04T15:00:00Z' }, 'From is later than To'],
		[{ filters: { sourceAddresses: 'pc-7' } }, 'Source IP Addresses holds "pc-7"'],
		[{ filters: { eventTypes: ['Recon'] } }, 'Event Type Names or IDs holds "Recon"'],
		[{ options: { internalNetworks: '10.0.0.0/99' } }, 'Internal Networks'],
	])('with %j nothing is asked for', async (more, message) => {
		const { settled, requests } = await run(eventSearch(results), getMany(more));
		await expect(settled).rejects.toThrow(message);
		expect(requests).toEqual([]);
	});

	it('have types, also to choose from', async () => {
		const types = {
			data: [
				{ id: 310, name: 'Flow_Denied' },
				{ id: 5, name: 'Addr_Scan', description: 'x' },
			],
		};
		const answers = { [`GET ${EVENTS}/templates`]: { body: types } };
		const { settled } = await run(answers, { resource: 'securityEvent', operation: 'getTypes' });
		await expect(settled).resolves.toEqual([
			{ id: '310', name: 'Flow_Denied' },
			{ id: '5', name: 'Addr_Scan', description: 'x' },
		]);
		const context = fakeLoadOptions({ credentials: credentials(), server: manager(answers) });
		expect((await getEventTypes.call(context)).map(({ value }) => value)).toEqual(['5', '310']);
	});
});

describe('flows', () => {
	const found = fixture('flows-results');
	const id = '602a96e7e4b0d6d2a200ea94';
	const search: Answers = {
		[`POST ${FLOWS}`]: {
			status: 201,
			body: { data: { query: { id, status: 'IN_PROGRESS', percentComplete: 0, domainId: '102' } } },
		},
		[`GET ${FLOWS}/${id}`]: { body: fixture('flows-status') },
		[`GET ${FLOWS}/${id}/results`]: { body: found },
		[`DELETE ${FLOWS}/${id}`]: { status: 204 },
	};
	const getMany = (filters: IDataObject = {}, more: IDataObject = {}) => ({
		resource: 'flow',
		operation: 'getMany',
		recordLimit: 50,
		filters,
		...more,
	});
	const bodyOf = (requests: { method: string; url: URL; body: unknown }[]) =>
		requests.find(({ method, url }) => method === 'POST' && url.pathname === FLOWS)!.body;

	it('are searched for, simplified, and the search deleted', async () => {
		const { settled, requests, sent } = await run(search, getMany());
		const [flow] = await settled;
		expect(flow).toMatchObject({ applicationId: 176, byteCount: 11790842, subject: { port: 60248 } });
		expect(Object.keys(flow)).toHaveLength(10);
		expect(bodyOf(requests)).toEqual({
			startDateTime: '2021-02-04T13:00:00Z',
			endDateTime: '2021-02-04T14:00:00Z',
			recordLimit: 50,
		});
		expect(sent().at(-1)).toBe(`DELETE ${FLOWS}/${id}`);
	});

	it('take criteria for both ends, and further ones', async () => {
		const filters = {
			subjectAddresses: '10.1.2.3',
			peerExcluded: '10.1.2.4',
			query: '{"flow":{"flowDirection":"BOTH"},"subject":{"orientation":"client"}}',
		};
		const { settled, requests } = await run(search, getMany(filters, { simplify: false }));
		await expect(settled).resolves.toEqual((found.data as IDataObject).flows);
		expect(bodyOf(requests)).toMatchObject({
			flow: { flowDirection: 'BOTH' },
			subject: { orientation: 'client', ipAddresses: { includes: ['10.1.2.3'], excludes: [] } },
			peer: { ipAddresses: { includes: [], excludes: ['10.1.2.4'] } },
		});
	});

	it.each([
		[{ ports: '514' }, 1],
		[{ ports: '60248,1' }, 1],
		[{ ports: '51' }, 0],
		[{ applicationIds: '176' }, 1],
		[{ applicationIds: '17', ports: '514' }, 0],
	])('with %j are %i', async (filters, count) => {
		const { settled } = await run(search, getMany(filters));
		await expect(settled).resolves.toHaveLength(count);
	});

	it.each([
		[{ ports: 'http' }, 'Ports holds "http"'],
		[{ peerAddresses: '10.0.0.0/8' }, 'Peer IP Addresses holds "10.0.0.0/8"'],
		[{ query: '[1]' }, 'More Criteria'],
		[{ query: '{' }, 'More Criteria'],
	])('with %j nothing is asked for', async (filters, message) => {
		const { settled, requests } = await run(search, getMany(filters));
		await expect(settled).rejects.toThrow(message);
		expect(requests).toEqual([]);
	});

	it('sum up to a snapshot of a host', async () => {
		const parameters = {
			resource: 'host',
			operation: 'getSnapshot',
			ipAddress: '192.0.2.10',
			at: '2021-02-04T12:00:00Z',
			minutesAround: 10,
		};
		const { settled, requests } = await run(search, parameters);
		await expect(settled).resolves.toEqual([
			{
				ipAddress: '192.0.2.10',
				from: '2021-02-04T11:50:00.000Z',
				to: '2021-02-04T12:10:00.000Z',
				flowCount: 1,
				truncated: false,
				bytesSent: 5895421,
				bytesReceived: 5895421,
				firstActiveTime: '2021-02-15T15:17:42.000+0000',
				lastActiveTime: '2021-02-15T15:41:59.000+0000',
				peers: [{ ipAddress: '192.0.2.20', countryCode: 'XR', bytes: 11790842, flows: 1 }],
				services: [{ port: 514, protocol: 'UDP', served: false, bytes: 11790842, flows: 1 }],
				hostGroupIds: [65534],
			},
		]);
		expect(bodyOf(requests)).toMatchObject({
			recordLimit: 2_000,
			subject: { ipAddresses: { includes: ['192.0.2.10'], excludes: [] } },
		});
	});

	it('sum up to nothing where there are none', async () => {
		const answers = { ...search, [`GET ${FLOWS}/${id}/results`]: { body: { data: { flows: [] } } } };
		const parameters = {
			resource: 'host',
			operation: 'getSnapshot',
			ipAddress: '192.0.2.10',
			minutesAround: 10,
		};
		const { settled } = await run(answers, parameters);
		await expect(settled).resolves.toMatchObject([
			{ flowCount: 0, bytesSent: 0, firstActiveTime: null, peers: [], to: '2021-02-04T14:00:00.000Z' },
		]);
	});

	it('report the top conversations in the format of reports', async () => {
		const answers: Answers = {
			[`POST ${TOP}/queries`]: { body: { data: { queryId: 'q7', status: 'IN_PROGRESS' } } },
			[`GET ${TOP}/queries/q7`]: { body: { data: { queryId: 'q7', status: 'COMPLETED' } } },
			[`GET ${TOP}/results/q7`]: { body: { data: { results: [{ bytes: 5 }] } } },
		};
		const parameters = {
			resource: 'host',
			operation: 'getTopConversations',
			ipAddress: '10.1.2.3',
			limit: 5,
		};
		const { settled, requests, sent } = await run(answers, parameters);
		await expect(settled).resolves.toEqual([{ bytes: 5 }]);
		expect(requests.find(({ url }) => url.pathname === `${TOP}/queries`)!.body).toEqual({
			startTime: '2021-02-04T13:00:00.000',
			endTime: '2021-02-04T14:00:00.000',
			subject: { ipAddresses: { includes: ['10.1.2.3'], excludes: [] } },
			maxRows: 5,
		});
		expect(sent().some((call) => call.startsWith('DELETE'))).toBe(false);
	});

	it.each(['', 'pc-7', '10.1.2.3,10.1.2.4'])('of the host %j are not asked for', async (ipAddress) => {
		const parameters = { resource: 'host', operation: 'getTopConversations', ipAddress, limit: 5 };
		const { settled, requests } = await run(search, parameters);
		await expect(settled).rejects.toThrow('IP Address');
		expect(requests).toEqual([]);
	});
});

describe('host groups', () => {
	const recorded = fixture<{ data: IDataObject }>('tag').data;
	const hostGroup = (operation: string, more: IDataObject = {}) => ({
		resource: 'hostGroup',
		operation,
		hostGroup: { __rl: true, mode: 'id', value: '6' },
		...more,
	});

	/** A manager that keeps the ranges of group 6, takes a moment for each call, and spells its own way. */
	function groups(ranges: string[] = []) {
		let group = { ...recorded, ranges };
		const puts: IDataObject[] = [];
		const answers: Answers = {
			[`GET ${TAGS}/6`]: () => ({ body: { data: group } }),
			[`PUT ${TAGS}/6`]: ({ body }) => {
				puts.push(body as IDataObject);
				group = { ...(body as typeof group) };
				return { body: { data: group } };
			},
			[`GET ${TAGS}`]: {
				body: {
					data: [
						{ id: 1, displayName: 'Inside Hosts' },
						{ id: 6, name: 'Other', display: { path: ['Inside Hosts', 'By Function'] } },
						{ id: 7, name: 'Others' },
					],
				},
			},
		};
		return { answers, puts, ranges: () => group.ranges };
	}

	it('get members, once, with everything else sent back as it was', async () => {
		const { answers, puts, ranges } = groups(['10.0.0.1/32']);
		const add = hostGroup('addMembers', { members: '10.0.0.1, 10.0.0.2 10.0.0.2, 10.9.0.0/16' });
		const first = await run(answers, add);
		await expect(first.settled).resolves.toEqual([
			{
				id: 6,
				name: 'Other',
				added: ['10.0.0.2', '10.9.0.0/16'],
				alreadyMembers: ['10.0.0.1'],
				ranges: ['10.0.0.1/32', '10.0.0.2', '10.9.0.0/16'],
			},
		]);
		expect(puts).toEqual([{ ...recorded, ranges: ['10.0.0.1/32', '10.0.0.2', '10.9.0.0/16'] }]);
		const second = await run(answers, add);
		await expect(second.settled).resolves.toMatchObject([{ added: [] }]);
		expect(puts).toHaveLength(1);
		expect(ranges()).toHaveLength(3);
	});

	it('lose members, once, and tell what still covers them', async () => {
		const { answers, puts } = groups(['10.0.0.1', '10.0.0.0/24', '10.1.1.1-20']);
		const remove = hostGroup('removeMembers', { members: ['10.0.0.1', '10.5.5.5'] });
		const first = await run(answers, remove);
		await expect(first.settled).resolves.toEqual([
			{
				id: 6,
				name: 'Other',
				removed: ['10.0.0.1'],
				notMembers: ['10.5.5.5'],
				stillCovered: [{ member: '10.0.0.1', by: '10.0.0.0/24' }],
				ranges: ['10.0.0.0/24', '10.1.1.1-20'],
			},
		]);
		const second = await run(answers, remove);
		await expect(second.settled).resolves.toMatchObject([{ removed: [] }]);
		expect(puts).toHaveLength(1);
	});

	it('lose no change when many are made at once', async () => {
		const { answers, ranges } = groups();
		const account = { credentials: credentials() };
		const work = Array.from({ length: 8 }, (_, i) =>
			run(answers, hostGroup('addMembers', { members: `10.0.0.${i}` }), account),
		);
		await Promise.all((await Promise.all(work)).map(({ settled }) => settled));
		expect([...ranges()].sort()).toEqual(Array.from({ length: 8 }, (_, i) => `10.0.0.${i}`));
	});

	it('that the manager leaves as they were are an error', async () => {
		const { answers } = groups();
		answers[`PUT ${TAGS}/6`] = { body: { data: recorded } };
		const { settled } = await run(answers, hostGroup('addMembers', { members: '10.0.0.1' }));
		await expect(settled).rejects.toMatchObject({
			message: expect.stringContaining('did not make it') as string,
			description: expect.stringContaining('10.0.0.1') as string,
		});
	});

	it('are read again after an answer without ranges', async () => {
		const { answers, puts } = groups();
		const write = answers[`PUT ${TAGS}/6`] as (request: never) => object;
		answers[`PUT ${TAGS}/6`] = (request) => ({ ...write(request as never), body: '' });
		const { settled } = await run(answers, hostGroup('addMembers', { members: '10.0.0.1' }));
		await expect(settled).resolves.toMatchObject([{ ranges: ['10.0.0.1'] }]);
		expect(puts).toHaveLength(1);
	});

	it.each([
		['', 'Members is empty'],
		['10.0.0.1, pc-7', 'Members holds "pc-7"'],
		['10.0.0.5/24', 'Members holds "10.0.0.5/24"'],
	])('do not take %j', async (members, message) => {
		const { settled, requests } = await run(groups().answers, hostGroup('addMembers', { members }));
		await expect(settled).rejects.toThrow(message);
		expect(requests).toEqual([]);
	});

	it.each([
		['other', 'whole', [6]],
		['other', 'part', [6, 7]],
		['INSIDE hosts', 'whole', [1]],
		['none', 'part', []],
	])('are found by the name %s (%s)', async (name, match, ids) => {
		const { settled } = await run(groups().answers, hostGroup('find', { name, match }));
		expect((await settled).map(({ id }) => id)).toEqual(ids);
	});

	it('can be read, listed and chosen', async () => {
		const { answers } = groups(['10.0.0.1']);
		const get = await run(answers, hostGroup('get'));
		await expect(get.settled).resolves.toMatchObject([
			{ id: 6, name: 'Other', path: ['Inside Hosts', 'By Function'], ranges: ['10.0.0.1'] },
		]);
		const raw = await run(answers, hostGroup('get', { simplify: false }));
		await expect(raw.settled).resolves.toEqual([{ ...recorded, ranges: ['10.0.0.1'] }]);
		const members = await run(answers, hostGroup('getMembers'));
		await expect(members.settled).resolves.toEqual([{ range: '10.0.0.1' }]);
		const list = await run(answers, hostGroup('getMany', { limit: 2 }));
		expect((await list.settled).map(({ name }) => name)).toEqual(['Inside Hosts', 'Other']);
		const context = fakeLoadOptions({ credentials: credentials(), server: manager(answers) });
		expect(await searchHostGroups.call(context, 'other')).toEqual({
			results: [
				{ name: 'Inside Hosts > By Function > Other', value: '6' },
				{ name: 'Others', value: '7' },
			],
		});
	});

	it('need an id that stays in its place', async () => {
		const evil = { hostGroup: { __rl: true, mode: 'id', value: '../../users' } };
		const { settled, sent } = await run(groups().answers, hostGroup('get', evil));
		await expect(settled).rejects.toMatchObject({ httpCode: '404' });
		expect(sent().at(-1)).toBe(`GET ${TAGS}/..%2F..%2Fusers`);
	});
});

it('lists tenants', async () => {
	const { settled } = await run({}, { resource: 'tenant', operation: 'getMany' });
	await expect(settled).resolves.toEqual([{ id: '102', name: 'companyname' }]);
});
