import type { IDataObject } from 'n8n-workflow';
import type { Policy } from '../../ledger';
import { Engine } from '../support/engine';
import {
	EXECUTED_MALWARE,
	HOST,
	QUARANTINE_FAILED,
	compromise,
	intentOf,
	macsOf,
	messagesOf,
	misdeedsOf,
	poll,
	reportEvent,
	sceneOf,
} from '../support/engineScenes';
import { PEOPLE, WebexDoor } from '../support/webexDoor';

let engine: Engine;
let door: WebexDoor;
beforeAll(async () => (engine = await Engine.start()));
beforeEach(async () => {
	await engine.reset();
	door = await WebexDoor.of(engine.lab.lab);
	await door.hook('create');
});
afterEach(async () => {
	await door.close();
	expect(misdeedsOf(engine)).toEqual([]);
});
afterAll(async () => await engine.close());

interface Card extends IDataObject {
	id: string;
	roomId: string;
	text: string;
	parentId?: string;
	attachments?: { content: { body: IDataObject[]; actions?: Action[] } }[];
}

interface Action {
	title: string;
	data?: IDataObject;
	card?: { actions?: Action[] };
}

const cards = () => (messagesOf(engine) as unknown as Card[]).filter(({ attachments }) => attachments);
const lastCard = () => cards().at(-1)!;

function buttons(card: Card): Action[] {
	const actions = card.attachments?.[0].content.actions ?? [];
	return [...actions, ...actions.flatMap(({ card: inner }) => inner?.actions ?? [])];
}

/** A person presses a button in the lab's room; the workflow runs with whatever Webex delivers. */
async function press(title: string, personEmail: string, entered: IDataObject = {}, card = lastCard()) {
	const button = buttons(card).find((one) => one.title === title && one.data);
	if (!button) throw new Error(`The card has no button ${title}`);
	await deliver(card.id, personEmail, { ...button.data, ...entered });
}

async function deliver(messageId: string, personEmail: string, inputs: IDataObject) {
	const before = door.items.length;
	engine.lab.lab.pressButton({ messageId, personEmail, inputs });
	await door.webex.settled();
	for (const item of door.items.slice(before)) await engine.runWell('rtcWebexActions', [item]);
}

/** One source alone asks for approval. */
async function askForApproval(quorum?: number): Promise<void> {
	if (quorum) {
		const { policy } = await engine.ledger.getPolicy();
		const changed: Policy = { ...policy, approval: { ...policy.approval, quorum } };
		await engine.ledger.updatePolicy(changed, { name: 'test' }, 'two pairs of eyes');
	}
	reportEvent(engine, EXECUTED_MALWARE);
	reportEvent(engine, QUARANTINE_FAILED);
	await poll(engine);
}

const contained = () => ({ bound: macsOf(engine), isolation: 'isolated' });
const untouched = { bound: [], isolation: undefined };

