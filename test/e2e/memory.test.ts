import { setTimeout as wait } from 'node:timers/promises';
import { median } from '../../bench/bench';
import { residentMb } from '../../demo/memory';
import { withLedger } from '../../demo/scenario';
import { openSession, type Session } from '../../demo/session';

const POLLS = 3;
const EVENTS = 5_000;
/** Divides a minute, or n8n's schedule polls at uneven distances: every 50 seconds means at :00 and :50. */
const POLL_SECONDS = 20;
/** Less than the time between two polls, or each would read the events of the one before once more. */
const OVERLAP_SECONDS = 5;
const LIMIT_MB = 150;
const IDLE_SECONDS = 5;
const THREAT_DETECTED = '1090519054';

/** Polls that find 5,000 events each, ten pages of them, after one another in a real n8n. */
describe('memory of a poll of 5,000 events', () => {
	let session: Session;

	beforeAll(async () => {
		session = await openSession({ seed: 3, pollSeconds: POLL_SECONDS, overlapSeconds: OVERLAP_SECONDS, progress: () => {} });
	}, 300_000);

	afterAll(async () => await session.close());

	it(`adds less than ${LIMIT_MB} MB to what n8n has when it idles, in the median of ${POLLS} polls`, async () => {
		const polls: Poll[] = [];
		for (let poll = 1; poll <= POLLS; poll++) polls.push(await watchPoll(session, poll));
		process.stderr.write(`n8n: ${polls.map(({ idle, peak }) => `${idle} MB idle, at most ${peak} MB during the poll`).join('; ')}\n`);
		expect(median(polls.map(({ idle, peak }) => peak - idle))).toBeLessThan(LIMIT_MB);
	}, 600_000);
});

/** Resident memory of n8n in MB. */
interface Poll {
	/** While it polled and found nothing, just before. */
	idle: number;
	/** The highest from the moment when the events wait, all of them for one poll, until they are recorded. */
	peak: number;
}

async function watchPoll(session: Session, poll: number): Promise<Poll> {
	await untilPolledAgain(session);
	const idle = await idleMb(session);
	await emitEvents(session);
	let peak = 0;
	const look = () => (peak = Math.max(peak, residentMb(session.n8n.processId!)));
	look();
	const watching = setInterval(look, 50);
	await untilRecorded(session, poll * EVENTS);
	await wait(2_000);
	clearInterval(watching);
	return { idle, peak };
}

async function idleMb({ n8n }: Session): Promise<number> {
	const samples: number[] = [];
	for (let second = 0; second < IDLE_SECONDS; second++) {
		samples.push(residentMb(n8n.processId!));
		await wait(1_000);
	}
	return median(samples);
}

/** All in one call, so that one poll reads them all. */
async function emitEvents({ lab }: Session): Promise<void> {
	const { world } = await lab.get<{ world: { hosts: { hostname: string; connectorGuid?: string }[] } }>('/_lab/state');
	const hosts = world.hosts.filter(({ connectorGuid }) => connectorGuid);
	const hostname = Array.from({ length: EVENTS }, (_, index) => hosts[index % hosts.length].hostname);
	await lab.post('/_lab/emit', { vendor: 'secureEndpoint', hostname, type: THREAT_DETECTED, data: {} });
}

async function untilPolledAgain(session: Session): Promise<void> {
	const from = Date.now();
	while (!(Date.parse((await lastPollAt(session)) ?? '') > from)) await wait(500);
}

/** `undefined` before the first poll. */
async function lastPollAt({ n8n }: Session): Promise<string | undefined> {
	const cursors = await withLedger(n8n.ledgerFile, async (ledger) => (await ledger.getMetrics()).cursors).catch(() => []);
	return cursors.find(({ source }) => source === 'secureEndpoint')?.lastPollAt;
}

async function untilRecorded({ n8n }: Session, count: number): Promise<void> {
	for (;;) {
		const { detections } = await withLedger(n8n.ledgerFile, async (ledger) => await ledger.getMetrics());
		if ((detections.secureEndpoint ?? 0) >= count) return;
		await wait(200);
	}
}
