import { DatabaseSync } from 'node:sqlite';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Intent } from '../../ledger';
import { Engine } from '../support/engine';
import {
	EXECUTED_MALWARE,
	HOST,
	PERSON,
	QUARANTINE_FAILED,
	changesAsked,
	compromise,
	intentOf,
	messagesOf,
	misdeedsOf,
	poll,
	reportEvent,
	sceneOf,
} from '../support/engineScenes';
import { completeIntent } from '../support/settle';

let engine: Engine;
beforeAll(async () => (engine = await Engine.start()));
beforeEach(async () => await engine.reset());
afterEach(() => expect(misdeedsOf(engine)).toEqual([]));
afterAll(async () => await engine.close());

/** SQLite's own words, where a test can switch them on and off. */
const FULL = "CREATE TRIGGER full_disk BEFORE UPDATE ON intents BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END";

/** No intent can be written from the first message at Webex on, for a second. */
async function failBehindTheMessage(ledgerFile: string): Promise<void> {
	while (messagesOf(engine).length === 0) await nextTurn();
	const other = new DatabaseSync(ledgerFile);
	other.exec(FULL);
	await new Promise((resolve) => setTimeout(resolve, 1_000));
	other.exec('DROP TRIGGER full_disk');
	other.close();
}

const WORKFLOW = { name: 'workflow' };

/** Notices of hosts that were contained, of which nobody was told yet. */
async function untold(hostnames: string[]): Promise<Intent[]> {
	const notices: Intent[] = [];
	for (const hostname of hostnames) {
		const { id } = await engine.ledger.containManually({ hostname }, { actor: PERSON, reason: 'Drill' });
		await engine.ledger.claimIntents({ actor: WORKFLOW, kinds: ['contain'], ids: [id], limit: 1, leaseSeconds: 60 });
		const { notice } = await completeIntent(engine.ledger, id, { actor: WORKFLOW, result: {} });
		notices.push(notice as Intent);
	}
	return notices;
}

const serviceNowWrites = () => changesAsked(engine).filter((call) => call.startsWith('serviceNow'));
const noticeNow = async () => await intentOf(engine, 'notify');

/** One source alone asks for approval. */
async function askForApproval(): Promise<void> {
	reportEvent(engine, EXECUTED_MALWARE);
	reportEvent(engine, QUARANTINE_FAILED);
	await poll(engine);
}

/** Nobody approves; the first sweep closes the request, the next one tells of it. */
async function letExpire(): Promise<void> {
	engine.time.advance(16 * 60_000);
	await engine.runWell('rtcSweepIntents');
	await engine.runWell('rtcSweepIntents');
}

it('posts one card when what was sent can be recorded only later', async () => {
	const { id } = await engine.ledger.containManually({ hostname: HOST }, { actor: PERSON, reason: 'x' });
	await Promise.all([engine.run('rtcContainEndpoint', [{ id }]), failBehindTheMessage(engine.ledgerFile)]);

	engine.time.advance(3_600_000);
	await engine.runWell('rtcSweepIntents');
	expect(await intentOf(engine, 'notify')).toMatchObject({ state: 'done', steps: { webexMessageId: messagesOf(engine)[0].id } });
	expect(sceneOf(engine)).toMatchObject({ messages: [`${HOST} was contained`], incidents: [{ notes: [] }] });
});

it('gives ServiceNow no text of others that its journal would show as HTML', async () => {
	const reason = (text: string) => `${text} [code]<a href="https://evil.example">Sign in</a>[/CODE] [0]`;
	const { id } = await engine.ledger.containManually({ hostname: HOST }, { actor: PERSON, reason: reason('Malware') });
	await engine.runWell('rtcContainEndpoint', [{ id }]);
	const release = await engine.ledger.release({ kind: 'hostname', key: HOST }, PERSON, reason('Clean'));
	await engine.runWell('rtcReleaseEndpoint', [{ id: release.id }]);

	const inert = (text: string) => `${text} (code]<a href="https://evil.example">Sign in</a>(/CODE] [0]`;
	const { serviceNow } = engine.state().vendors as unknown as { serviceNow: { incidents: { description: string }[] } };
	expect(serviceNow.incidents[0].description.split('\n')[0]).toBe(`ann: ${inert('Malware')}`);
	expect(sceneOf(engine).incidents[0].notes).toEqual([`Released by ann: ${inert('Clean')}`]);
});

