import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import type { IDataObject } from 'n8n-workflow';
import { Engine } from '../support/engine';
import { HOST, intentOf, macsOf, misdeedsOf, sceneOf } from '../support/engineScenes';
import { openQuarantineDoor, TOKENS, type DoorAnswer } from '../support/quarantineDoor';

let engine: Engine;
let door: { url: string; close(): Promise<void> };
let test = 0;
beforeAll(async () => (engine = await Engine.start()));
beforeEach(async () => {
	await engine.reset();
	door = await openQuarantineDoor({ ledger: () => engine.ledger, behind: runWorkflow, nodeId: `manual-${++test}` });
});
afterEach(async () => await door.close());
afterAll(async () => await engine.close());

/** The workflow with what the trigger let in; its node "Answer" is what n8n would send. */
async function runWorkflow(item: IDataObject): Promise<DoorAnswer> {
	const [execution] = await engine.runWell('rtcManualQuarantine', [item]);
	const [answer] = execution.output('Answer');
	return { status: answer.statusCode as number, body: answer.body as IDataObject };
}

async function ask(
	action: 'quarantine' | 'release',
	body: IDataObject,
	{ token = TOKENS.operator, key }: { token?: string; key?: string } = {},
): Promise<DoorAnswer> {
	const response = await fetch(`${door.url}/${action}`, {
		method: 'POST',
		headers: {
			'Content-Type': 'application/json',
			Authorization: `Bearer ${token}`,
			...(key && { 'Idempotency-Key': key }),
		},
		body: JSON.stringify({ reason: 'Reported stolen', requester: 'ann@corp.example', ...body }),
	});
	return { status: response.status, body: (await response.json()) as IDataObject };
}

const contained = () => ({ bound: macsOf(engine), isolation: 'isolated' });
const address = () => engine.host(HOST).nics.find(({ connected }) => connected)!.ip;
const mac = () => engine.host(HOST).nics.find(({ connected }) => connected)!.mac;

it.each([
	['every card and the connector of a host named by its hostname', () => ({ hostname: HOST }), () => contained()],
	['the card that is named, where nothing else is known of the host', () => ({ mac: mac() }), () => ({ bound: [mac()] })],
	['a card in another form', () => ({ mac: mac().toLowerCase().replaceAll(':', '-') }), () => ({ bound: [mac()] })],
	['whoever has the address now', () => ({ ip: address() }), () => ({ bound: [mac()] })],
])('contains %s, and releases it', async (_what, host, expected) => {
	const taken = await ask('quarantine', { ...host(), duration: 'PT1H' });
	expect(taken).toMatchObject({ status: 202, body: { kind: 'contain', state: 'pending', repeated: false } });
	expect(await intentOf(engine, 'contain')).toMatchObject({ id: taken.body.intentId, state: 'done', requestedBy: 'ann@corp.example' });
	expect(sceneOf(engine)).toMatchObject(expected());
	const { items } = await engine.ledger.getAudit({ action: 'containedManually', limit: 1 });
	expect(items[0].execution).toMatch(/token operator-portal$/);

	expect(await ask('release', host())).toMatchObject({ status: 202, body: { kind: 'release' } });
	expect(sceneOf(engine)).toMatchObject({ bound: [] });
	expect(sceneOf(engine).isolation).not.toBe('isolated');
	expect(await ask('release', host())).toMatchObject({ status: 404, body: { error: { code: 'notContained' } } });
	expect(misdeedsOf(engine)).toEqual([]);
});

it('answers 404 for a host that nobody knows, and leaves no trace of it in the ledger', async () => {
	expect(await ask('quarantine', { mac: '02:00:00:00:00:99' })).toMatchObject({ status: 404, body: { error: { code: 'noSession' } } });
	expect((await engine.ledger.getIntents({ limit: 5 })).items).toEqual([]);
});

