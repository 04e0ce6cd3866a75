import { createHmac } from 'node:crypto';
import { createWebex } from '../../../../lab/vendors/webex';
import { noticeCard } from '../../../../nodes/CiscoWebex/decisions/notice';
import { cardKey, webhookSecret } from '../../../../nodes/CiscoWebex/decisions/token';
import { CiscoWebexTrigger } from '../../../../nodes/CiscoWebex/CiscoWebexTrigger.node';
import type { Intent } from '../../../../ledger';
import { PEOPLE, WebexDoor } from '../../../support/webexDoor';
import { send, testLab } from '../../lab/vendors/support';
import type { FakeServer } from '../support/fakeContext';

let door: WebexDoor;
afterEach(async () => await door.close());

async function open(options: { deciders?: string; server?: FakeServer } = {}) {
	const lab = testLab();
	jest.spyOn(Date, 'now').mockReturnValue(lab.clock.now('webex'));
	door = await WebexDoor.open(createWebex(lab), options);
	return lab;
}
afterEach(() => jest.restoreAllMocks());

const token = () => (door.webex.credentials() as { people: { token: string }[] }).people[0].token;
const state = () => door.webex.state() as unknown as { rooms: { id: string }[]; webhooks: { resource: string; hasSecret: boolean; targetUrl: string }[] };

const INTENT = {
	kind: 'notify',
	episodeId: 'episode-1',
	requestedBy: 'workflow',
	reason: 'why',
	decision: { guard: 'dispatch', verdict: 'contain', reason: 'why' },
	host: { hostnames: ['pc-7'], macs: [], ips: [], users: [], connectorGuids: [] },
	trigger: { kind: 'hostname', key: 'pc-7', score: 90 },
	topContributions: [],
	notice: { event: 'contained', references: {} },
} as unknown as Intent;

/** The bot posts a containment card; its button "Release" with its data. */
async function post() {
	const { card, text } = noticeCard(INTENT, { key: cardKey(token()), now: Date.now(), validMs: 60_000, buttons: true });
	const [{ data: inputs }] = card.actions as { data: Record<string, unknown> }[];
	const body = { roomId: state().rooms[0].id, text, attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive', content: card }] };
	const headers = { authorization: `Bearer ${token()}`, 'content-type': 'application/json' };
	const answer = await send(door.webex, 'POST', 'https://webexapis.com/v1/messages', { headers, body });
	return { messageId: (answer.body as { id: string }).id, inputs };
}

async function press() {
	const action = door.webex.pressButton({ ...(await post()), personEmail: PEOPLE.analyst });
	await door.webex.settled();
	return action;
}

const signed = (body: Buffer, secret = webhookSecret(token(), door.targetUrl)) => ({
	'x-spark-signature': createHmac('sha1', secret).update(body).digest('hex'),
});
const callAbout = (id: string, resource = 'attachmentActions') => Buffer.from(JSON.stringify({ resource, event: 'created', data: { id } }));

it('registers one signed webhook per kind of event, finds them again, and takes them away', async () => {
	await open();
	expect(await door.hook('checkExists')).toBe(false);
	await door.hook('create');
	await door.hook('create');
	expect(state().webhooks).toMatchObject([
		{ resource: 'attachmentActions', hasSecret: true, targetUrl: door.targetUrl },
		{ resource: 'messages', hasSecret: true },
	]);
	expect(await door.hook('checkExists')).toBe(true);
	await door.hook('delete');
	expect(state().webhooks).toEqual([]);
});

it('can not be activated with a list of people that nobody can read', async () => {
	await open({ deciders: 'ann' });
	await expect(door.hook('create')).rejects.toThrow('Line 1');
	expect(state().webhooks).toEqual([]);
});

it('listens to POST only, so that no link scanner can decide anything', () => {
	const { webhooks = [] } = new CiscoWebexTrigger().description;
	expect(webhooks.map(({ httpMethod }) => httpMethod)).toEqual(['POST']);
});

it('gives what Webex delivers to the workflow once, also when it is delivered again', async () => {
	await open();
	await door.hook('create');
	const { id } = await press();
	expect(door.items).toMatchObject([{ decision: 'release', episodeId: 'episode-1', by: PEOPLE.analyst }]);
	expect(JSON.stringify(door.items)).not.toContain(token());

	const body = callAbout(id);
	expect(await door.call(body, signed(body))).toMatchObject({ status: 200 });
	expect(door.items).toHaveLength(1);
});

it.each([
	['without a signature', () => ({})],
	['with a signature of another secret', (body: Buffer) => signed(body, 'guess')],
	['with the secret of another address', (body: Buffer) => signed(body, webhookSecret(token(), 'https://elsewhere'))],
])('answers 401 to a call %s and asks Webex nothing', async (_case, headers) => {
	const server = jest.fn();
	await open({ server });
	const body = callAbout('A1');
	expect(await door.call(body, headers(body))).toMatchObject({ status: 401 });
	expect(server).not.toHaveBeenCalled();
	expect(door.items).toEqual([]);
});

it('answers 413 to a call that Webex would never send', async () => {
	await open();
	const body = Buffer.alloc(70_000, 'x');
	expect(await door.call(body, signed(body))).toMatchObject({ status: 413 });
});

it.each([
	['no JSON', Buffer.from('{')],
	['another event', Buffer.from('{"resource":"rooms","event":"created","data":{"id":"1"}}')],
	['an action that does not exist', callAbout('nothing')],
	['an id that leads elsewhere', callAbout('../../people/me')],
])('answers 200 to a signed call about %s, and does nothing', async (_case, body) => {
	await open();
	expect(await door.call(body, signed(body))).toMatchObject({ status: 200 });
	expect(door.items).toEqual([]);
});

it('does nothing about a press that was kept back for long', async () => {
	const lab = await open();
	const { id } = await press();
	jest.spyOn(Date, 'now').mockReturnValue(lab.clock.now('webex') + 11 * 60_000);
	const body = callAbout(id);
	expect(await door.call(body, signed(body))).toMatchObject({ status: 200 });
	expect(door.items).toEqual([]);
});

it('leaves the messages of the bot itself alone', async () => {
	await open();
	await door.hook('create');
	const { messageId } = await post();
	await door.webex.settled();
	const headers = { authorization: `Bearer ${token()}`, 'content-type': 'application/json' };
	const body = { roomId: state().rooms[0].id, parentId: messageId, markdown: '<@personEmail:rtc-alerts@webex.bot> release' };
	await send(door.webex, 'POST', 'https://webexapis.com/v1/messages', { headers, body });
	await door.webex.settled();
	expect(door.answers.length).toBeGreaterThan(1);
	expect(door.items).toEqual([]);
});

it('answers 503 when Webex is out of reach, and takes the same press afterwards', async () => {
	let down = true;
	const lab = testLab();
	jest.spyOn(Date, 'now').mockReturnValue(lab.clock.now('webex'));
	const webex = createWebex(lab);
	door = await WebexDoor.open(webex, {
		server: async ({ method, url, headers, body }) =>
			down && url.pathname.includes('/attachment/') ? { status: 500, body: {} } : await send(webex, method, url.href, { headers, body }),
	});
	const { id } = await press();
	const body = callAbout(id);
	expect(await door.call(body, signed(body))).toMatchObject({ status: 503 });
	down = false;
	expect(await door.call(body, signed(body))).toMatchObject({ status: 200 });
	expect(door.items).toHaveLength(1);
});