describe('an approval card', () => {
	it('approved by an approver, leads to the containment and shows the outcome without buttons', async () => {
		await askForApproval();
		expect(buttons(lastCard()).map(({ title }) => title)).toEqual(['Approve', 'Deny', 'Deny']);
		const asked = lastCard();
		await press('Approve', PEOPLE.approver, { reason: 'seen it' });

		expect(sceneOf(engine)).toMatchObject(contained());
		expect(await intentOf(engine, 'contain')).toMatchObject({
			state: 'done',
			approvals: [{ by: PEOPLE.approver, reason: 'seen it' }],
		});
		const [outcome, notice] = cards();
		expect(cards().map(({ id }) => id)).not.toContain(asked.id);
		expect(buttons(outcome)).toEqual([]);
		expect(outcome.text).toBe(`Approval needed to contain ${HOST}\nApproved by Ann Prover: seen it`);
		expect(notice.text).toMatch(new RegExp(`^${HOST} was contained`));
		const { items } = await engine.ledger.getAudit({ action: 'intent.approved', limit: 5 });
		expect(items).toMatchObject([{ actor: PEOPLE.approver }]);
	});

	it.each([
		['an operator', PEOPLE.analyst, 'Approve', { reason: 'mine' }, /not on the list/],
		['an approver who gives no reason for a denial', PEOPLE.approver, 'Deny', {}, /needs a reason/],
	])('is not decided by %s, who is told so in the thread', async (_case, who, title, entered, answer) => {
		await askForApproval();
		await press(title, who, entered);
		expect(sceneOf(engine)).toMatchObject(untouched);
		expect(await intentOf(engine, 'contain')).toMatchObject({ state: 'awaitingApproval', approvals: [] });
		const reply = (messagesOf(engine) as unknown as Card[]).at(-1)!;
		expect(reply).toMatchObject({ parentId: lastCard().id, text: expect.stringMatching(answer) });
	});

	it('denied, contains nothing and cannot be approved any more', async () => {
		await askForApproval();
		const { rtc } = buttons(lastCard())[0].data!;
		await press('Deny', PEOPLE.approver, { denyReason: 'a test machine' });
		expect(await intentOf(engine, 'contain')).toMatchObject({ state: 'denied' });
		expect(lastCard().text).toMatch(/Denied by Ann Prover: a test machine$/);
		await deliver(lastCard().id, PEOPLE.manager, { rtc, reason: 'still' });
		expect(sceneOf(engine)).toMatchObject(untouched);
		expect(await intentOf(engine, 'contain')).toMatchObject({ state: 'denied' });
	});

	it('that needs two, contains with the second and not with the same person twice', async () => {
		await askForApproval(2);
		await press('Approve', PEOPLE.approver, { reason: 'seen' });
		await press('Approve', PEOPLE.approver, { reason: 'really' });
		expect(sceneOf(engine)).toMatchObject(untouched);
		const texts = (messagesOf(engine) as unknown as Card[]).map(({ text }) => text);
		expect(texts).toContainEqual('1 of 2 approvals: Ann Prover approved. seen');
		expect(texts).toContainEqual(expect.stringMatching(/has approved already/));
		await press('Approve', PEOPLE.manager, { reason: 'me too' });
		expect(sceneOf(engine)).toMatchObject(contained());
	});

	it('counts a press once that Webex delivers twice', async () => {
		await askForApproval(2);
		engine.fault({ vendor: 'webex', kind: 'vendor', name: 'duplicateDelivery' });
		await press('Approve', PEOPLE.approver, { reason: 'seen' });
		expect(door.answers.slice(-2)).toMatchObject([{ body: { message: 'Taken' } }, { body: { message: 'Known already' } }]);
		expect(sceneOf(engine)).toMatchObject(untouched);
		expect(await intentOf(engine, 'contain')).toMatchObject({ approvals: [{ by: PEOPLE.approver }] });
		expect(messagesOf(engine).map(({ text }) => text).join()).not.toMatch(/has approved already/);
		await press('Approve', PEOPLE.manager, { reason: 'me too' });
		expect(sceneOf(engine)).toMatchObject(contained());
	});

	it('counts presses that come in another order', async () => {
		await askForApproval(2);
		engine.fault({ vendor: 'webex', kind: 'vendor', name: 'reorderDelivery' });
		const card = lastCard();
		const { data } = buttons(card).find(({ title }) => title === 'Approve')!;
		for (const personEmail of [PEOPLE.approver, PEOPLE.manager])
			engine.lab.lab.pressButton({ messageId: card.id, personEmail, inputs: { ...data, reason: 'seen' } });
		await door.webex.settled();
		expect(door.items.map(({ by }) => by)).toEqual([PEOPLE.manager, PEOPLE.approver]);
		for (const item of door.items) await engine.runWell('rtcWebexActions', [item]);
		expect(sceneOf(engine)).toMatchObject(contained());
	});

	it('that has expired is closed by the press that comes too late', async () => {
		await askForApproval();
		engine.time.advance(16 * 60_000);
		await press('Approve', PEOPLE.approver, { reason: 'late' });
		expect(sceneOf(engine)).toMatchObject(untouched);
		expect(buttons(lastCard())).toEqual([]);
		expect(lastCard().text).toMatch(/expired/);
	});

	it('about several hosts decides the chosen one, and keeps the others', async () => {
		const { policy } = await engine.ledger.getPolicy();
		await engine.ledger.updatePolicy({ ...policy, mode: 'approval' }, { name: 'test' }, 'ask always');
		const other = engine.lab.lab.world.hosts.find(({ role, connectorGuid, hostname }) => role === 'laptop' && connectorGuid && hostname !== HOST)!.hostname;
		for (const hostname of [HOST, other]) reportEvent(engine, EXECUTED_MALWARE, hostname);
		for (const hostname of [HOST, other]) reportEvent(engine, QUARANTINE_FAILED, hostname);
		await poll(engine);
		const choices = () =>
			lastCard().attachments![0].content.body.find(({ id }) => id === 'chosen')!.choices as { title: string; value: string }[];
		const mine = choices().find(({ title }) => title.includes(HOST))!;
		await press('Approve', PEOPLE.approver, { reason: 'seen it' });
		expect(sceneOf(engine)).toMatchObject(untouched);
		await press('Approve', PEOPLE.approver, { chosen: mine.value, reason: 'seen it' });
		expect(sceneOf(engine)).toMatchObject(contained());
		expect(sceneOf(engine, other)).toMatchObject(untouched);
		const asking = cards().find((card) => buttons(card).some(({ title }) => title === 'Approve'))!;
		const left = asking.attachments![0].content.body.find(({ id }) => id === 'chosen')!.choices as { title: string }[];
		expect(left.map(({ title }) => title)).toEqual([expect.stringContaining(other)]);
	});
});