it('answers 409 for a protected host, unless an approver overrides that', async () => {
	await engine.ledger.protect({ type: 'hostname', value: HOST, reason: 'the CEO' }, { name: 'ann' });
	expect(await ask('quarantine', { hostname: HOST })).toMatchObject({ status: 409, body: { error: { code: 'protected' } } });
	const override = { hostname: HOST, overrideProtection: true };
	expect(await ask('quarantine', override)).toMatchObject({ status: 403 });
	expect(sceneOf(engine)).toMatchObject({ bound: [] });
	expect(await ask('quarantine', override, { token: TOKENS.approver })).toMatchObject({ status: 202 });
	expect(sceneOf(engine)).toMatchObject(contained());
});

it('of a requester waits for an approver, and tells the room', async () => {
	const { status, body } = await ask('quarantine', { hostname: HOST }, { token: TOKENS.requester });
	expect({ status, body }).toMatchObject({ status: 202, body: { state: 'awaitingApproval', expiresAt: expect.any(String) } });
	await engine.runWell('rtcSweepIntents');
	expect(sceneOf(engine)).toMatchObject({ bound: [], messages: [`Approval needed to contain ${HOST}`] });
	await engine.ledger.approve(String(body.intentId), { name: 'ben@corp.example' }, 'go');
	await engine.runWell('rtcSweepIntents');
	expect(sceneOf(engine)).toMatchObject(contained());
});

it('sent again with its key does nothing more, also after a release; with another body it is refused', async () => {
	const first = await ask('quarantine', { hostname: HOST }, { key: 'ticket-1' });
	await ask('release', { hostname: HOST });
	expect(await ask('quarantine', { hostname: HOST }, { key: 'ticket-1' })).toMatchObject({
		status: 202,
		body: { intentId: first.body.intentId, repeated: true },
	});
	expect(sceneOf(engine)).toMatchObject({ bound: [] });
	expect(await ask('quarantine', { hostname: 'other' }, { key: 'ticket-1' })).toMatchObject({ status: 422 });
	expect(await ask('quarantine', { hostname: HOST }, { key: 'ticket-1', token: TOKENS.approver })).toMatchObject({
		status: 202,
		body: { repeated: false },
	});
});

it('answers 503 when ISE is out of reach, and changes nothing', async () => {
	engine.fault({ vendor: 'ise', kind: 'status', status: 503 });
	expect(await ask('quarantine', { mac: mac() })).toMatchObject({ status: 503 });
	expect((await engine.ledger.getIntents({ limit: 5 })).items).toEqual([]);
});

it('answers 503 for a host that only Secure Endpoint could have known, when it is out of reach', async () => {
	engine.fault({ vendor: 'secureEndpoint', kind: 'status', status: 503, path: '/v1/computers*' });
	expect(await ask('quarantine', { hostname: HOST })).toMatchObject({ status: 503, body: { error: { code: 'unavailable', message: expect.stringContaining('Secure Endpoint') } } });
	expect((await engine.ledger.getIntents({ limit: 5 })).items).toEqual([]);
	expect(await ask('quarantine', { hostname: HOST, mac: mac() })).toMatchObject({ status: 202 });
	expect(await ask('release', { hostname: HOST })).toMatchObject({ status: 202 });
});

it('the curl examples of the documentation work', async () => {
	const docs = readFileSync(path.join(__dirname, '../../docs/manual-quarantine.md'), 'utf8');
	const examples = [...docs.matchAll(/```sh\n(curl [\s\S]*?)```/g)].map(([, command]) => command);
	expect(examples.length).toBeGreaterThanOrEqual(3);
	const answers: string[] = [];
	for (const example of examples) {
		const env = { PATH: process.env.PATH, RTC_URL: door.url, RTC_TOKEN: TOKENS.operator };
		const { stdout } = await promisify(execFile)('sh', ['-c', example], { env });
		answers.push(stdout.trim().split('\n').at(-1)!);
	}
	expect(answers).toEqual(['202', '202', '202', '400']);
});