describe('two executions', () => {
	const HOSTS = [HOST, 'pc-2', 'pc-3'];
	const told = () => sceneOf(engine).messages.filter((text) => text.endsWith(' was contained')).sort();

	/** The first one's lease ends while ServiceNow looks for the incident. */
	async function overtake(id: string): Promise<void> {
		while ((await engine.ledger.getIntents({ kind: 'notify', limit: 5 })).items.every(({ steps }) => !steps.webexMessageId)) await nextTurn();
		engine.time.advance(121_000);
		await engine.runWell('rtcNotify', [{ id }]);
	}

	it('open one incident when one overtakes the other, which stops', async () => {
		const [{ id }] = await untold([HOST]);
		engine.fault({ vendor: 'serviceNow', kind: 'slow', delayMs: 1_000, method: 'GET' });
		const [[slow]] = await Promise.all([engine.run('rtcNotify', [{ id }]), overtake(id)]);

		expect(slow.error?.message).toContain('has claimed it since');
		expect(slow.lastNode).toBe('Renew lease');
		expect(await noticeNow()).toMatchObject({ state: 'done', attempts: 2 });
		expect(told()).toEqual([`${HOST} was contained`]);
		expect(serviceNowWrites()).toHaveLength(1);
	});

	it('share what is to be told: each notice once', async () => {
		const notices = await untold(HOSTS);
		const ids = notices.map(({ id }) => ({ id }));
		await Promise.all([engine.runWell('rtcNotify', ids), engine.runWell('rtcNotify', ids)]);
		expect(told()).toEqual(HOSTS.map((hostname) => `${hostname} was contained`));
		expect(serviceNowWrites()).toHaveLength(3);
	});

	it('claim a notice only when its turn has come', async () => {
		const notices = await untold(HOSTS);
		const [execution] = await engine.runWell('rtcNotify', notices.map(({ id }) => ({ id })));
		expect(execution.output('Claim a notice').map(({ leaseUntil }) => leaseUntil)).toHaveLength(3);
		expect(new Set(execution.output('Claim a notice').map(({ leaseUntil }) => leaseUntil)).size).toBe(3);
	});
});

describe('settings', () => {
	const SERVICE_NOW_NODES = ['Find incident', 'Add work note', 'Create incident'];
	const WEBEX_NODES = ['Post to Webex', 'Close request'];

	it('without a room, the incident is opened, and the notice fails until a room is set', async () => {
		engine.setting('rtcNotify', 'settings.webexRoomId', '');
		await compromise(engine);
		expect(sceneOf(engine)).toMatchObject({ messages: [], incidents: [{ notes: [] }] });
		expect(await noticeNow()).toMatchObject({ state: 'pending', lastError: expect.stringContaining('Webex: no room is set. Enter its ID in the node Settings') as string });

		engine.setting('rtcNotify', 'settings.webexRoomId', (engine.lab.lab.credentials() as { webex: { room: { id: string } } }).webex.room.id);
		engine.time.advance(60_000);
		await engine.runWell('rtcSweepIntents');
		expect(sceneOf(engine)).toMatchObject({ messages: [`${HOST} was contained`], incidents: [{ notes: [] }] });
	});

	it('without Webex, its nodes deactivated, ServiceNow is told', async () => {
		engine.setting('rtcNotify', 'settings.webexEnabled', false);
		engine.turnOff('rtcNotify', WEBEX_NODES);
		await compromise(engine);
		expect(sceneOf(engine)).toMatchObject({ messages: [], incidents: [{ notes: [] }] });
		expect(await noticeNow()).toMatchObject({ state: 'done' });
	});

	it('without ServiceNow, its nodes deactivated, Webex is told', async () => {
		engine.setting('rtcNotify', 'settings.serviceNowEnabled', false);
		engine.turnOff('rtcNotify', SERVICE_NOW_NODES);
		await compromise(engine);
		expect(sceneOf(engine)).toMatchObject({ messages: [`${HOST} was contained`], incidents: [] });
		expect(await noticeNow()).toMatchObject({ state: 'done' });
	});

	it.each([
		['ServiceNow', SERVICE_NOW_NODES, 'Find incident is deactivated. Turn serviceNowEnabled off'],
		['Webex', WEBEX_NODES, 'is deactivated. Turn webexEnabled off'],
	])('with the nodes of %s deactivated and its setting forgotten, the notice says so', async (_product, nodes, text) => {
		engine.turnOff('rtcNotify', nodes);
		await compromise(engine);
		expect(await noticeNow()).toMatchObject({ state: 'pending', lastError: expect.stringContaining(text) as string });
	});
});

