import type { IDataObject } from 'n8n-workflow';
import { createSecureNetworkAnalytics } from '../../../../lab/vendors/secureNetworkAnalytics';
import { CiscoSecureNetworkAnalytics } from '../../../../nodes/CiscoSecureNetworkAnalytics/CiscoSecureNetworkAnalytics.node';
import { LAPTOP, send, testLab } from '../../lab/vendors/support';
import { fakeExecute, withoutWaiting, type FakeServer } from '../support/fakeContext';

const START = Date.parse('2026-03-04T05:06:07.000Z');
const MINUTE = 60_000;

beforeEach(() => jest.useFakeTimers({ now: START }));
afterEach(() => jest.useRealTimers());

/** Each test has a manager of its own; no session of another one is good there. */
let managers = 0;

/** The node against the lab's manager, which was written from Cisco's documents alone and notes every broken rule. */
function setUp() {
	const lab = testLab();
	const manager = createSecureNetworkAnalytics(lab);
	const violations: string[] = [];
	const server: FakeServer = async ({ method, url, headers, options }) => {
		lab.advance(Date.now() - lab.clock.now());
		const answer = await send(manager, method, url.href, { headers, body: options.body });
		if (answer.violation) violations.push(`${method} ${url.pathname}: ${answer.violation}`);
		return { status: answer.status, headers: answer.headers, body: answer.body };
	};
	const { username, password } = manager.credentials() as Record<string, string>;
	const managerUrl = `https://smc-${++managers}.lab.example`;
	const run = async (parameters: IDataObject) => {
		const credentials = { ciscoRtcSecureNetworkAnalyticsApi: { managerUrl, username, password } };
		const context = fakeExecute({ parameters, credentials, server });
		const [output] = await withoutWaiting(new CiscoSecureNetworkAnalytics().execute.call(context));
		return output.map(({ json }) => json);
	};
	const emit = (type: string, data: Record<string, unknown> = {}, at = Date.now()) =>
		manager.emit!({ at, hostname: 'pc-7', type, data });
	return { manager, run, emit, violations };
}

const iso = (ms: number) => new Date(ms).toISOString();

it('reads security events as detections, the same at every poll', async () => {
	const { run, emit, violations } = setUp();
	emit('Worm Propagation', { user: true, mac: true, peerIp: '203.0.113.66', points: 20_000 });
	emit('Port Scan', { user: false, mac: false, peerHostname: 'srv-1' });
	emit('Bad Host', { direction: 'target', mac: true, user: false, peerIp: '203.0.113.7' });
	jest.setSystemTime(START + MINUTE);
	const getMany = {
		resource: 'securityEvent',
		operation: 'getMany',
		output: 'detections',
		returnAll: true,
		from: iso(START - MINUTE),
		to: iso(START + MINUTE),
	};
	const detections = await run(getMany);
	const byName = Object.fromEntries(
		detections.map((detection) => [(detection.eventType as IDataObject).name, detection]),
	);
	expect(byName['Worm Propagation']).toMatchObject({
		source: 'secureNetworkAnalytics',
		severity: 'High',
		occurredAt: iso(START),
		observables: [{ type: 'ip', value: '203.0.113.66' }],
		targets: [{ ip: '10.1.1.7', mac: LAPTOP, user: 'ada' }],
	});
	expect(byName['Port Scan']).toMatchObject({
		observables: [{ type: 'ip', value: '10.3.1.1' }],
		targets: [{ ip: '10.1.1.7' }],
	});
	expect(byName['Bad Host']).toMatchObject({
		observables: [{ type: 'ip', value: '203.0.113.7' }],
		targets: [{ ip: '10.1.1.7', mac: LAPTOP }],
	});
	emit('Worm Propagation', { peerIp: '203.0.113.66', hitCount: 50 });
	jest.setSystemTime(START + 2 * MINUTE);
	const again = await run({ ...getMany, to: iso(START + 2 * MINUTE) });
	expect(again.map(({ id }) => id).sort()).toEqual(detections.map(({ id }) => id).sort());
	expect(violations).toEqual([]);
});

