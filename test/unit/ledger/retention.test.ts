import { createHash } from 'node:crypto';
import { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import { openLedger, type AuditSegment, type Detection } from '../../../ledger';
import { auditHash } from '../../../ledger/audit';
import { longestRepeatMs } from '../../../ledger/retention';
import type { AuditRow } from '../../../ledger/store/store';
import { ACTOR, detection, HOUR_MS, newLedger, PERSON, plainPolicy, START_MS, type TestLedger } from './helpers';
import { completeIntent } from '../../support/settle';

const DAY_MS = 24 * HOUR_MS;

let under: TestLedger;
afterEach(async () => await under.close());

const score = async (...detections: Detection[]) => await under.ledger.score(detections, { actor: ACTOR });
const retain = async (detectionDays = 30, chunkSize = 2) => await under.ledger.applyRetention({ actor: ACTOR, detectionDays, chunkSize });
const total = async () => (await under.ledger.getDetections({ limit: 1_000 })).total;
const ids = async () => (await under.ledger.getDetections({ limit: 1_000 })).items.map(({ id }) => id).sort();
const pass = (days: number) => (under.clock.nowMs += days * DAY_MS);
const now = (changes: Parameters<typeof detection>[0] = {}) => detection({ penalty: 10, atMs: under.clock.nowMs, ...changes });

describe('with decay', () => {
	beforeEach(async () => {
		under = await newLedger(plainPolicy());
	});

	it('removes what counts for nothing, and keeps what is younger', async () => {
		await score(now(), now(), now());
		pass(35);
		const young = now();
		await score(young);
		expect(await retain()).toEqual({ removed: 3, kept: 0, before: new Date(START_MS + 5 * DAY_MS).toISOString(), more: false });
		expect(await ids()).toEqual([young.id]);
		expect(await total()).toBe(1);
		expect(await retain()).toMatchObject({ removed: 0, kept: 0 });
	});

	it('counts no removed detection again', async () => {
		const old = now();
		await score(old);
		pass(35);
		await retain();
		const before = await under.ledger.getEntity({ kind: 'mac', key: '00:11:22:33:44:55' });
		const { outcomes } = await score(old);
		expect(outcomes).toEqual([{ outcome: 'duplicate', id: old.id, reason: expect.stringMatching(/^Too old: detections before 2026-/) as string }]);
		expect(await under.ledger.getEntity({ kind: 'mac', key: '00:11:22:33:44:55' })).toEqual(before);
	});

	it('lets searches find what was there through the index of parts of keys, and what came later', async () => {
		const search = async () => (await under.ledger.getEntities({ kind: 'hostname', search: 'PC-', limit: 10, order: 'key' })).items.map(({ key }) => key);
		const indexed = () => new DatabaseSync(under.file, { readOnly: true }).prepare('SELECT entity_id AS through FROM key_parts_through').get()?.through;
		await score(now({ targets: [{ hostname: 'pc-1' }] }));
		expect(await search()).toEqual(['pc-1']);
		expect(indexed()).toBe(0);
		await retain();
		expect(indexed()).toBe(1);
		await score(now({ targets: [{ hostname: 'pc-2' }] }));
		expect(await search()).toEqual(['pc-1', 'pc-2']);
		await retain();
		expect(indexed()).toBe(2);
		expect(await search()).toEqual(['pc-1', 'pc-2']);
	});

	it('does not forget the horizon when more days are to be kept later', async () => {
		pass(100);
		await retain(30);
		await retain(90);
		const { outcomes } = await score(now({ atMs: under.clock.nowMs - 40 * DAY_MS }));
		expect(outcomes).toMatchObject([{ outcome: 'duplicate' }]);
	});

	it('keeps the evidence of an open episode until it is over', async () => {
		await under.ledger.containManually({ mac: '00:11:22:33:44:55' }, { actor: PERSON, reason: 'test' });
		await score(now());
		pass(35);
		expect(await retain()).toMatchObject({ removed: 0, kept: 1 });
		const release = await under.ledger.release({ kind: 'mac', key: '00:11:22:33:44:55' }, PERSON, 'clean');
		await completeIntent(under.ledger, release.id, { actor: ACTOR, result: {} });
		expect(await retain()).toMatchObject({ removed: 1, kept: 0 });
	});

	it('works in steps when asked to', async () => {
		await score(...Array.from({ length: 7 }, () => now()));
		pass(35);
		expect(await under.ledger.applyRetention({ actor: ACTOR, detectionDays: 30, chunkSize: 2, maxChunks: 1 })).toMatchObject({ removed: 2, more: true });
		expect((await under.ledger.replay()).equal).toBe(true);
		expect(await retain()).toMatchObject({ removed: 5, more: false });
	});

	it('lets scoring in between two chunks', async () => {
		await score(...Array.from({ length: 40 }, () => now({ penalty: 0 })));
		pass(35);
		const purge = retain(30, 1);
		await score(now());
		expect(await total()).toBeGreaterThan(1);
		await purge;
		expect(await total()).toBe(1);
	});

	it('can be exported and imported afterwards', async () => {
		await score(now(), now());
		pass(35);
		await score(now());
		await retain();
		const lines: string[] = [];
		for await (const line of under.ledger.exportAll()) lines.push(line);
		const copy = await openLedger({ file: `${under.file}.copy`, now: () => under.clock.nowMs });
		await copy.importAll(lines, ACTOR);
		expect((await copy.replay()).equal).toBe(true);
		await copy.close();
	});

	it.each([0, -1, NaN])('refuses to keep %p days', async (days) => {
		await expect(retain(days)).rejects.toMatchObject({ code: 'invalidValue' });
	});
});

describe('without decay', () => {
	const repeated = (atMs: number) => detection({ penalty: 10, atMs, observables: [{ type: 'sha256', value: 'same' }] });

	it('keeps detections that count, and removes those that add nothing', async () => {
		under = await newLedger(plainPolicy({ halfLife: null, repeat: { mode: 'once' } }));
		const first = repeated(START_MS);
		await score(first);
		await score(repeated(START_MS));
		pass(35);
		expect(await retain()).toMatchObject({ removed: 1, kept: 1 });
		expect(await ids()).toEqual([first.id]);
		expect((await under.ledger.replay()).equal).toBe(true);
	});

	it('does not bring back what was purged', async () => {
		under = await newLedger(plainPolicy({ halfLife: null }));
		await score(now({ penalty: 50 }));
		pass(40);
		await retain();
		for (const [kind, key] of [['mac', '00:11:22:33:44:55'], ['hostname', 'pc1']] as const) await under.ledger.purgeEntity({ kind, key }, PERSON, 'false alarm');
		await score(now({ targets: [{ hostname: 'other' }] }));
		pass(40);
		await retain();
		expect(await under.ledger.replay()).toMatchObject({ equal: true });
		expect(await under.ledger.getEntity({ kind: 'hostname', key: 'pc1' })).toMatchObject({ score: 0 });
	});

	it('remembers repeats that count once for ever', async () => {
		under = await newLedger(plainPolicy({ repeat: { mode: 'once' } }));
		await score(repeated(START_MS));
		pass(35);
		await retain();
		expect(await total()).toBe(0);
		const { outcomes } = await score(repeated(under.clock.nowMs));
		expect(outcomes).toMatchObject([{ outcome: 'recorded', entities: [{ penalty: 0 }, { penalty: 0 }] }]);
		expect((await under.ledger.replay()).equal).toBe(true);
	});
});

it.each([
	[{ mode: 'every' }, 0],
	[{ mode: 'once' }, Infinity],
	[{ mode: 'oncePer', window: 'P2D' }, 2 * DAY_MS],
] as const)('knows how long %j has to be remembered', async (repeat, expected) => {
	under = await newLedger();
	expect(longestRepeatMs({ policy: plainPolicy({ repeat }) })).toBe(expected);
});

describe('a ledger with retention, beside the same without', () => {
	const POLICIES = [
		plainPolicy(),
		plainPolicy({ repeat: { mode: 'oncePer', window: 'P3D' } }),
		plainPolicy({ repeat: { mode: 'once' }, halfLife: null }),
	];
	const step = fc.oneof(
		fc.record({ kind: fc.constant('score'), penalty: fc.constantFrom(5, 10, 25), host: fc.constantFrom('pc1', 'pc2'), value: fc.constantFrom('a', 'b'), agoHours: fc.nat(72) }),
		fc.record({ kind: fc.constant('pass'), days: fc.integer({ min: 1, max: 20 }) }),
		fc.record({ kind: fc.constant('retain'), days: fc.integer({ min: 4, max: 12 }) }),
		fc.record({ kind: fc.constant('purge'), host: fc.constantFrom('pc1', 'pc2') }),
		fc.record({ kind: fc.constant('policy'), halfLife: fc.constantFrom('PT12H', 'PT48H') }),
	);

	it('has the same scores to the last bit, and replays to them', async () => {
		await fc.assert(
			fc.asyncProperty(fc.constantFrom(0, 1, 2), fc.array(step, { maxLength: 25 }), async (which, steps) => {
				under = await newLedger(POLICIES[which]);
				const plain = await newLedger(POLICIES[which]);
				const both = [under, plain];
				let changed = false;
				for (const one of steps) {
					if (one.kind === 'pass') for (const { clock } of both) clock.nowMs += one.days * DAY_MS;
					if (one.kind === 'retain') await retain(one.days);
					if (one.kind === 'purge') for (const { ledger } of both) await ledger.purgeEntity({ kind: 'hostname', key: one.host }, PERSON, 'test');
					if (one.kind === 'policy') {
						changed = true;
						await under.ledger.updatePolicy({ ...POLICIES[which], halfLife: one.halfLife }, PERSON, 'test');
					}
					if (one.kind === 'score') {
						const event = now({ penalty: one.penalty, atMs: under.clock.nowMs - one.agoHours * HOUR_MS, targets: [{ hostname: one.host }], observables: [{ type: 'domain', value: one.value }] });
						for (const { ledger } of both) await ledger.score([event], { actor: ACTOR });
					}
				}
				expect((await under.ledger.replay()).differences).toEqual([]);
				if (!changed) {
					const list = async ({ ledger }: TestLedger) => (await ledger.getEntities({ limit: 10 })).items;
					expect(await list(under)).toEqual(await list(plain));
				}
				expect(await under.ledger.verifyAudit()).toMatchObject({ ok: true });
				await under.close();
				await plain.close();
			}),
			{ numRuns: 40 },
		);
		under = await newLedger();
	});
});

describe('the audit trail', () => {
	const SIGN_OFF = { by: 'ann', reason: 'A year is over', exportedTo: 'audit-1.jsonl', sha256: createHash('sha256').update('x').digest('hex') };

	beforeEach(async () => {
		under = await newLedger(plainPolicy());
		for (let i = 0; i < 5; i++) await score(now());
		pass(400);
	});

	const segment = async () => (await under.ledger.getAuditSegment(new Date(under.clock.nowMs - 365 * DAY_MS).toISOString())) as AuditSegment;
	const exported = async (one: AuditSegment) => {
		const rows: AuditRow[] = [];
		for await (const line of under.ledger.exportAuditSegment(one)) rows.push(JSON.parse(line) as AuditRow);
		return rows;
	};

	it('is exported whole before it is closed, and its hashes hold', async () => {
		const one = await segment();
		const rows = await exported(one);
		expect(rows).toHaveLength(one.records);
		let hash = one.previousHash;
		for (const row of rows) expect((hash = auditHash(hash, row))).toBe(row.hash);
		expect(hash).toBe(one.lastHash);
	});

	it('goes on from a checkpoint that says who signed it off', async () => {
		const one = await segment();
		const record = await under.ledger.closeAuditSegment(one, SIGN_OFF, ACTOR);
		expect(record).toMatchObject({ action: 'audit.segmentClosed', details: { records: one.records, lastHash: one.lastHash, signedOffBy: 'ann', sha256: SIGN_OFF.sha256 } });
		expect((await under.ledger.getAudit({ limit: 10 })).items).toHaveLength(1);
		expect(await under.ledger.verifyAudit()).toMatchObject({ ok: true, records: 1, checkpoint: { seq: one.toSeq, hash: one.lastHash } });
		expect((await under.ledger.getMetrics()).auditRecords).toBe(1);
		await score(now());
		expect(await under.ledger.verifyAudit()).toMatchObject({ ok: true, records: 2 });
	});

	it('can be closed again, later', async () => {
		await under.ledger.closeAuditSegment(await segment(), SIGN_OFF, ACTOR);
		expect(await segment()).toBeUndefined();
		await score(now());
		pass(400);
		const second = await segment();
		expect(second.records).toBe(2);
		await under.ledger.closeAuditSegment(second, SIGN_OFF, ACTOR);
		expect(await under.ledger.verifyAudit()).toMatchObject({ ok: true, records: 1 });
	});

	it.each<[string, Partial<AuditSegment>]>([
		['another hash', { lastHash: '0'.repeat(64) }],
		['another start', { fromSeq: 2 }],
		['fewer records', { toSeq: 3 }],
	])('is not closed with %s', async (_name, changes) => {
		await expect(under.ledger.closeAuditSegment({ ...(await segment()), ...changes }, SIGN_OFF, ACTOR)).rejects.toMatchObject({ code: 'invalidValue' });
		expect(await under.ledger.verifyAudit()).toMatchObject({ ok: true });
	});

	it.each([{ by: ' ' }, { exportedTo: '' }, { sha256: 'abc' }])('is not closed when signed off with %j', async (changes) => {
		await expect(under.ledger.closeAuditSegment(await segment(), { ...SIGN_OFF, ...changes }, ACTOR)).rejects.toMatchObject({ code: 'invalidValue' });
	});

	it('is not signed off when a record was changed', async () => {
		tamper(`UPDATE audit SET actor = 'nobody' WHERE seq = 3`);
		await expect(segment()).rejects.toMatchObject({ code: 'auditBroken' });
	});

	it.each([
		['the checkpoint moved on', `UPDATE head SET body = json_set(body, '$.auditCheckpoint', json('{"seq":6,"hash":"' || (SELECT hash FROM audit WHERE seq = 6) || '"}'))`],
		['records after it are gone', 'DELETE FROM audit WHERE seq = (SELECT max(seq) FROM audit)'],
	])('shows when %s without a sign-off', async (_name, sql) => {
		tamper(sql);
		tamper('DELETE FROM audit WHERE seq <= 6');
		expect(await under.ledger.verifyAudit()).toMatchObject({ ok: false });
	});

	function tamper(sql: string): void {
		const db = new DatabaseSync(under.file);
		db.exec(sql);
		db.close();
	}
});
