import fc from 'fast-check';
import { classicPolicy, CONFIG, recordedEvents, scoreAll, scoresOf, SESSIONS, sorted } from './classicHelpers';
import { OldSystem, type OldEvent } from './classicSystem';
import { newLedger } from './helpers';

function oldPenalties(events: readonly OldEvent[]): Record<string, number> {
	const old = new OldSystem(CONFIG, SESSIONS);
	expect(old.loop(events)).toBeUndefined();
	return sorted(old.penalties());
}

async function ourPenalties(events: readonly OldEvent[], size?: number): Promise<Record<string, number>> {
	const test = await newLedger(classicPolicy(CONFIG));
	try {
		await scoreAll(test.ledger, events, SESSIONS, size);
		return await scoresOf(test.ledger);
	} finally {
		await test.close();
	}
}

const EVENTS = recordedEvents();

it('the recorded events are many, of all sources, about every kind of entity, with repeats', () => {
	expect(EVENTS.length).toBeGreaterThan(700);
	expect(new Set(EVENTS.map(({ source }) => source)).size).toBe(3);
	const old = new OldSystem(CONFIG, SESSIONS);
	old.loop(EVENTS);
	expect(old.ignored).toBeGreaterThan(100);
	const penalties = Object.fromEntries(old.penalties());
	const count = (kind: string) => Object.keys(penalties).filter((name) => name.startsWith(`${kind}:`)).length;
	expect({ mac: count('mac'), user: count('user'), hostname: count('hostname') }).toEqual({ mac: 36, user: 10, hostname: 24 });
	expect(count('ip')).toBeGreaterThan(40);
});

it('every MAC address, user, IP address and hostname has the penalties that the oldest system gave', async () => {
	expect(await ourPenalties(EVENTS)).toEqual(oldPenalties(EVENTS));
});

it('so it is with any part of the events, in any order of polls', async () => {
	await fc.assert(
		fc.asyncProperty(fc.subarray(EVENTS, { minLength: 1, maxLength: 150 }), fc.integer({ min: 1, max: 60 }), async (events, size) => {
			expect(await ourPenalties(events, size)).toEqual(oldPenalties(events));
		}),
		{ numRuns: 15 },
	);
});
