import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import fc from 'fast-check';
import { openLedger, type Detection, type LedgerService } from '../../../ledger';
import { ACTOR, detection, MINUTE_MS, newLedger, PERSON, plainPolicy, START_MS } from './helpers';

const event = fc.record({
	penalty: fc.constantFrom(1, 5, 25, 50),
	source: fc.constantFrom('a', 'b', 'c'),
	host: fc.integer({ min: 1, max: 3 }),
	observable: fc.constantFrom('x', 'y', 'z'),
	minutesAgo: fc.integer({ min: 0, max: 600 }),
});

const toDetections = (events: { penalty: number; source: string; host: number; observable: string; minutesAgo: number }[]): Detection[] =>
	events
		.map(({ host, observable, minutesAgo, ...rest }, i) =>
			detection({
				...rest,
				id: `${rest.source}:${String(i).padStart(3, '0')}`,
				observables: [{ type: 'domain', value: observable }],
				atMs: START_MS - minutesAgo * MINUTE_MS,
				targets: [{ hostname: `pc${host}`, mac: `00:11:22:33:44:0${host}`, user: host === 3 ? 'ann' : 'bob', ip: '10.0.0.1' }],
			}),
		)
		.sort((a, b) => (a.occurredAt < b.occurredAt ? -1 : a.occurredAt > b.occurredAt ? 1 : a.id < b.id ? -1 : 1));

/** All that scoring has left behind. */
async function stateOf(ledger: LedgerService): Promise<unknown> {
	const { items } = await ledger.getEntities({ limit: 100 });
	const { items: episodes } = await ledger.getEpisodes({ limit: 100 });
	return {
		entities: items.map(({ episodeId, ...entity }) => entity).sort((a, b) => (a.key < b.key ? -1 : 1)),
		crossings: episodes.map(({ crossings, hostId, state }) => ({ crossings, hostId, state })).sort((a, b) => (a.hostId < b.hostId ? -1 : 1)),
	};
}

const policy = plainPolicy({ repeat: { mode: 'oncePer', window: 'PT1H' }, sourceCap: { factor: 1 } });
const cautious = { ...policy, guards: { ...policy.guards, minimumSources: 2 } };

describe('order and batches', () => {
	it('the same detections give the same state however they are split into batches', async () => {
		await fc.assert(
			fc.asyncProperty(fc.array(event, { minLength: 1, maxLength: 25 }), fc.array(fc.integer({ min: 1, max: 8 }), { minLength: 1 }), async (events, sizes) => {
				const detections = toDetections(events);
				const [whole, split] = [await newLedger(cautious), await newLedger(cautious)];
				try {
					await whole.ledger.score([...detections].reverse(), { actor: ACTOR });
					for (let from = 0, i = 0; from < detections.length; from += sizes[i++ % sizes.length]) {
						await split.ledger.score(detections.slice(from, from + sizes[i % sizes.length]), { actor: ACTOR });
					}
					expect(await stateOf(split.ledger)).toEqual(await stateOf(whole.ledger));
				} finally {
					await whole.close();
					await split.close();
				}
			}),
			{ numRuns: 25 },
		);
	});

	it('a replay gives the stored state to the last bit, with purges and new policies in between', async () => {
		const step = fc.oneof(
			{ weight: 6, arbitrary: fc.array(event, { maxLength: 5 }).map((events) => ({ events })) },
			{ weight: 1, arbitrary: fc.constantFrom('pc1', 'pc2').map((purge) => ({ purge })) },
			{ weight: 1, arbitrary: fc.constantFrom('PT7H', 'PT24H', null).map((halfLife) => ({ halfLife })) },
		);
		await fc.assert(
			fc.asyncProperty(fc.array(step, { maxLength: 10 }), async (steps) => {
				const test = await newLedger(policy);
				try {
					for (const [i, one] of steps.entries()) {
						test.clock.nowMs += 17 * MINUTE_MS;
						if ('events' in one) await test.ledger.score(toDetections(one.events).map((item) => ({ ...item, id: `${item.id}-${i}` })), { actor: ACTOR });
						else if ('purge' in one) await test.ledger.purgeEntity({ kind: 'hostname', key: one.purge }, PERSON, 'x');
						else await test.ledger.updatePolicy({ ...policy, halfLife: one.halfLife }, PERSON, 'x');
					}
					expect(await test.ledger.replay()).toMatchObject({ equal: true, differences: [] });
				} finally {
					await test.close();
				}
			}),
			{ numRuns: 25 },
		);
	});

	it('a replay notices a score that was changed behind its back', async () => {
		const test = await newLedger(policy);
		await test.ledger.score([detection({ penalty: 25 })], { actor: ACTOR });
		const db = new DatabaseSync(test.file);
		db.exec(`UPDATE entities SET sources = replace(sources, '25', '24') WHERE kind = 'mac'`);
		db.close();
		expect(await test.ledger.replay()).toMatchObject({ equal: false, differences: [{ kind: 'mac', stored: 24, replayed: 25 }] });
		await test.close();
	});
});