describe('a request for approval', () => {
	beforeEach(askForApproval);

	it('has an incident, which says that the host was contained once it is approved', async () => {
		expect(sceneOf(engine).incidents).toMatchObject([{ notes: [] }]);
		const { id } = await intentOf(engine, 'contain');
		await engine.ledger.approve(id, { name: 'ben' }, 'Seen it');
		await engine.runWell('rtcContainEndpoint', [{ id }]);
		expect(sceneOf(engine).incidents).toMatchObject([{ notes: [`${HOST} was contained. Approved by ben: Seen it`] }]);
	});

	it('that expires is closed in the room, and the incident says so', async () => {
		await letExpire();
		const [message, ...others] = messagesOf(engine);
		expect(others).toEqual([]);
		expect(message.text.split('\n')).toEqual([`Approval needed to contain ${HOST}`, 'Nobody approved in time: nothing was contained']);
		expect(JSON.stringify(message)).not.toContain('Approve"');
		expect(sceneOf(engine).incidents).toMatchObject([{ notes: [expect.stringContaining(`Nobody approved in time: ${HOST} was not contained`)] }]);
		expect(await noticeNow()).toMatchObject({ state: 'done', steps: { webexMessageId: message.id } });
	});

	it('that expires gets a card of its own when that of the request is gone', async () => {
		engine.fault({ vendor: 'webex', kind: 'status', status: 404, method: 'GET', path: '/v1/messages/*', times: 1 });
		await letExpire();
		expect(sceneOf(engine).messages).toEqual([`Approval needed to contain ${HOST}`, `Nobody approved in time: ${HOST} was not contained`]);
	});
});

describe('the incident that ServiceNow returns', () => {
	it('is not touched when it belongs to something else', async () => {
		const [{ id }] = await untold([HOST]);
		await engine.run('rtcNotify', [{ id }], { 'Find incident': [{ sys_id: 'a'.repeat(32), number: 'INC0000007', active: 'true' }] });
		expect(await noticeNow()).toMatchObject({ state: 'pending', lastError: expect.stringContaining('returned another one (INC0000007)') as string });
		expect(serviceNowWrites()).toEqual([]);
	});

	it('is left alone when it is closed and the host was released', async () => {
		await compromise(engine);
		const before = serviceNowWrites();
		const { id, episodeId } = await engine.ledger.release({ kind: 'hostname', key: HOST }, PERSON, 'Cleaned');
		await engine.ledger.claimIntents({ actor: WORKFLOW, kinds: ['release'], limit: 1, leaseSeconds: 60 });
		const { notice } = await completeIntent(engine.ledger, id, { actor: WORKFLOW, result: {} });
		const closed = { sys_id: 'a'.repeat(32), number: 'INC0000007', active: 'false', correlation_id: episodeId };
		await engine.run('rtcNotify', [{ id: notice?.id }], { 'Find incident': [closed] });
		expect(await noticeNow()).toMatchObject({ state: 'done', steps: { serviceNowRemark: { text: expect.stringContaining('closed already') as string } } });
		expect(serviceNowWrites()).toEqual(before);
	});

	it('is followed by another one when it is closed and something else happens', async () => {
		const [{ id, episodeId }] = await untold([HOST]);
		const closed = { sys_id: 'a'.repeat(32), number: 'INC0000007', active: 'false', correlation_id: episodeId };
		await engine.run('rtcNotify', [{ id }], { 'Find incident': [closed] });
		expect(sceneOf(engine).incidents).toEqual([{ correlationId: episodeId, notes: [] }]);
	});
});
