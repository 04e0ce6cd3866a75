import type { IDataObject } from 'n8n-workflow';
import { CiscoWebexReplyTrigger } from '../../../../nodes/CiscoWebex/CiscoWebexReplyTrigger.node';
import { cardKey, signToken } from '../../../../nodes/CiscoWebex/decisions/token';
import { fakePoll, withoutWaiting, type FakeAnswer, type FakeServer } from '../support/fakeContext';

const START = Date.UTC(2026, 0, 15, 12);
const MINUTE = 60_000;

beforeEach(() => jest.useFakeTimers({ now: START }));
afterEach(() => jest.useRealTimers());

/** A room of the bot: what people wrote in the threads of its cards, and which calls fail. */
class Room {
	readonly failing = new Map<string, FakeAnswer>();
	private readonly answers: IDataObject[] = [];
	private static rooms = 0;
	private readonly accessToken = `bot-${++Room.rooms}`;
	private staticData: IDataObject = {};

	/** Ann answers in the thread of a card of its own. */
	say(id: string, text: string): void {
		const created = new Date().toISOString();
		this.answers.unshift({ id, parentId: `card-${id}`, personId: 'ann', roomId: 'room', text, created });
	}

	/** As when the workflow is published again: n8n loads what it saved. */
	activateAgain(): void {
		this.staticData = structuredClone(this.staticData);
	}

	/** What the next poll gives, `later` milliseconds after the last one. */
	async poll(later = 0): Promise<unknown[]> {
		jest.setSystemTime(Date.now() + later);
		const deciders = 'ann@corp.example: approver';
		const { accessToken, staticData } = this;
		const credentials = {
			ciscoRtcWebexBotApi: { accessToken, baseUrl: 'https://webexapis.com/v1', deciders },
		};
		const context = fakePoll({
			credentials,
			staticData,
			parameters: { roomId: 'room' },
			server: this.server,
		});
		const output = await withoutWaiting(new CiscoWebexReplyTrigger().poll.call(context));
		return (output?.[0] ?? []).map(({ json }) => json.reason);
	}

	private readonly server: FakeServer = ({ url }) => {
		const path = url.pathname.replace('/v1/', '');
		return this.failing.get(path) ?? this.answerTo(path);
	};

	private answerTo(path: string): FakeAnswer {
		if (path === 'messages') return { body: { items: this.answers } };
		if (path === 'people/me') return { body: { id: 'bot', emails: ['rtc@webex.bot'], displayName: 'RTC' } };
		if (path === 'people/ann')
			return { body: { id: 'ann', emails: ['ann@corp.example'], displayName: 'Ann' } };
		return { body: { id: path, personId: 'bot', attachments: [{ content: this.card(path) }] } };
	}

	private card(subject: string) {
		const token = { action: 'release', subject, expiresAt: START + 30 * 24 * 60 * MINUTE } as const;
		const rtc = signToken(cardKey(this.accessToken), token);
		return { actions: [{ type: 'Action.Submit', title: 'Release', data: { rtc } }] };
	}
}

it('gives each decision once, the oldest first', async () => {
	const room = new Room();
	room.say('1', 'RTC release first');
	room.say('2', 'RTC do not release');
	room.say('3', 'RTC release third');
	expect(await room.poll()).toEqual(['first', 'third']);
	expect(await room.poll(MINUTE)).toEqual([]);
});

it('gives what it could read when one answer fails, and that one when it can be read', async () => {
	const room = new Room();
	room.say('1', 'RTC release first');
	room.say('2', 'RTC release second');
	room.say('3', 'RTC release third');
	room.failing.set('messages/card-2', { status: 500 });
	expect(await room.poll()).toEqual(['first', 'third']);
	await expect(room.poll(MINUTE)).rejects.toThrow('Cisco Webex answered 500 to GET /v1/messages/card-2');
	room.failing.clear();
	expect(await room.poll(MINUTE)).toEqual(['second']);
	expect(await room.poll(MINUTE)).toEqual([]);
});

it('gives what was said between two polls that are far apart, once', async () => {
	const room = new Room();
	await room.poll();
	jest.advanceTimersByTime(5 * MINUTE);
	room.say('1', 'RTC release early');
	expect(await room.poll(55 * MINUTE)).toEqual(['early']);
	room.say('2', 'RTC release late');
	expect(await room.poll(60 * MINUTE)).toEqual(['late']);
	expect(await room.poll(60 * MINUTE)).toEqual([]);
});

it('gives what was said while the room could not be read for long', async () => {
	const room = new Room();
	await room.poll();
	room.failing.set('messages', { status: 503 });
	room.say('1', 'RTC release waited');
	await expect(room.poll(MINUTE)).rejects.toThrow('answered 503');
	await expect(room.poll(60 * MINUTE)).rejects.toThrow('answered 503');
	room.failing.clear();
	expect(await room.poll(MINUTE)).toEqual(['waited']);
});

it.each([
	['fails', { status: 503, body: {} }],
	['is cut off', { body: '{"id":' }],
	['is empty', {}],
])('gives an answer whose card %s for long, and the others not again', async (_case, answer) => {
	const room = new Room();
	await room.poll();
	room.failing.set('messages/card-1', answer);
	room.say('1', 'RTC release waited');
	room.say('2', 'RTC release meanwhile');
	expect(await room.poll(MINUTE)).toEqual(['meanwhile']);
	await expect(room.poll(60 * MINUTE)).rejects.toThrow();
	room.failing.clear();
	expect(await room.poll(60 * MINUTE)).toEqual(['waited']);
	expect(await room.poll(60 * MINUTE)).toEqual([]);
});

it('gives up an answer whose card Webex refuses to show when it is old', async () => {
	const room = new Room();
	await room.poll();
	room.say('1', 'RTC release');
	room.failing.set('messages/card-1', { status: 403 });
	for (let polls = 0; polls < 11; polls++) await expect(room.poll(MINUTE)).rejects.toThrow('answered 403');
	expect(await room.poll(MINUTE)).toEqual([]);
});

it('tries for a day at most', async () => {
	const room = new Room();
	await room.poll();
	room.say('1', 'RTC release');
	room.failing.set('messages/card-1', { status: 503 });
	await expect(room.poll(MINUTE)).rejects.toThrow('answered 503');
	expect(await room.poll(25 * 60 * MINUTE)).toEqual([]);
});

it('gives nothing that was said before, not even what was said since an earlier activation', async () => {
	const room = new Room();
	room.say('1', 'RTC release');
	expect(await room.poll(11 * MINUTE)).toEqual([]);
	room.activateAgain();
	room.say('2', 'RTC release unheard');
	expect(await room.poll(11 * MINUTE)).toEqual([]);
});