describe('audit', () => {
	const COLUMNS = ['at_ms', 'actor', 'execution', 'action', 'subject', 'details', 'hash'];

	async function withHistory(work: (ledger: LedgerService, db: DatabaseSync) => Promise<void>): Promise<void> {
		const test = await newLedger(policy);
		await test.ledger.score([detection({ penalty: 50 }), detection({ penalty: 50 })], { actor: { name: 'workflow', execution: 'Poll #1' } });
		await test.ledger.claimIntents({ actor: PERSON, kinds: ['contain'], limit: 5, leaseSeconds: 60 });
		const db = new DatabaseSync(test.file);
		try {
			await work(test.ledger, db);
		} finally {
			db.close();
			await test.close();
		}
	}

	it('says who did what and why', async () => {
		await withHistory(async (ledger) => {
			const { items, total } = await ledger.getAudit({ limit: 50 });
			expect(total).toBe(items.length);
			expect(items.map(({ action }) => action)).toEqual(
				expect.arrayContaining(['policyUpdated', 'scored', 'containmentOpened', 'intent.claimed']),
			);
			const { items: [scored] } = await ledger.getAudit({ action: 'scored', limit: 1 });
			expect(scored).toMatchObject({ actor: 'workflow', execution: 'Poll #1', details: { detections: 2, policyVersion: 2 } });
		});
	});

	it('any changed byte breaks the chain there', async () => {
		await withHistory(async (ledger, db) => {
			const records = (await ledger.verifyAudit()).records;
			await fc.assert(
				fc.asyncProperty(fc.integer({ min: 1, max: records }), fc.constantFrom(...COLUMNS), fc.nat(), async (seq, column, at) => {
					const row = db.prepare(`SELECT ${column} AS value FROM audit WHERE seq = ?`).get(seq);
					const before = row?.value as SQLInputValue;
					db.prepare(`UPDATE audit SET ${column} = ? WHERE seq = ?`).run(changed(before, at), seq);
					expect(await ledger.verifyAudit()).toMatchObject({ ok: false, brokenAt: seq });
					db.prepare(`UPDATE audit SET ${column} = ? WHERE seq = ?`).run(before, seq);
				}),
				{ numRuns: 60 },
			);
			expect((await ledger.verifyAudit()).ok).toBe(true);
		});
	});

	it.each([
		['the first is removed', 'DELETE FROM audit WHERE seq = 1', 1],
		['one is removed', 'DELETE FROM audit WHERE seq = 3', 3],
		['the last is removed', 'DELETE FROM audit WHERE seq = (SELECT max(seq) FROM audit)', undefined],
		['two change places', 'UPDATE audit SET seq = -1 WHERE seq = 2; UPDATE audit SET seq = 2 WHERE seq = 3; UPDATE audit SET seq = 3 WHERE seq = -1', 2],
		['one is put in', `INSERT INTO audit SELECT max(seq) + 1, at_ms, actor, execution, action, subject, details, hash FROM audit`, undefined],
	])('notices when %s', async (_name, sql, brokenAt) => {
		await withHistory(async (ledger, db) => {
			db.exec(sql);
			expect(await ledger.verifyAudit()).toMatchObject({ ok: false, ...(brokenAt !== undefined && { brokenAt }) });
		});
	});

	function changed(value: SQLInputValue, at: number): SQLInputValue {
		if (value === null) return 'x';
		if (typeof value === 'number') return value + 1;
		const text = String(value);
		const i = at % text.length;
		return `${text.slice(0, i)}${text[i] === 'a' ? 'b' : 'a'}${text.slice(i + 1)}`;
	}
});