describe('a containment card', () => {
	beforeEach(async () => void (await compromise(engine)));

	it('says why, and unfolds the details', () => {
		const card = lastCard();
		expect(card.text).toMatch(/points/);
		expect(buttons(card).map(({ title }) => title)).toEqual(expect.arrayContaining(['Release', 'Protect', 'Details']));
	});

	it('releases the host for an operator, once; the release answers in the thread of the new card', async () => {
		const card = lastCard();
		await press('Release', PEOPLE.analyst, { reason: 'reimaged' });
		expect(sceneOf(engine)).toMatchObject({ bound: [], isolation: 'not_isolated' });
		const [outcome, released] = messagesOf(engine) as unknown as Card[];
		expect(outcome.text).toBe(`${HOST} was contained\nReleased by Ana Lyst: reimaged`);
		expect(released).toMatchObject({ parentId: outcome.id, text: expect.stringMatching(/was released/) });

		await deliver(outcome.id, PEOPLE.analyst, { ...buttons(card)[0].data });
		expect((await engine.ledger.getIntents({ kind: 'release', limit: 5 })).items).toHaveLength(1);
	});

	it('protects the host from then on, and releases it', async () => {
		await press('Protect', PEOPLE.manager, { reason: 'the CEO' });
		expect(sceneOf(engine)).toMatchObject({ bound: [], isolation: 'not_isolated' });
		expect(await engine.ledger.getProtected()).toMatchObject([{ reason: 'the CEO', addedBy: PEOPLE.manager }]);
		engine.time.advance(3_600_000);
		await compromise(engine);
		expect(sceneOf(engine)).toMatchObject({ bound: [] });
	});

	it.each([
		['made up', { rtc: '1.release.x.zzzzzzzz.AAAAAAAAAAAAAAAAAAAAAA' }],
		['of another workflow', { action: 'release' }],
	])('does nothing with data that is %s', async (_case, inputs) => {
		await deliver(lastCard().id, PEOPLE.approver, inputs);
		expect(sceneOf(engine)).toMatchObject(contained());
	});

	it('can be answered in its thread, without a public address', async () => {
		await door.hook('delete');
		const card = lastCard();
		await say(card, 'do not release it');
		await say(card, 'release it is clean');
		const items = await door.poll(card.roomId);
		expect(items).toMatchObject([{ decision: 'release', by: PEOPLE.analyst, via: 'reply', reason: 'it is clean' }]);
		expect(await door.poll(card.roomId)).toEqual([]);
		await engine.runWell('rtcWebexActions', items);
		expect(sceneOf(engine)).toMatchObject({ bound: [], isolation: 'not_isolated' });
	});
});

/** The analyst mentions the bot in the thread of a card. */
async function say({ id, roomId }: Card, words: string): Promise<void> {
	const body = { roomId, parentId: id, markdown: `<@personEmail:rtc-alerts@webex.bot> ${words}` };
	const { send } = jest.requireActual<typeof import('../unit/lab/vendors/support')>('../unit/lab/vendors/support');
	const headers = { authorization: 'Bearer lab-webex-person-token-analyst-0003', 'content-type': 'application/json' };
	const { status } = await send(door.webex, 'POST', 'https://webexapis.com/v1/messages', { headers, body });
	expect(status).toBe(200);
}

describe('the daily summary', () => {
	it('counts what happened since yesterday', async () => {
		await compromise(engine);
		await engine.runWell('rtcDailySummary');
		expect(lastCard().text).toMatch(/^Daily summary: 1 contained, 0 released/);
		expect(lastCard().text).toMatch(/Off the network now: 1/);
	});

	it('is sent when nothing happened at all', async () => {
		await engine.runWell('rtcDailySummary');
		expect(lastCard().text).toMatch(/^Daily summary: 0 contained, 0 released\nNo entity has points/);
	});
});
