import { Ledger } from '../../ledger/ledger';
import type { AlarmRow, BaseRow, DetectionRow, EntityRow, HostRow, LedgerHead, Store } from '../../ledger/store/store';
import { ACTOR, detection, plainPolicy, START_MS } from '../unit/ledger/helpers';

/** A store to test, and a second connection to the same data, as another process would have. */
export interface StoreUnderTest {
	store: Store;
	other: Store;
	dispose(): Promise<void>;
}

const entity = (id: number, key: string, changes: Partial<EntityRow> = {}): EntityRow => ({
	id, kind: 'hostname', key, sources: [{ source: 'umbrella', points: 0.1 + 0.2, atMs: START_MS, detections: 1 }], rank: id,
	rearmMs: 0, hostId: undefined, targetKey: 2 ** 52 - 1, firstSeenMs: 1, lastSeenMs: 2, purgedSeq: 0, ...changes,
});

const host = (id: number, changes: Partial<HostRow> = {}): HostRow => ({
	id, state: 'normal', episodeId: undefined, graceUntilMs: 0, episodes: 0,
	members: [{ kind: 'hostname', value: `pc${id}`, lastSeenMs: 120_000, held: 'own' }], ...changes,
});

const detectionRow = (seq: number, occurredMs: number): DetectionRow => ({
	seq, id: `umbrella:${seq}`, source: 'umbrella', eventTypeId: 't', eventTypeName: 'T', occurredMs, receivedMs: occurredMs, body: '{}',
});