it('selects by type and host, and leaves no search behind', async () => {
	const { manager, run, emit, violations } = setUp();
	emit('Port Scan', { peerIp: '203.0.113.66' });
	emit('Worm Activity', { peerIp: '203.0.113.67' });
	jest.setSystemTime(START + MINUTE);
	const types = await run({ resource: 'securityEvent', operation: 'getTypes' });
	const portScan = types.find(({ name }) => name === 'Port Scan')!;
	const events = { resource: 'securityEvent', operation: 'getMany', output: 'events', returnAll: true };
	const byType = await run({ ...events, filters: { eventTypes: [portScan.id as string] } });
	expect(byType.map(({ securityEventType }) => String(securityEventType))).toEqual([portScan.id]);
	const byHost = await run({ ...events, filters: { targetAddresses: '203.0.113.67' } });
	expect(byHost).toHaveLength(1);
	expect(JSON.stringify(manager.state())).not.toContain('IN_PROGRESS');
	expect(violations).toEqual([]);
});

it('says so when searches fail or hang, and logs in again when the session is gone', async () => {
	const { manager, run, violations } = setUp();
	const events = { resource: 'securityEvent', operation: 'getMany', output: 'events', returnAll: true };
	manager.setFault!('jobsFail', true);
	await expect(run(events)).rejects.toThrow('failed at the manager');
	manager.setFault!('jobsFail', false);
	manager.setFault!('jobsHang', true);
	for (let i = 0; i < 7; i++) {
		await expect(run({ ...events, options: { waitSeconds: 5 } })).rejects.toThrow('after 5 seconds');
	}
	manager.setFault!('jobsHang', false);
	manager.expireTokens!();
	await expect(run(events)).resolves.toEqual([]);
	expect(violations).toEqual([]);
});

it('searches flows, sums them up, and reports conversations', async () => {
	const { run, emit, violations } = setUp();
	emit('Data Exfiltration', { peerIp: '203.0.113.66', peerPort: 443 });
	jest.setSystemTime(START + 5 * MINUTE);
	const filters = { subjectAddresses: '10.1.1.7' };
	const flows = await run({ resource: 'flow', operation: 'getMany', recordLimit: 100, filters });
	expect(flows.length).toBeGreaterThan(0);
	for (const flow of flows) expect(flow.subject).toMatchObject({ ipAddress: '10.1.1.7' });
	const host = { resource: 'host', ipAddress: '10.1.1.7' };
	const [snapshot] = await run({ ...host, operation: 'getSnapshot', minutesAround: 60 });
	expect(snapshot).toMatchObject({ ipAddress: '10.1.1.7', flowCount: flows.length });
	const conversations = await run({ ...host, operation: 'getTopConversations', limit: 5 });
	expect(conversations.length).toBeGreaterThan(0);
	expect(violations).toEqual([]);
});

it('keeps members of a host group', async () => {
	const { run, violations } = setUp();
	const [group] = await run({ resource: 'hostGroup', operation: 'find', name: 'servers', match: 'whole' });
	const hostGroup = { __rl: true, mode: 'list', value: String(group.id) };
	const change = (operation: string) =>
		run({ resource: 'hostGroup', operation, hostGroup, members: '10.1.1.7, 10.77.0.0/16' });
	const [added] = await change('addMembers');
	expect(added.added).toEqual(['10.1.1.7', '10.77.0.0/16']);
	expect((await change('addMembers'))[0].added).toEqual([]);
	const members = await run({ resource: 'hostGroup', operation: 'getMembers', hostGroup });
	expect(members).toContainEqual({ range: '10.1.1.7' });
	expect((await change('removeMembers'))[0].removed).toEqual(['10.1.1.7', '10.77.0.0/16']);
	const [after] = await run({ resource: 'hostGroup', operation: 'get', hostGroup });
	expect(after.ranges).toEqual(group.ranges);
	expect(await run({ resource: 'tenant', operation: 'getMany', returnAll: true })).toHaveLength(1);
	expect(violations).toEqual([]);
});
