import type { IDataObject } from 'n8n-workflow';
import type { Engine } from '../../engine';
import { messagesOf } from '../../engineScenes';
import { PEOPLE, WebexDoor } from '../../webexDoor';
import type { Scene } from '../scene';
import { condemn, contained, everything, intentErrors, MINUTE_MS, nothing, outcomeOf, pollBoth, same, sweep, toldInRoom } from './parts';

const vendor = 'webex';

const checkSources = async (engine: Engine) => await engine.run('rtcCheckSources');

const alarmsOf = async (engine: Engine) => ({
	messages: toldInRoom(engine),
	alarms: (await engine.ledger.getAlarms()).length,
});

/** The same, whether a message came once or more often. */
const messagesOnce = <T extends { messages: string[] }>(outcome: T): T => ({
	...outcome,
	messages: [...new Set(outcome.messages)],
});

/** What the trigger gave for the last press of a button. */
let pressed: IDataObject[] = [];

async function pressRelease(engine: Engine): Promise<void> {
	const door = await WebexDoor.of(engine.lab.lab);
	try {
		await door.hook('create');
		const card = messagesOf(engine)[0] as unknown as { id: string; attachments: { content: { actions: { title: string; data: IDataObject }[] } }[] };
		const button = card.attachments[0].content.actions.find(({ title }) => title === 'Release');
		const inputs = { ...button?.data, reason: 'Reimaged' };
		engine.lab.lab.pressButton({ messageId: card.id, personEmail: PEOPLE.analyst, inputs });
		await door.webex.settled();
		pressed = [...door.items];
		await door.hook('delete');
	} finally {
		await door.close();
	}
}

const isClosed = (engine: Engine) => messagesOf(engine)[0].text.includes('Released by');

function omitClosed(goal: unknown): object {
	const { closed, ...rest } = goal as { closed: boolean };
	return rest;
}

export const WEBEX: Scene[] = [
	{
		vendor,
		operation: 'card: sendNotice',
		title: 'Card: Send Notice (notify)',
		calls: () => ({ path: '/v1/messages*' }),
		prepare: nothing,
		happen: condemn,
		act: pollBoth,
		next: everything,
		goal: outcomeOf,
		admits: async (engine, goal) => same(messagesOnce(await outcomeOf(engine)), goal),
		comesTwice: true,
		told: intentErrors,
	},
	{
		vendor,
		operation: 'message: send',
		title: 'Message: Send (check sources)',
		calls: () => ({ path: '/v1/messages*' }),
		prepare: async (engine) => {
			await engine.runWell('rtcPollUmbrella');
		},
		happen: async (engine) => engine.time.advance(20 * MINUTE_MS),
		act: checkSources,
		next: { by: 'itself', everyMs: 5 * MINUTE_MS, run: checkSources },
		goal: alarmsOf,
		admits: async (engine, goal) => same(messagesOnce(await alarmsOf(engine)), goal),
		comesTwice: true,
	},
	{
		vendor,
		operation: 'card: close',
		title: 'Card: Close (release by button)',
		calls: () => ({ path: '/v1/messages/*' }),
		prepare: async (engine) => {
			await contained(engine);
			await pressRelease(engine);
		},
		happen: nothing,
		act: async (engine) => await engine.run('rtcWebexActions', pressed),
		next: sweep,
		goal: async (engine) => ({ ...(await outcomeOf(engine)), closed: isClosed(engine) }),
		// Nobody closes it later: a press is refused, and closes it then.
		admits: async (engine, goal) => same(await outcomeOf(engine), omitClosed(goal)),
		told: intentErrors,
	},
];