/** What every store must do. Run it for each driver. */
export function describeStore(name: string, open: () => Promise<StoreUnderTest>): void {
	describe(`store: ${name}`, () => {
		let under: StoreUnderTest;
		beforeEach(async () => {
			under = await open();
		});
		afterEach(async () => await under.dispose());

		it('keeps a change as a whole, for every connection', async () => {
			await under.store.write(async (tx) => await tx.saveHosts([host(1)]));
			expect(await under.other.read((tx) => tx.hosts([1, 2]))).toEqual([host(1)]);
		});

		it('keeps nothing of a change that fails', async () => {
			const change = under.store.write(async (tx) => {
				await tx.saveHosts([host(1)]);
				throw new Error('no');
			});
			await expect(change).rejects.toThrow('no');
			expect(await under.store.read((tx) => tx.hosts([1]))).toEqual([]);
		});

		it('gives back exactly what was saved', async () => {
			const rows = [
				entity(1, "o'hara; DROP TABLE entities"),
				entity(2, 'ünïcode', { sources: [], rank: undefined, rearmMs: undefined, hostId: 7, targetKey: undefined }),
			];
			await under.store.write((tx) => tx.saveEntities(rows));
			const keys = [...rows].reverse().map(({ kind, key }) => ({ kind, key }));
			expect(await under.other.read((tx) => tx.entities([...keys, { kind: 'mac', key: 'none' }]))).toEqual([rows[1], rows[0], undefined]);
			await under.store.write((tx) => tx.updateScores([{ ...rows[0], rank: -1.5, rearmMs: 5, lastSeenMs: 9 }]));
			expect(await under.other.read((tx) => tx.entitiesAfter(0, 1))).toEqual([{ ...rows[0], rank: -1.5, rearmMs: 5, lastSeenMs: 9 }]);
		});

		it('ranks, highest first, those without points last', async () => {
			await under.store.write(async (tx) => {
				await tx.saveHosts([host(1, { state: 'contained' }), host(2, { graceUntilMs: 50 })]);
				await tx.saveEntities([
					entity(1, 'low'), entity(3, 'high', { hostId: 1 }), entity(2, 'mid', { kind: 'user', hostId: 2 }), entity(4, 'none', { rank: undefined }),
				]);
			});
			const keys = async (filter: object) => {
				const { rows } = await under.store.read((tx) => tx.rankedEntities({ limit: 10, offset: 0, nowMs: 10, ...filter }));
				return rows.map(({ entity: { key } }) => key);
			};
			expect(await keys({})).toEqual(['high', 'mid', 'low', 'none']);
			expect(await keys({ kind: 'hostname', limit: 1, offset: 1 })).toEqual(['low']);
			expect(await keys({ minRank: 2 })).toEqual(['high', 'mid']);
			expect(await keys({ maxRank: 2 })).toEqual(['low', 'none']);
			expect(await keys({ state: 'contained' })).toEqual(['high']);
			expect(await keys({ state: 'grace' })).toEqual(['mid']);
			expect(await keys({ state: 'grace', nowMs: 50 })).toEqual([]);
			expect(await keys({ state: 'normal' })).toEqual(['low', 'none']);
			expect(await keys({ search: 'I' })).toEqual(['high', 'mid']);
			expect(await keys({ search: '%' })).toEqual([]);
			expect(await keys({ order: 'key' })).toEqual(['high', 'low', 'mid', 'none']);
			expect(await keys({ order: 'lastSeen', limit: 1 })).toEqual(['low']);
		});

		it('finds entities by a part of their key, whether the key is indexed by now or newer', async () => {
			await under.store.write(async (tx) => {
				await tx.saveEntities([
					entity(1, 'PC1.corp.example'), entity(2, 'pc2.corp.example', { kind: 'user' }), entity(3, 'a"b'), entity(4, '50%'), entity(5, 'ab'),
				]);
				while ((await tx.indexKeys(2)) > 0);
				await tx.saveEntities([entity(6, 'new.corp.example'), entity(7, 'newer', { kind: 'mac' })]);
			});
			const names: Record<string, number> = { 'PC1.corp.example': 1, 'pc2.corp.example': 2, 'a"b': 3, '50%': 4, ab: 5, 'new.corp.example': 6, newer: 7, other: 8 };
			const found = async (search: string, filter: object = {}) => {
				const { rows, total } = await under.other.read((tx) => tx.rankedEntities({ search, limit: 10, offset: 0, nowMs: 10, order: 'key', ...filter }));
				expect(total).toBe(rows.length);
				return rows.map(({ entity: { key } }) => names[key]).sort();
			};
			expect(await found('Corp.')).toEqual([1, 2, 6]);
			expect(await found('corp.', { kind: 'hostname' })).toEqual([1, 6]);
			expect(await found('new')).toEqual([6, 7]);
			expect(await found('new', { kind: 'mac' })).toEqual([7]);
			expect(await found('pc1.CORP.exampl')).toEqual([1]);
			expect(await found('a"b')).toEqual([3]);
			expect(await found('ab')).toEqual([5]);
			expect(await found('0%')).toEqual([4]);
			expect(await found('corp*')).toEqual([]);
			expect(await found('PC1 OR new')).toEqual([]);
			await under.store.write((tx) => tx.clearAll());
			await under.store.write(async (tx) => {
				await tx.saveEntities([entity(1, 'other')]);
				while ((await tx.indexKeys(2)) > 0);
			});
			expect(await found('corp')).toEqual([]);
			expect(await found('other')).toEqual([8]);
		});

		it('remembers repeats in the order asked for', async () => {
			await under.store.write(async (tx) => {
				await tx.saveRepeats([{ entityId: 1, key: 2 ** 52 - 1, atMs: 5 }, { entityId: 2, key: 7, atMs: 6 }]);
				await tx.saveRepeats([{ entityId: 2, key: 7, atMs: 8 }]);
			});
			const asked = [{ entityId: 2, key: 7 }, { entityId: 1, key: 7 }, { entityId: 1, key: 2 ** 52 - 1 }];
			expect(await under.store.read((tx) => tx.repeats(asked))).toEqual([8, undefined, 5]);
		});

		it('gives the newest contributions of each entity asked for, and detections by number', async () => {
			await under.store.write(async (tx) => {
				await tx.insertDetections([1, 2, 3, 4].map((seq) => detectionRow(seq, START_MS + seq)));
				await tx.insertContributions([[1, 1], [1, 2], [1, 4], [2, 3]].map(([entityId, seq]) => ({ entityId, seq, penalty: seq / 10, suppressed: 1 })));
			});
			const at = (entityId: number, seq: number) => ({ entityId, seq, penalty: seq / 10, suppressed: 1, occurredMs: START_MS + seq });
			const newest = (of: [number, number][], limit: number) =>
				under.other.read((tx) => tx.newestContributions(of.map(([entityId, afterSeq]) => ({ entityId, afterSeq })), limit));
			expect(await newest([[2, 0], [9, 0], [1, 0]], 2)).toEqual([at(2, 3), at(1, 4), at(1, 2)]);
			expect(await newest([[1, 2], [2, 3]], 5)).toEqual([at(1, 4)]);
			expect(await newest([], 5)).toEqual([]);
			const found = await under.other.read((tx) => tx.detectionsAt([4, 2, 99]));
			expect(found.map(({ seq }) => seq).sort()).toEqual([2, 4]);
			expect(await under.other.read((tx) => tx.detectionsAt([]))).toEqual([]);
		});

		it('counts detections by source since a moment', async () => {
			const ledger = new Ledger(under.store, () => START_MS);
			await ledger.initialise();
			const at = (source: string, minutes: number) => detection({ source, atMs: START_MS - minutes * 60_000 });
			await ledger.score([at('umbrella', 5), at('umbrella', 10), at('xdr', 20), at('secureEndpoint', 0)], { actor: ACTOR });
			const since = (minutes: number) => under.other.read((tx) => tx.detectionCounts(START_MS - minutes * 60_000));
			expect(await since(10)).toEqual([{ source: 'secureEndpoint', count: 1 }, { source: 'umbrella', count: 2 }]);
			expect(await since(20)).toEqual([
				{ source: 'secureEndpoint', count: 1 }, { source: 'umbrella', count: 2 }, { source: 'xdr', count: 1 },
			]);
			expect(await since(-1)).toEqual([]);
		});

		it('finds detections by a whole value that they saw, latest recorded first', async () => {
			const ledger = new Ledger(under.store, () => START_MS);
			await ledger.initialise();
			const [sha, twin] = ['a', 'b'].map((last) => `${'0123456789abcdef'.repeat(3)}000000000000000${last}`);
			const saw = (id: string, ...values: string[]) => ({ ...detection({ id }), observables: values.map((value) => ({ type: 'x', value })) });
			await ledger.score([saw('umbrella:1', 'Bad.example', 'bad.example'), saw('umbrella:2', sha.toUpperCase()), saw('umbrella:3', 'bad.example'), saw('umbrella:4', twin)], { actor: ACTOR });
			const found = async (observable: string, limit = 10) => {
				const { rows } = await under.other.read((tx) => tx.detections({ observable, limit, offset: 0 }));
				return rows.map(({ id }) => id);
			};
			expect(await found('BAD.example')).toEqual(['umbrella:3', 'umbrella:1']);
			expect(await found('bad.example', 1)).toEqual(['umbrella:3']);
			expect(await found(sha)).toEqual(['umbrella:2']);
			expect(await found(twin)).toEqual(['umbrella:4']);
			expect(await found('bad.exampl')).toEqual([]);
			await under.store.write((tx) => tx.deleteDetections([3]));
			expect(await found('bad.example')).toEqual(['umbrella:1']);
		});

		it('makes a note once per key, and any number without one', async () => {
			const ledger = new Ledger(under.store, () => START_MS);
			await ledger.initialise();
			const other = new Ledger(under.other, () => START_MS);
			const key = { id: 'form-1', sinceMs: START_MS };
			const made = await Promise.all([ledger, other].map((each) => each.note(ACTOR, 'console.release', 'mac:X', { a: 1 }, key)));
			expect(made.sort()).toEqual([false, true]);
			expect(await ledger.note(ACTOR, 'console.release', 'mac:X', {}, { ...key, id: 'form-2' })).toBe(true);
			expect(await ledger.note(ACTOR, 'console.refused', 'mac:X', {})).toBe(true);
			expect(await ledger.note(ACTOR, 'console.refused', 'mac:X', {})).toBe(true);
			expect((await ledger.getAudit({ subject: 'mac:X', limit: 10 })).items.map(({ action, details }) => [action, details])).toEqual([
				['console.refused', {}], ['console.refused', {}], ['console.release', { request: 'form-2' }], ['console.release', { a: 1, request: 'form-1' }],
			]);
			expect(await ledger.verifyAudit()).toMatchObject({ ok: true });
		});

		it('lets one of many polls of a source begin', async () => {
			const ledger = new Ledger(under.store, () => START_MS);
			await ledger.initialise();
			const other = new Ledger(under.other, () => START_MS);
			const options = { overlapSeconds: 0, firstLookbackSeconds: 60, leaseSeconds: 120, actor: ACTOR };
			const begin = async () =>
				(await Promise.all([ledger, other, ledger, other].map((each) => each.beginPoll('umbrella', options)))).filter((one) => 'to' in one);
			const [begun, ...more] = await begin();
			expect(more).toEqual([]);
			await other.score([], { actor: ACTOR, cursor: { source: 'umbrella', position: begun.to } });
			expect(await begin()).toHaveLength(1);
		});

		it('goes on in the audit where a list ended, whatever was added since', async () => {
			const ledger = new Ledger(under.store, () => START_MS);
			await ledger.initialise();
			const add = (value: string) => ledger.protect({ type: 'user', value, reason: 'x' }, ACTOR);
			for (const value of ['a', 'b', 'c']) await add(value);
			const first = await ledger.getAudit({ action: 'protected', limit: 2 });
			await add('d');
			const rest = await ledger.getAudit({ action: 'protected', limit: 2, beforeSeq: first.items[1].seq });
			expect([...first.items, ...rest.items].map(({ subject }) => subject)).toEqual(['user:c', 'user:b', 'user:a']);
		});

		it('counts unrated event types, most detections first', async () => {
			const type = (source: string, eventTypeId: string, detections: number, firstSeenMs: number, lastSeenMs: number) => ({
				source, eventTypeId, eventTypeName: `Type ${eventTypeId}`, detections, firstSeenMs, lastSeenMs,
			});
			await under.store.write((tx) => tx.addUnrated([type('xdr', '1', 2, 50, 60), type('umbrella', '1', 3, 10, 20), type('xdr', '2', 9, 5, 5)]));
			await under.other.write((tx) => tx.addUnrated([type('xdr', '1', 4, 40, 55)]));
			const read = (filter: { source?: string; limit: number; offset: number }) => under.store.read((tx) => tx.unrated(filter));
			const [most, sum, least] = [type('xdr', '2', 9, 5, 5), type('xdr', '1', 6, 40, 60), type('umbrella', '1', 3, 10, 20)];
			expect(await read({ limit: 10, offset: 0 })).toEqual({ rows: [most, sum, least], total: 3 });
			expect(await read({ limit: 1, offset: 1 })).toEqual({ rows: [sum], total: 3 });
			expect(await read({ source: 'umbrella', limit: 10, offset: 0 })).toEqual({ rows: [least], total: 1 });
			await under.store.write((tx) => tx.clearUnrated());
			expect(await read({ limit: 10, offset: 0 })).toEqual({ rows: [], total: 0 });
		});

		it('reads a list of episodes in parts, each once, also of those that began at once', async () => {
			const ledger = new Ledger(under.store, () => START_MS);
			await ledger.initialise();
			for (let i = 10; i < 40; i++) await ledger.containManually({ mac: `00:11:22:33:44:${i}` }, { actor: ACTOR, reason: 'x' });
			const ids: string[] = [];
			for (let offset = 0; offset < 30; offset += 7) ids.push(...(await ledger.getEpisodes({ state: 'containing', limit: 7, offset })).items.map(({ id }) => id));
			expect(new Set(ids).size).toBe(30);
			expect(ids).toHaveLength(30);
		});

		it('merges hosts with their links and entities', async () => {
			await under.store.write(async (tx) => {
				await tx.saveHosts([host(1), host(2)]);
				await tx.insertLinks([{ kind: 'hostname', value: 'pc2', hostId: 2 }, { kind: 'hostname', value: 'pc1', hostId: 1 }]);
				await tx.saveEntities([entity(1, 'pc2', { hostId: 2 })]);
				await tx.mergeHosts([{ from: 2, to: 1, members: host(2).members }]);
			});
			await under.store.read(async (tx) => {
				expect(await tx.hosts([1, 2])).toHaveLength(1);
				expect(await tx.links([{ kind: 'hostname', value: 'pc2' }])).toEqual([]);
				expect(await tx.entitiesOfHosts([1])).toMatchObject([{ key: 'pc2' }]);
			});
		});

		it('loses no update when two connections change the same row at once', async () => {
			const add = (store: Store) => store.write(async (tx) => {
				const head: LedgerHead = await tx.head();
				await new Promise((resolve) => setImmediate(resolve));
				head.hostId++;
				await tx.saveHead(head);
			});
			await Promise.all(Array.from({ length: 40 }, (_, i) => add(i % 2 === 0 ? under.store : under.other)));
			expect((await under.store.read((tx) => tx.head())).hostId).toBe(40);
		});

		it('a reader apart sees one moment', async () => {
			await under.store.write((tx) => tx.saveHosts([host(1)]));
			await under.store.readApart(async (tx) => {
				expect(await tx.hosts([1, 2])).toHaveLength(1);
				await under.store.write((other) => other.saveHosts([host(2)]));
				expect(await tx.hosts([1, 2])).toHaveLength(1);
			});
			expect(await under.store.read((tx) => tx.hosts([1, 2]))).toHaveLength(2);
		});

		it('carries a ledger: two of them score each detection exactly once', async () => {
			const [a, b] = [under.store, under.other].map((store) => new Ledger(store, () => START_MS));
			await a.initialise();
			await a.updatePolicy(plainPolicy(), ACTOR, 'x');
			const given = Array.from({ length: 200 }, (_, i) => detection({ penalty: 5, targets: [{ hostname: `pc${i % 7}` }], id: `x:${i}` }));
			const results = await Promise.all(
				[a, b].flatMap((ledger) => [0, 50, 100, 150].map((from) => ledger.score(given.slice(from, from + 50), { actor: ACTOR }))),
			);
			expect(results.flatMap(({ outcomes }) => outcomes).filter(({ outcome }) => outcome === 'recorded')).toHaveLength(200);
			expect(await b.replay()).toMatchObject({ detections: 200, equal: true });
			expect(await b.verifyAudit()).toMatchObject({ ok: true });
		});

		it('keeps alarms and sources by name, and forgets alarms', async () => {
			const alarm = (key: string, text: string): AlarmRow => ({ key, kind: 'source', subject: key, title: 't', text, facts: {}, openedMs: 1, told: false, leaseMs: 0 });
			const source = { source: 'umbrella', failures: 2, lastFailureMs: 5, lastError: "it's down" };
			await under.store.write(async (tx) => {
				await tx.saveAlarms([alarm('b', 'old'), alarm('a', 'old')]);
				await tx.saveAlarms([alarm('b', 'new')]);
				await tx.saveSources([{ source: 'umbrella', failures: 1 }, source]);
			});
			expect(await under.other.read((tx) => tx.alarms())).toEqual([alarm('a', 'old'), alarm('b', 'new')]);
			expect(await under.other.read((tx) => tx.sources())).toEqual([source]);
			await under.store.write((tx) => tx.deleteAlarms(['b', 'none']));
			expect(await under.other.read((tx) => tx.alarms())).toEqual([alarm('a', 'old')]);
		});

		it('tells when sources reported, stepping over busy times', async () => {
			const times = [0, 10, 20, 30, 200, 205, 500].map((ms) => START_MS + ms);
			await under.store.write((tx) => tx.insertDetections(times.map((ms, i) => detectionRow(i + 1, ms))));
			const query = { sources: ['none', 'umbrella'], fromMs: START_MS + 5, toMs: START_MS + 400, pauseMs: 50 };
			expect(await under.other.read((tx) => tx.sourceActivity(query))).toEqual([
				{ source: 'none', stepsMs: [] },
				{ source: 'umbrella', stepsMs: [10, 30, 200, 205].map((ms) => START_MS + ms) },
			]);
			expect(await under.other.read((tx) => tx.oldestDetectionMs())).toBe(START_MS);
		});

		it.each(['score', 'lastSeen', 'key'] as const)('gives the same list by %s in parts, however many rows are known to fit', async (order) => {
			const rows = Array.from({ length: 23 }, (_, i) => entity(i + 1, `pc${(i * 7) % 23}`, { rank: i % 5 === 0 ? undefined : i % 4, lastSeenMs: i % 6 }));
			await under.store.write(async (tx) => await tx.saveEntities(rows));
			const part = async (limit: number, offset: number, total?: number) => {
				const found = await under.store.read((tx) => tx.rankedEntities({ kind: 'hostname', limit, offset, nowMs: 10, order, ...(total !== undefined && { total }) }));
				expect(found.total).toBe(23);
				return found.rows.map(({ entity: { key } }) => key);
			};
			const whole = await part(30, 0);
			const parts = await Promise.all([0, 5, 10, 15, 20].map(async (offset) => await part(5, offset, 23)));
			expect(parts.flat()).toEqual(whole);
			expect(await part(5, 25, 23)).toEqual([]);
		});

		it('counts detections so far that a list need not be read, and says where it stopped', async () => {
			const rows = Array.from({ length: 1_200 }, (_, i) => detectionRow(i + 1, START_MS + i));
			await under.store.write(async (tx) => await tx.insertDetections(rows));
			const length = async (query: object) => {
				const { rows: found, ...rest } = await under.store.read((tx) => tx.detections({ limit: 10, offset: 0, ...query }));
				expect(found).toHaveLength(10);
				return rest;
			};
			expect(await length({ source: 'umbrella' })).toEqual({ total: 1_000, atLeast: true });
			expect(await length({ untilMs: START_MS + 99 })).toEqual({ total: 100 });
			expect(await length({ total: 1_200 })).toEqual({ total: 1_200 });
		});

		it('keeps of each entity what was looked up last, and what its host is taken for', async () => {
			const context = (by: string) => ({ at: '2026-01-01T00:00:00.000Z', by, sessions: [], flows: [{ peer: '192.0.2.1' }], computers: [], problems: ['ünïcode'] });
			const profiled = host(1, { members: ['Old-Device', 'Cisco-Switch'].map((value) => ({ kind: 'endpointProfile', value, lastSeenMs: 60_000, held: 'own' })) });
			await under.store.write(async (tx) => {
				await tx.saveHosts([profiled, host(2)]);
				await tx.saveEntities([entity(1, 'switch', { hostId: 1 }), entity(2, 'pc', { hostId: 2 })]);
				await tx.saveContext(1, context('ann'));
				await tx.saveContext(1, context('bob'));
			});
			expect(await under.other.read(async (tx) => [await tx.context(1), await tx.context(2)])).toEqual([context('bob'), undefined]);
			const { rows } = await under.other.read((tx) => tx.rankedEntities({ limit: 10, offset: 0, nowMs: 0, order: 'key' }));
			expect(rows.map(({ host: state }) => state?.profile)).toEqual([undefined, 'Cisco-Switch']);
		});

		it('keeps bases, and removes what retention names', async () => {
			const base = (entityId: number): BaseRow => ({ entityId, sources: [{ source: 'umbrella', points: 0.1 + 0.2, atMs: 1, detections: 2 }], memory: [[2 ** 52 - 1, 7]] });
			await under.store.write(async (tx) => {
				await tx.saveBases([base(1), base(2)]);
				await tx.insertDetections([detectionRow(1, START_MS), detectionRow(2, START_MS)]);
				await tx.insertContributions([1, 2].map((seq) => ({ entityId: 1, seq, penalty: 5, suppressed: 0 })));
				await tx.saveRepeats([{ entityId: 1, key: 1, atMs: 10 }, { entityId: 1, key: 2, atMs: 20 }, { entityId: 2, key: 1, atMs: 10 }]);
				await tx.insertAudit([1, 2, 3].map((seq) => ({ seq, atMs: 1, actor: 'a', execution: undefined, action: 'x', subject: 's', details: '{}', hash: 'h' })));
			});
			await under.store.write(async (tx) => {
				await tx.deleteDetections([1]);
				await tx.deleteContributions([{ entityId: 1, seq: 1 }]);
				await tx.deleteRepeatsBefore([1], 20);
				expect(await tx.deleteAudit(2, 1)).toBe(1);
				expect(await tx.deleteAudit(2, 10)).toBe(1);
			});
			await under.other.read(async (tx) => {
				expect(await tx.bases([2, 9])).toEqual([base(2)]);
				expect(await tx.basesAfter(1, 5)).toEqual([base(2)]);
				expect((await tx.detectionsAfter(0, 5)).map(({ seq }) => seq)).toEqual([2]);
				expect(await tx.contributionsAt([{ entityId: 1, seq: 1 }, { entityId: 1, seq: 2 }])).toEqual([{ entityId: 1, seq: 2, penalty: 5, suppressed: 0 }]);
				expect(await tx.repeats([{ entityId: 1, key: 1 }, { entityId: 1, key: 2 }, { entityId: 2, key: 1 }])).toEqual([undefined, 20, 10]);
				expect((await tx.auditAfter(0, 5)).map(({ seq }) => seq)).toEqual([3]);
			});
			await under.store.write((tx) => tx.clearScores(2));
			expect(await under.other.read((tx) => tx.contributionsAt([{ entityId: 1, seq: 2 }]))).toHaveLength(1);
			await under.store.write((tx) => tx.clearScores(0));
			expect(await under.other.read((tx) => tx.contributionsAt([{ entityId: 1, seq: 2 }]))).toEqual([]);
		});

		it('counts open intents by age', async () => {
			let nowMs = START_MS;
			const ledger = new Ledger(under.store, () => nowMs);
			await ledger.initialise();
			await ledger.updatePolicy(plainPolicy(), ACTOR, 'test');
			await ledger.score([detection({ penalty: 90 })], { actor: ACTOR });
			nowMs += 5_000;
			await ledger.score([detection({ penalty: 90, targets: [{ mac: '00:11:22:33:44:66' }] })], { actor: ACTOR });
			expect(await under.other.read((tx) => tx.openIntents([START_MS - 1, START_MS, nowMs]))).toEqual(
				expect.arrayContaining([
					{ beforeMs: START_MS, state: 'pending', count: 1, oldestMs: START_MS },
					{ beforeMs: nowMs, state: 'pending', count: 2, oldestMs: START_MS },
				]),
			);
			const other = await new Ledger(under.other, () => nowMs).getMetrics();
			expect(other.openIntents.find(({ state }) => state === 'pending')).toMatchObject({ oldestSeconds: 5 });
			expect(other.delays).toContainEqual(expect.objectContaining({ stage: 'occurredToScored', of: 'secureEndpoint', count: 2, sumSeconds: 5 }));
		});
	});
}