describe('export and import', () => {
	async function exported(): Promise<string[]> {
		const test = await newLedger(policy);
		await test.ledger.score([detection({ penalty: 50 }), detection({ penalty: 50, source: 'umbrella' })], { actor: ACTOR });
		await test.ledger.protect({ type: 'hostname', value: 'dc*', reason: 'x' }, PERSON);
		await test.ledger.purgeEntity({ kind: 'mac', key: '00:11:22:33:44:55' }, PERSON, 'x');
		const lines: string[] = [];
		for await (const line of test.ledger.exportAll()) lines.push(line);
		await test.close();
		return lines;
	}

	it('brings everything over', async () => {
		const test = await newLedger();
		expect(await test.ledger.importAll(await exported(), PERSON)).toMatchObject({ detections: 2 });
		expect(await test.ledger.getEntity({ kind: 'hostname', key: 'pc1' })).toMatchObject({ score: 100, state: 'containing' });
		expect(await test.ledger.getProtected()).toMatchObject([{ value: 'dc*' }]);
		expect((await test.ledger.getPolicy()).policy.name).toBe('plain');
		expect(await test.ledger.claimIntents({ actor: ACTOR, kinds: ['contain'], limit: 5, leaseSeconds: 5 })).toHaveLength(1);
		expect(await test.ledger.verifyAudit()).toMatchObject({ ok: true });
		expect((await test.ledger.score([detection({ penalty: 5 })], { actor: ACTOR })).outcomes).toMatchObject([{ outcome: 'recorded' }]);
		expect(await test.ledger.replay()).toMatchObject({ equal: true, detections: 3 });
		await expect(test.ledger.importAll([], PERSON)).rejects.toMatchObject({ code: 'notEmpty' });
		await test.close();
	});

	it.each([
		['a changed audit record', (line: string) => line.replace('"actor":"ann"', '"actor":"bob"')],
		['a changed score', (line: string) => line.replace('[\\"umbrella\\",50', '[\\"umbrella\\",51')],
		['what is not JSON', (line: string) => `${line}x`],
		['another table', (line: string) => line.replace('"table":"hosts"', '"table":"sqlite_master"')],
	])('refuses %s and keeps nothing', async (_name, spoil) => {
		const lines = await exported();
		const spoilt = lines.map(spoil);
		expect(spoilt).not.toEqual(lines);
		const test = await newLedger();
		await expect(test.ledger.importAll(spoilt, PERSON)).rejects.toMatchObject({ code: 'invalidImport' });
		expect((await test.ledger.getEntities({ limit: 5 })).items).toEqual([]);
		expect(await test.ledger.verifyAudit()).toMatchObject({ ok: true });
		await test.close();
	});
});

describe('openLedger', () => {
	it('shares a connection per file and closes it with its last user', async () => {
		const test = await newLedger(policy);
		const second = await openLedger({ file: test.file, now: () => START_MS });
		await second.close();
		await second.close();
		expect((await test.ledger.getPolicy()).policy.name).toBe('plain');
		await test.ledger.close();
		await expect(test.ledger.getPolicy()).rejects.toMatchObject({ code: 'closed' });
		await test.close();
	});

	it('does not touch a file of a newer version', async () => {
		const test = await newLedger();
		await test.ledger.close();
		const db = new DatabaseSync(test.file);
		db.exec('PRAGMA user_version = 99');
		db.close();
		await expect(openLedger({ file: test.file })).rejects.toMatchObject({ code: 'newerSchema' });
		await test.close();
	});
});
