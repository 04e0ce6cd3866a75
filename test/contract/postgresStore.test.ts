import { spawnSync } from 'node:child_process';
import { Client } from 'pg';
import { closeIdleLedgers, openLedger, type Detection, type PostgresSettings } from '../../ledger';
import { Ledger } from '../../ledger/ledger';
import { PostgresStore } from '../../ledger/store/postgres';
import { CertificateAuthority } from '../../lab/machine/certificates';
import { lockOf } from '../../ledger/store/postgresSettings';
import { postgresMissing, startPostgres, type TestServer } from '../support/postgres';
import { suiteUnless } from '../support/suite';
import { CutConnection, type Cut } from './cutConnection';
import { ACTOR, detection, newLedger, plainPolicy, START_MS } from '../unit/ledger/helpers';
import { completeIntent } from '../support/settle';

const describeServer = suiteUnless(postgresMissing());

/** What is sent to a server while `work` runs: one round trip each. */
async function statementsOf(work: () => Promise<unknown>): Promise<string[]> {
	const query = jest.spyOn(Client.prototype, 'query');
	try {
		await work();
		return query.mock.calls.map(([given]) => (typeof given === 'string' ? given : (given as unknown as { text: string }).text));
	} finally {
		query.mockRestore();
	}
}

describeServer('a ledger in PostgreSQL', () => {
	let server: TestServer;
	beforeAll(async () => {
		server = await startPostgres();
	}, 60_000);
	afterAll(async () => {
		await closeIdleLedgers();
		await server.stop();
	});

	const opened = async (settings: PostgresSettings = server.settings()) => {
		const store = new PostgresStore(settings);
		const ledger = new Ledger(store, () => START_MS);
		try {
			await ledger.initialise();
		} catch (error) {
			await store.close();
			throw error;
		}
		return { store, ledger, settings };
	};

	/** Each of an endpoint and a user of its own. */
	const batch = (from: number, size: number, suffix = '', ip?: string): Detection[] =>
		Array.from({ length: size }, (_, i) => {
			const number = from + i;
			const mac = `02:00:00:${[16, 8, 0].map((bits) => ((number >> bits) & 255).toString(16).padStart(2, '0')).join(':')}`;
			return detection({
				id: `b:${number}${suffix}`, penalty: 10, targets: [{ hostname: `pc${number}`, mac, user: `u${number}`, ...(ip && { ip }) }],
			});
		});

	it.each<[string, (from: number, size: number) => Detection[]]>([
		['new entities', (from, size) => batch(from + 1_000_000, size)],
		['known entities', (from, size) => batch(from, size, '-again')],
		['one address on many hosts', (from, size) => batch(from, size, '-moved', '10.0.0.7')],
		['many hosts that turn out to be one', (from, size) => batch(from, size, '-dock').map((item) => ({ ...item, targets: [...item.targets, { mac: '02:ff:ff:00:00:01' }] }))],
		['duplicates', batch],
	])('takes as many round trips for 1,000 as for 10: %s', async (_name, make) => {
		const counts: number[] = [];
		for (const size of [10, 1_000]) {
			const { ledger, store } = await opened();
			await ledger.updatePolicy(plainPolicy({ mode: 'observe', repeat: { mode: 'oncePer', window: 'PT1H' } }), ACTOR, 'x');
			await ledger.score(batch(1, size), { actor: ACTOR });
			counts.push((await statementsOf(async () => await ledger.score(make(1, size), { actor: ACTOR }))).length);
			await store.close();
		}
		expect(counts[1]).toBe(counts[0]);
		expect(counts[0]).toBeGreaterThan(5);
		expect(counts[0]).toBeLessThanOrEqual(22);
	});

	it('keeps to single rows when the plans were made for empty tables', async () => {
		const { ledger, store, settings } = await opened();
		await ledger.updatePolicy(plainPolicy({ mode: 'observe', repeat: { mode: 'oncePer', window: 'PT1H' } }), ACTOR, 'x');
		await server.query('ANALYZE');
		const given = 8 * 500;
		for (let i = 0; i < 8; i++) await ledger.score(batch(1 + 250 * i, 500, `-${i}`), { actor: ACTOR });
		await store.close();
		await server.query('SELECT pg_stat_force_next_flush()');
		const read = await server.query<{ name: string; rows: string }>(`SELECT indexrelname AS name, idx_tup_read AS rows FROM pg_stat_user_indexes WHERE schemaname = $1`, [settings.schema]);
		// Each detection has three entities, each of which has a few rows that are looked up.
		for (const { name, rows } of read) expect([name, Number(rows) <= given * 20]).toEqual([name, true]);
		expect(read.find(({ name }) => name === 'entities_by_kind_and_rank')?.rows).toBe('0');
	});

	it('takes as many round trips for 100 hosts that cross as for 5', async () => {
		const counts: number[] = [];
		for (const size of [5, 100]) {
			const { ledger, store } = await opened();
			await ledger.updatePolicy(plainPolicy(), ACTOR, 'x');
			const grave = batch(1, size).map((item) => ({ ...item, eventType: { id: 'p90', name: 'Grave' } }));
			counts.push((await statementsOf(async () => {
				const { contain } = await ledger.score(grave, { actor: ACTOR });
				expect(contain).toHaveLength(size);
				expect(contain[size - 1].topContributions).toMatchObject([{ eventType: 'Grave' }]);
			})).length);
			await store.close();
		}
		expect(counts[1]).toBe(counts[0]);
	});

	it('takes as many round trips to confirm, complete and fail the containments of 100 hosts as of 5', async () => {
		const counts: number[][] = [];
		for (const size of [5, 100]) {
			const { ledger, store } = await opened();
			await ledger.updatePolicy(plainPolicy(), ACTOR, 'x');
			await ledger.score(batch(1, size).map((item) => ({ ...item, eventType: { id: 'p90', name: 'Grave' } })), { actor: ACTOR });
			const claimed = await ledger.claimIntents({ kinds: ['contain'], limit: size, leaseSeconds: 60, actor: ACTOR });
			const found = claimed.map(({ id }, index) => ({ intentId: id, identity: { macs: [`02:aa:00:00:01:${index.toString(16).padStart(2, '0')}`] } }));
			const confirmed = await statementsOf(async () => {
				expect(await ledger.confirmTargets(found, ACTOR)).toEqual(found.map(() => expect.objectContaining({ confirmed: true })));
			});
			const half = size / 5;
			const failed = await statementsOf(async () => await ledger.failIntents(found.slice(0, half).map((one) => ({ ...one, error: 'ISE is away' })), ACTOR));
			const completed = await statementsOf(async () => {
				const settled = await ledger.completeIntents(found.slice(half).map((one) => ({ ...one, result: {} })), ACTOR);
				expect(settled).toEqual(found.slice(half).map(() => expect.objectContaining({ notice: expect.anything() as unknown })));
			});
			counts.push([confirmed, failed, completed].map(({ length }) => length));
			expect(await ledger.verifyAudit()).toMatchObject({ ok: true });
			await store.close();
		}
		expect(counts[1]).toEqual(counts[0]);
	});

	it('repeats a change that lost a race, and gives it up when it keeps losing', async () => {
		const { store } = await opened();
		let attempts = 0;
		const failing = (times: number) => store.write(async (tx) => {
			const head = await tx.head();
			head.hostId++;
			await tx.saveHead(head);
			if (attempts++ < times) await (tx as unknown as { db: { script(sql: string): Promise<unknown> } }).db.script(`DO $$ BEGIN RAISE EXCEPTION 'lost' USING ERRCODE = '40001'; END $$`);
		});
		await failing(2);
		expect(attempts).toBe(3);
		expect((await store.read((tx) => tx.head())).hostId).toBe(1);
		attempts = 0;
		await expect(failing(Infinity)).rejects.toMatchObject({ code: 'unavailable', reason: '40001' });
		expect(attempts).toBe(6);
		await store.close();
	});

	it('repeats a change that the server has chosen as the victim of a deadlock', async () => {
		const { store, ledger, settings } = await opened();
		const rival = new Client({ ...settings, ssl: false });
		await rival.connect();
		await rival.query(`SET deadlock_timeout = '30s'; BEGIN; SELECT 1 FROM "${settings.schema}".head FOR UPDATE`);
		let attempts = 0;
		const change = store.write(async (tx) => {
			const head = await tx.head();
			attempts++;
			head.hostId++;
			await tx.saveHead(head);
		});
		const locks = `SELECT 1 FROM pg_stat_activity WHERE application_name = 'n8n-nodes-cisco-rtc' AND wait_event_type = 'Lock'`;
		while ((await server.query(locks)).length === 0);
		await rival.query(`SELECT pg_advisory_xact_lock(${lockOf(settings.schema).join(', ')})`);
		await rival.query('COMMIT');
		await rival.end();
		await change;
		expect(attempts).toBe(2);
		expect((await store.read((tx) => tx.head())).hostId).toBe(1);
		expect(await ledger.verifyAudit()).toMatchObject({ ok: true });
		await store.close();
	}, 60_000);

	it.each<[string, Cut]>([['its answer', 'answer'], ['itself', 'commit']])('counts a batch once when COMMIT loses %s on the way', async (_name, lost) => {
		const direct = await opened();
		await direct.ledger.updatePolicy(plainPolicy({ mode: 'observe' }), ACTOR, 'x');
		const way = await CutConnection.open(direct.settings);
		const { ledger, store } = await opened({ ...direct.settings, host: '127.0.0.1', port: way.port });
		way.next = lost;
		const { outcomes } = await ledger.score(batch(1, 5), { actor: ACTOR });
		expect(way.cuts).toBe(1);
		expect(outcomes.map(({ outcome }) => outcome)).toEqual(Array(5).fill('recorded'));
		expect((await ledger.score(batch(1, 5), { actor: ACTOR })).outcomes.map(({ outcome }) => outcome)).toEqual(Array(5).fill('duplicate'));
		expect(await direct.ledger.getEntity({ kind: 'user', key: 'u1' })).toMatchObject({ score: 10 });
		expect(await direct.ledger.replay()).toMatchObject({ detections: 5, equal: true });
		expect(await direct.ledger.verifyAudit()).toMatchObject({ ok: true });
		await Promise.all([store.close(), direct.store.close()]);
		await way.close();
	});

	it('says that nobody knows whether a change was kept, when the server is gone after COMMIT', async () => {
		const direct = await opened();
		const way = await CutConnection.open(direct.settings);
		const { ledger, store } = await opened({ ...direct.settings, host: '127.0.0.1', port: way.port });
		way.next = 'answer';
		const scored = ledger.score(batch(1, 5), { actor: ACTOR });
		while (way.cuts === 0) await new Promise((resolve) => setTimeout(resolve, 5));
		await way.close();
		await expect(scored).rejects.toMatchObject({ code: 'unavailable', message: expect.stringContaining('not known whether the change was kept') });
		await Promise.all([store.close(), direct.store.close()]);
	}, 30_000);

	it('does not depend on the isolation that the server has by default', async () => {
		const settings = server.settings();
		await server.query(`ALTER ROLE "${settings.user}" SET default_transaction_isolation = 'repeatable read'`);
		try {
			const [a, b] = [await opened(settings), await opened(settings)];
			const results = await Promise.all([a, b, a, b].map(({ ledger }, i) => ledger.score(batch(1 + 5 * i, 10), { actor: ACTOR })));
			expect(results.flatMap(({ outcomes }) => outcomes).filter(({ outcome }) => outcome === 'recorded')).toHaveLength(25);
			expect(await b.ledger.replay()).toMatchObject({ detections: 25, equal: true });
			await Promise.all([a.store.close(), b.store.close()]);
		} finally {
			await server.query(`ALTER ROLE "${settings.user}" RESET default_transaction_isolation`);
		}
	});

	it('goes on when the server cuts connections, in use or idle', async () => {
		const { store, ledger } = await opened();
		const cut = () => server.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'n8n-nodes-cisco-rtc'`);
		await cut();
		expect((await ledger.score(batch(1, 5), { actor: ACTOR })).outcomes).toHaveLength(5);
		let first = true;
		await store.write(async (tx) => {
			const head = await tx.head();
			if (first) await cut();
			first = false;
			head.hostId += 100;
			await tx.saveHead(head);
		});
		expect((await store.read((tx) => tx.head())).hostId).toBe(105);
		expect(await ledger.verifyAudit()).toMatchObject({ ok: true });
		await store.close();
	});

	it('keeps 64-bit numbers exact, and refuses those that do not fit', async () => {
		const { store, settings } = await opened();
		await store.write((tx) => tx.saveRepeats([{ entityId: 1, key: Number.MAX_SAFE_INTEGER, atMs: -1 }]));
		expect(await store.read((tx) => tx.repeats([{ entityId: 1, key: Number.MAX_SAFE_INTEGER }]))).toEqual([-1]);
		await server.query(`UPDATE "${settings.schema}".repeats SET at_ms = 9007199254740993`);
		await expect(store.read((tx) => tx.repeats([{ entityId: 1, key: Number.MAX_SAFE_INTEGER }]))).rejects.toThrow('does not fit');
		await store.close();
	});

	it('keeps any text but NUL, and says how large it is', async () => {
		const { store, ledger } = await opened();
		const nasty = `"';{}\\,NULL ünï\n💥 $1`;
		await ledger.protect({ type: 'hostname', value: 'x', reason: nasty }, ACTOR);
		await ledger.note(ACTOR, 'noted', nasty, { nasty });
		await store.write((tx) => tx.insertLinks([{ kind: 'hostname', value: nasty, hostId: 1 }, { kind: 'user', value: 'NULL', hostId: 2 }]));
		expect((await ledger.getProtected())[0].reason).toBe(nasty);
		expect(await store.read((tx) => tx.links([{ kind: 'user', value: 'NULL' }, { kind: 'hostname', value: nasty }]))).toHaveLength(2);
		expect(await ledger.verifyAudit()).toMatchObject({ ok: true });
		await expect(ledger.note(ACTOR, 'noted', 'a\0b', {})).rejects.toMatchObject({ code: 'invalidValue' });
		expect((await ledger.getMetrics()).databaseBytes).toBeGreaterThan(100_000);
		await store.close();
	});

	it('does not share a schema with anybody', async () => {
		const settings = server.settings('shared');
		await server.query('CREATE SCHEMA shared; CREATE TABLE shared.workflow_entity (id int)');
		await expect(opened(settings)).rejects.toMatchObject({ code: 'refused', message: expect.stringContaining('workflow_entity') });
		expect(await server.query(`SELECT 1 FROM pg_tables WHERE schemaname = 'shared'`)).toHaveLength(1);
	});

	it('refuses what a newer version wrote', async () => {
		const { store, settings } = await opened();
		await store.close();
		await server.query(`UPDATE "${settings.schema}".ledger_schema SET version = 999`);
		await expect(opened(settings)).rejects.toMatchObject({ code: 'newerSchema' });
	});

	it('shares bounded connections between executions', async () => {
		await closeIdleLedgers();
		const settings = server.settings();
		const ledgers = await Promise.all(Array.from({ length: 20 }, () => openLedger({ postgres: { ...settings } })));
		await Promise.all(ledgers.flatMap((ledger) => [ledger.getMetrics(), ledger.replay(), ledger.score(batch(1, 2), { actor: ACTOR })]));
		const [{ open }] = await server.query<{ open: string }>(
			`SELECT count(*) AS open FROM pg_stat_activity WHERE application_name = 'n8n-nodes-cisco-rtc'`,
		);
		expect(Number(open)).toBeGreaterThan(1);
		expect(Number(open)).toBeLessThanOrEqual(6);
		await Promise.all(ledgers.map((ledger) => ledger.close()));
	});

	it.each<[string, (settings: PostgresSettings) => Partial<PostgresSettings>, string, string]>([
		['a wrong password', () => ({ password: 'guessed-wrong' }), 'refused', 'Check user and password'],
		['an unknown user', () => ({ user: 'nobody', password: 'guessed-wrong' }), 'refused', 'Check user and password'],
		['an unknown database', () => ({ database: 'nowhere' }), 'refused', 'no database "nowhere"'],
		['TLS that the server does not offer', () => ({ tls: { verify: true } }), 'refused', 'does not offer TLS'],
		['a server that is not there', () => ({ port: 1 }), 'unavailable', 'No PostgreSQL server answers at 127.0.0.1:1'],
		['a host that does not exist', () => ({ host: 'nowhere.invalid' }), 'unavailable', 'nowhere.invalid'],
		['no host', () => ({ host: '' }), 'invalidValue', 'host'],
		['a system schema', () => ({ schema: 'pg_catalog' }), 'invalidValue', 'belongs to PostgreSQL'],
	])('explains %s without its password', async (_name, change, code, part) => {
		const settings = server.settings();
		const wrong = { ...settings, ...change(settings) };
		const error = await openLedger({ postgres: wrong }).then(() => undefined, (reason: unknown) => reason as Error);
		expect(error).toMatchObject({ code, message: expect.stringContaining(part) });
		expect(JSON.stringify([error?.message, error?.stack])).not.toContain(wrong.password);
	});

	it('says which grant is missing', async () => {
		await server.query(`CREATE ROLE poor LOGIN PASSWORD 'poor'`);
		const settings = { ...server.settings('poor schema'), user: 'poor', password: 'poor' };
		await expect(opened(settings)).rejects.toMatchObject({ code: 'refused', message: expect.stringContaining('CREATE SCHEMA "poor schema" AUTHORIZATION "poor"') });
		await server.query('CREATE SCHEMA "poor schema" AUTHORIZATION poor');
		const { store } = await opened(settings);
		await store.close();
	});

	it('moves from a file to the server and back, row for row', async () => {
		const origin = await newLedger(plainPolicy());
		await origin.ledger.score([...batch(1, 100), ...batch(1, 100).map((item) => ({ ...item, id: `${item.id}x`, eventType: { id: 'p90', name: 'Ünïted "x"' } }))], { actor: ACTOR, cursor: { source: 'umbrella', position: new Date(START_MS).toISOString() } });
		const [first] = await origin.ledger.claimIntents({ actor: ACTOR, kinds: ['contain'], limit: 1, leaseSeconds: 60 });
		await completeIntent(origin.ledger, first.id, { actor: ACTOR, result: {} });
		const { ledger: inserver, store } = await opened();
		const moved = await inserver.importAll(origin.ledger.exportAll(), ACTOR);
		expect(moved).toMatchObject({ detections: 200 });
		expect(await inserver.replay()).toMatchObject({ equal: true, detections: 200 });
		expect(await inserver.verifyAudit()).toMatchObject({ ok: true });
		const back = await newLedger();
		await back.ledger.importAll(inserver.exportAll(), ACTOR);
		expect(await back.ledger.verifyAudit()).toMatchObject({ ok: true });
		const rows = async (ledger: { exportAll(): AsyncIterable<string> }) => {
			const lines: string[] = [];
			for await (const line of ledger.exportAll()) if (!/"table":"(head|audit)"/.test(line)) lines.push(sortedKeys(line));
			return lines.sort();
		};
		expect(await rows(back.ledger)).toEqual(await rows(origin.ledger));
		expect((await inserver.getDetections({ observable: 'hash-1', limit: 5 })).total).toBe((await origin.ledger.getDetections({ observable: 'hash-1', limit: 5 })).total);
		await Promise.all([origin.close(), back.close(), store.close()]);
	}, 60_000);

	it('imports nothing of an export with a row that does not fit', async () => {
		const origin = await newLedger(plainPolicy());
		await origin.ledger.score(batch(1, 3), { actor: ACTOR });
		const lines: string[] = [];
		for await (const line of origin.ledger.exportAll()) lines.push(line);
		const twice = lines.find((line) => line.includes('"table":"detections"')) as string;
		const { ledger, store } = await opened();
		await expect(ledger.importAll([...lines, twice], ACTOR)).rejects.toMatchObject({ code: 'invalidImport' });
		expect(await ledger.getMetrics()).toMatchObject({ detections: {}, policyVersion: 1 });
		await Promise.all([origin.close(), store.close()]);
	});
});

