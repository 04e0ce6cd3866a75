import type { IDataObject } from 'n8n-workflow';
import type { LabRequest } from '../../../../lab/machine/vendor';
import type { FakeServer } from '../support/fakeContext';
import { withoutWaiting } from '../support/fakeContext';
import { secureEndpointLab } from '../../lab/vendors/secureEndpoint/support';
import { START } from '../../lab/vendors/shared/testLab';
import { run as runNode } from './support';

/**
 * The node against the lab's Secure Endpoint, which is written from Cisco's documents and knows nothing of the node:
 * every call must be well-formed in its eyes.
 */
const SHA256 = 'a78c29d1fa05c2b23d1dc9b75da8c053399143682fe3779bc466f10e1a997850';
const HOST = {
	guid: '00000000-0000-4000-8000-000000000001',
	macs: ['00:1B:AA:00:00:01', '00:1B:BB:00:00:01'],
};

let lab: ReturnType<typeof secureEndpointLab>;
let violations: string[];

beforeEach(() => {
	jest.useFakeTimers({ now: START });
	lab = secureEndpointLab();
	violations = [];
});
afterEach(() => {
	jest.useRealTimers();
	expect(violations).toEqual([]);
});

const server: FakeServer = async ({ method, url, headers, options }) => {
	lab.advance(Date.now() - lab.now());
	const body = Buffer.from((options.body as string | undefined) ?? '');
	const request: LabRequest = { method, url, headers, body };
	const answer = await lab.vendor.handle(request);
	if (answer.violation) violations.push(`${method} ${url.pathname}${url.search}: ${answer.violation}`);
	return { status: answer.status, headers: answer.headers, body: String(answer.body ?? '') };
};

async function run(resource: string, operation: string, more: object = {}) {
	const { clientId, apiKey } = lab.credentials;
	const { json } = await withoutWaiting(
		runNode({
			parameters: { resource, operation, returnAll: true, ...more } as IDataObject,
			credentials: { ciscoRtcSecureEndpointApi: { region: 'us', clientId, apiKey } },
			server,
		}),
	);
	return json;
}

it('reads detections with every network card', async () => {
	lab.emit({ at: START - 5_381, data: { sha256: SHA256, fileName: 'x.exe', outcome: 'quarantined' } });
	const filters = { receivedAfter: new Date(START - 60_000).toISOString(), eventTypes: ['1090519054'] };
	const detections = await run('event', 'getMany', { output: 'detections', filters });
	expect(detections).toHaveLength(1);
	expect(detections[0]).toMatchObject({
		id: expect.stringMatching(/^secureEndpoint:\d+$/) as string,
		occurredAt: new Date(START - 5_381).toISOString(),
		targets: HOST.macs.map((mac) => ({ mac, connectorGuid: HOST.guid, user: 'user1@corp.example' })),
	});
});

it('contains and releases a host', async () => {
	const addresses = await run('computer', 'getNetworkAddresses', {
		connectorGuids: [],
		hostnames: ['lap-001'],
	});
	expect(addresses).toMatchObject([{ connectorGuids: [HOST.guid], notFound: [], ambiguous: [] }]);
	expect(new Set(addresses[0].macs as string[])).toEqual(new Set(HOST.macs));

	const isolation = {
		connectorGuids: addresses[0].connectorGuids,
		comment: 'INC1',
		options: { deadlineSeconds: 600 },
	};
	await expect(run('isolation', 'start', isolation)).resolves.toMatchObject([{ inForce: true }]);
	await expect(run('isolation', 'start', isolation)).resolves.toMatchObject([
		{ connectors: [{ status: 'isolated', alreadyIsolated: true }], inForce: true },
	]);
	await expect(run('isolation', 'getStatus', isolation)).resolves.toMatchObject([{ inForce: true }]);
	await expect(run('isolation', 'stop', isolation)).resolves.toMatchObject([{ inForce: true }]);
	await expect(run('isolation', 'stop', isolation)).resolves.toMatchObject([
		{ connectors: [{ status: 'not_isolated', alreadyReleased: true }], inForce: true },
	]);
});

it('finds computers by everything', async () => {
	const filters = {
		mac: HOST.macs[1],
		user: 'user1',
		hostname: 'LAP',
		internalIp: '10.1.2.1',
		lastSeenWithin: 30,
	};
	await expect(run('computer', 'getMany', { filters })).resolves.toMatchObject([
		{ connectorGuid: HOST.guid },
	]);
	await expect(run('computer', 'get', { computer: HOST.guid })).resolves.toMatchObject([
		{ isolationStatus: 'not_isolated' },
	]);
	await expect(run('computer', 'getTrajectory', { computer: HOST.guid, limit: 50 })).resolves.toHaveLength(1);
	await expect(run('computer', 'getUserActivity', { user: 'user1' })).resolves.toHaveLength(1);
	await expect(run('computer', 'getActivity', { observable: SHA256 })).resolves.toEqual([]);
});

it('keeps file lists', async () => {
	const listType = 'simple_custom_detections';
	const [list] = await run('fileList', 'getMany', { listType });
	const file = { listType, fileList: list.guid, sha256: SHA256, description: 'INC1' };
	await expect(run('fileList', 'addFile', file)).resolves.toMatchObject([{ added: true }]);
	await expect(run('fileList', 'addFile', file)).resolves.toMatchObject([{ alreadyListed: true }]);
	await expect(run('fileList', 'getItems', file)).resolves.toContainEqual(
		expect.objectContaining({ sha256: SHA256, description: 'INC1' }),
	);
	await expect(run('fileList', 'removeFile', file)).resolves.toMatchObject([{ alreadyAbsent: false }]);
	await expect(run('fileList', 'removeFile', file)).resolves.toMatchObject([{ alreadyAbsent: true }]);
});

it('moves a computer, and reads groups, policies and vulnerabilities', async () => {
	const groups = await run('group', 'getMany');
	const group = groups[groups.length - 1].guid;
	await expect(run('computer', 'moveToGroup', { computer: HOST.guid, group })).resolves.toMatchObject([
		{ groupGuid: group },
	]);
	await expect(run('group', 'get', { group })).resolves.toMatchObject([{ guid: group }]);
	const [policy] = await run('policy', 'getMany');
	await expect(run('policy', 'get', { policy: policy.guid })).resolves.toMatchObject([{ name: policy.name }]);
	await run('vulnerability', 'getMany', { startTime: new Date(START).toISOString() });
	expect((await run('event', 'getTypes')).length).toBeGreaterThan(50);
});

it('makes and deletes an event stream', async () => {
	const [stream] = await run('eventStream', 'create', {
		name: 'soc',
		eventTypes: ['1090519054'],
		groups: [],
	});
	expect(stream.amqp_credentials).toMatchObject({ password: expect.any(String) as string });
	await expect(run('eventStream', 'getMany')).resolves.toHaveLength(1);
	await run('eventStream', 'delete', { eventStreamId: String(stream.id) });
	await expect(run('eventStream', 'getMany')).resolves.toEqual([]);
});