function sortedKeys(line: string): string {
	const { table, row } = JSON.parse(line) as { table?: string; row?: Record<string, unknown> };
	return JSON.stringify([table, Object.entries(row ?? {}).sort(([a], [b]) => (a < b ? -1 : 1))]);
}

describeServer('TLS to PostgreSQL', () => {
	let server: TestServer;
	let authority: CertificateAuthority;
	beforeAll(async () => {
		authority = await CertificateAuthority.create('test');
		server = await startPostgres({ tls: await authority.forHost('localhost') });
	}, 60_000);
	afterAll(async () => {
		await closeIdleLedgers();
		await server.stop();
	});

	const connect = async (changes: Partial<PostgresSettings>) => {
		const settings = { ...server.settings(), host: 'localhost', ...changes };
		const ledger = await openLedger({ postgres: settings });
		await ledger.close();
		const rows = await server.query<{ ssl: boolean }>(
			`SELECT ssl FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE application_name = 'n8n-nodes-cisco-rtc'`,
		);
		await closeIdleLedgers();
		return rows.map(({ ssl }) => ssl);
	};

	it('is checked against the CA', async () => {
		expect(await connect({ tls: { verify: true, ca: authority.certPem } })).toEqual([true]);
	});

	it('is encrypted without a check when that is asked for', async () => {
		expect(await connect({ tls: { verify: false } })).toEqual([true]);
	});

	it.each([
		['an unknown authority', {}, 'CA Certificate'],
		['another name', { host: '127.0.0.1' }, 'is for another name'],
		['a CA that is no certificate', { ca: 'nonsense' }, 'CA Certificate'],
	])('is refused for %s', async (_name, { host, ...changes }: { host?: string; ca?: string }, part) => {
		const ca = host ? { ca: authority.certPem } : {};
		await expect(connect({ ...(host && { host }), tls: { verify: true, ...ca, ...changes } })).rejects.toMatchObject({
			code: 'refused', message: expect.stringContaining(part),
		});
	});
});

it('without PostgreSQL there is a reason, not a failure', () => {
	const { stdout } = spawnSync(process.execPath, ['--import', 'tsx', '-e', `import('./test/support/postgres.ts').then(({ postgresMissing }) => console.log(postgresMissing() ?? 'found'))`], { encoding: 'utf8' });
	expect(stdout.trim()).toBe(postgresMissing() ?? 'found');
});
