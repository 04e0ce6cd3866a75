import fc from 'fast-check';
import { toContext } from '../../../ledger/context';
import { ACTOR, detection, MINUTE_MS, newLedger, PERSON, plainPolicy, START_MS, type TestLedger } from './helpers';
import { confirmTarget } from '../../support/settle';

const SHA256 = 'ab'.repeat(32);
const AT = '2026-01-15T12:00:00.000Z';
const session = (endpointProfile: string) => ({ macAddress: '00:11:22:33:44:55', ipAddresses: ['10.0.0.1'], endpointProfile });
const flow = (ipAddress: string, byteCount: number) => ({ subject: { ipAddress: '10.0.0.1', port: 50_000 }, peer: { ipAddress, port: 443 }, protocol: 'TCP', byteCount });
const PC = { kind: 'hostname', key: 'pc1' } as const;

let test: TestLedger;
beforeEach(async () => {
	test = await newLedger(plainPolicy());
	await test.ledger.score([detection({ penalty: 10, targets: [{ hostname: 'pc1', mac: '00:11:22:33:44:55', user: 'ann' }] })], { actor: ACTOR });
});
afterEach(async () => await test.close());

describe('toContext', () => {
	it('takes what it knows from the answers of the nodes', () => {
		const found = {
			sessions: [{ ...session('Cisco-Switch'), userName: null, nasPortId: 'Gi1/0/7', startedAt: '2026-01-15T11:00:00+01:00', other: 'x' }],
			flows: [flow('192.0.2.1', 10), { error: 'x' }, flow('192.0.2.2', 20)],
			computers: [{ connectorGuid: 'g', hostname: 'pc1', isolationStatus: 'isolated', active: true }, { error: 'x' }],
			locations: [{ deviceId: '00:11:22:33:44:55', locationMapHierarchy: 'Campus>Building 9>Level 4', apMacAddress: '70:df:2f:b5:38:60', lastSeen: '2026-01-15T11:59:00.000+0000' }, { statusCode: 200 }],
			notSetUp: ['VirusTotal'],
			problems: ['ISE is down', 7],
		};
		expect(toContext(found, AT, 'ann')).toEqual({
			at: AT,
			by: 'ann',
			sessions: [{ macAddress: '00:11:22:33:44:55', ipAddresses: ['10.0.0.1'], endpointProfile: 'Cisco-Switch', nasPortId: 'Gi1/0/7', startedAt: '2026-01-15T10:00:00.000Z' }],
			flows: ['192.0.2.2', '192.0.2.1'].map((peer, i) => ({ peer, peerPort: 443, ip: '10.0.0.1', port: 50_000, protocol: 'TCP', bytes: [20, 10][i] })),
			computers: [{ connectorGuid: 'g', hostname: 'pc1', isolationStatus: 'isolated' }],
			locations: [{ macAddress: '00:11:22:33:44:55', place: ['Campus', 'Building 9', 'Level 4'], accessPoint: '70:DF:2F:B5:38:60', lastSeen: '2026-01-15T11:59:00.000Z' }],
			files: [],
			notSetUp: ['VirusTotal'],
			problems: ['ISE is down'],
		});
	});

	it('puts together what two products say of a file', () => {
		const report = { sha256: SHA256, found: true, threatScore: 95, names: ['invoice.exe', 'a.bin'], domains: ['c2.example'], indicators: [{ title: 'Process modified a system file', severity: 90 }] };
		const verdict = {
			meaningful_name: 'invoice.exe', names: ['invoice.exe', 'x.exe'],
			last_analysis_stats: { malicious: 48, suspicious: 1, undetected: 20, harmless: 0, timeout: 2, 'type-unsupported': 4 },
			popular_threat_classification: { suggested_threat_label: 'trojan.emotet/geodo' },
		};
		const [both, unknown, scanned] = toContext({ files: [{ sha256: SHA256.toUpperCase(), report, verdict }, { sha256: SHA256, report: { found: false } }, { sha256: SHA256, verdict }, { sha256: 'x' }] }, AT, 'ann').files ?? [];
		expect(both).toEqual({
			sha256: SHA256, threatScore: 95, names: ['invoice.exe', 'a.bin', 'x.exe'], domains: ['c2.example'],
			indicators: ['Process modified a system file'], malicious: 48, engines: 69, label: 'trojan.emotet/geodo',
		});
		expect(unknown).toEqual({ sha256: SHA256, names: [], domains: [], indicators: [] });
		expect(scanned).toMatchObject({ names: ['invoice.exe', 'x.exe'], malicious: 48 });
	});

	it.each(['Campus->Building 9->Level 4', ' Campus > Building 9>Level 4> '])('reads the place %j', (locationMapHierarchy) => {
		const { locations } = toContext({ locations: [{ deviceId: 'AA', locationMapHierarchy }] }, AT, 'ann');
		expect(locations).toEqual([{ macAddress: 'AA', place: ['Campus', 'Building 9', 'Level 4'] }]);
	});

	it('stays small and in shape whatever comes', () => {
		const long = fc.string({ minLength: 0, maxLength: 400 });
		const anything = fc.oneof(fc.anything(), fc.record({ sessions: fc.array(fc.dictionary(fc.constantFrom('macAddress', 'ipAddresses', 'userName', 'startedAt'), fc.oneof(long, fc.array(long)))), flows: fc.array(fc.record({ peer: fc.record({ ipAddress: long, port: fc.anything() }), byteCount: fc.double() })), problems: fc.array(long) }));
		fc.assert(fc.property(anything, (found) => {
			const context = toContext(found, AT, 'ann');
			expect(JSON.parse(JSON.stringify(context))).toEqual(context);
			expect(JSON.stringify(context).length).toBeLessThan(200_000);
		}));
	});

	it('keeps no more than a page can show', () => {
		const many = <T>(of: T) => Array.from({ length: 1_000 }, () => of);
		const text = 'x'.repeat(5_000);
		const report = { names: many(text).map((name, i) => `${i}${name}`), domains: many(text), indicators: many({ title: text }) };
		const { sessions, flows, computers, locations = [], files = [], problems } = toContext({ locations: many({ deviceId: text, locationMapHierarchy: text }), files: many({ sha256: SHA256, report }), sessions: many(session(text)), flows: many(flow('192.0.2.1', 1)), computers: many({ connectorGuid: text }), problems: many(text) }, AT, 'ann');
		expect([sessions.length, flows.length, computers.length, locations.length, files.length, problems.length]).toEqual([20, 100, 5, 10, 4, 8]);
		expect([files[0].names.length, files[0].domains.length, files[0].indicators.length]).toEqual([5, 10, 5]);
		expect([sessions[0].endpointProfile, computers[0].connectorGuid, problems[0]].map((kept) => kept?.length)).toEqual([200, 200, 200]);
	});
});

describe('note context', () => {
	it('keeps the newest answer only, with who asked, in the audit too', async () => {
		await test.ledger.noteContext(PC, { flows: [flow('192.0.2.1', 1)] }, ACTOR);
		test.clock.nowMs += MINUTE_MS;
		await test.ledger.noteContext({ kind: 'hostname', key: 'PC1' }, { problems: ['ISE is down'] }, PERSON);
		expect((await test.ledger.getEntity(PC))?.context).toEqual({
			at: new Date(START_MS + MINUTE_MS).toISOString(), by: 'ann', sessions: [], flows: [], computers: [], locations: [], files: [], notSetUp: [], problems: ['ISE is down'],
		});
		const { items } = await test.ledger.getAudit({ action: 'contextNoted', limit: 10 });
		expect(items).toMatchObject([
			{ actor: 'ann', subject: 'hostname:pc1', details: { sessions: 0, flows: 0, computers: 0, problems: ['ISE is down'] } },
			{ actor: 'workflow', details: { flows: 1 } },
		]);
	});

	it('is read alone, of those entities that were looked up', async () => {
		await test.ledger.noteContext({ kind: 'user', key: 'ann' }, { problems: ['x'] }, PERSON);
		const asked = [PC, { kind: 'user', key: 'ANN' }, { kind: 'hostname', key: 'pc2' }] as const;
		expect(await test.ledger.getContexts(asked)).toEqual([{ entity: { kind: 'user', key: 'ann' }, context: (await test.ledger.getEntity({ kind: 'user', key: 'ann' }))?.context }]);
		expect(await test.ledger.getContexts([])).toEqual([]);
	});

	it('lets every entity of the host know its profile, the latest one, until ISE says otherwise', async () => {
		const profiles = async () => (await test.ledger.getEntities({ limit: 10, order: 'key' })).items.map(({ key, endpointProfile }) => [key, endpointProfile]);
		await test.ledger.noteContext(PC, { sessions: [session('Unknown')] }, PERSON);
		await test.ledger.noteContext(PC, { sessions: [session('Windows10-Workstation')] }, PERSON);
		await test.ledger.noteContext(PC, { sessions: [] }, PERSON);
		expect(await profiles()).toEqual([['00:11:22:33:44:55', 'Windows10-Workstation'], ['ann', 'Windows10-Workstation'], ['pc1', 'Windows10-Workstation']]);
		expect(await test.ledger.getEntity(PC)).toMatchObject({ endpointProfile: 'Windows10-Workstation' });
	});

	it('lets a MAC address know what its host is called, and other entities without it', async () => {
		await test.ledger.score([detection({ penalty: 1, targets: [{ hostname: 'pc1.corp.example', connectorGuid: 'g', mac: '00:11:22:33:44:55' }] })], { actor: ACTOR });
		const { items } = await test.ledger.getEntities({ limit: 10, order: 'key' });
		const [mac, ...others] = items;
		expect(mac).toMatchObject({ key: '00:11:22:33:44:55', hostnames: expect.arrayContaining(['pc1']) });
		expect((await test.ledger.getEntity(mac))?.hostnames).toEqual(mac.hostnames);
		expect(others.map((other) => other.hostnames)).toEqual(others.map(() => undefined));
	});

	it('takes no profile from a device that only has the host\'s last IP address now', async () => {
		await test.ledger.noteContext(PC, { sessions: [session('Windows-Server')] }, PERSON);
		await test.ledger.noteContext(PC, { sessions: [{ ...session('Apple-iPad'), macAddress: 'AA:BB:CC:00:00:01' }, { ipAddresses: ['10.0.0.1'], endpointProfile: 'Printer' }] }, PERSON);
		expect(await test.ledger.getEntity(PC)).toMatchObject({ endpointProfile: 'Windows-Server' });
	});

	it('gives no host the devices of a user', async () => {
		await test.ledger.noteContext({ kind: 'user', key: 'ann' }, { sessions: [session('Apple-iPhone')] }, PERSON);
		expect((await test.ledger.getEntity(PC))?.endpointProfile).toBeUndefined();
	});

	it('stops a containment by a profile that became known and is protected', async () => {
		await test.ledger.noteContext(PC, { sessions: [session('Cisco-Switch')] }, PERSON);
		await test.ledger.protect({ type: 'endpointProfile', value: 'Cisco-Switch', reason: 'core' }, PERSON);
		await expect(test.ledger.containManually({ hostname: 'pc1' }, { actor: PERSON, reason: 'x' })).rejects.toMatchObject({ code: 'protected' });
	});

	it('knows no entity that was never seen', async () => {
		await expect(test.ledger.noteContext({ kind: 'hostname', key: 'pc2' }, {}, PERSON)).rejects.toMatchObject({ code: 'notFound' });
	});
});

it('keeps the profiles of a confirmed target with its host', async () => {
	const { id } = await test.ledger.containManually({ hostname: 'pc1' }, { actor: PERSON, reason: 'x' });
	await test.ledger.claimIntents({ actor: ACTOR, kinds: ['contain'], limit: 1, leaseSeconds: 60 });
	expect(await confirmTarget(test.ledger, id, { endpointProfiles: ['HP-LaserJet', ''] }, ACTOR)).toMatchObject({ confirmed: true });
	expect(await test.ledger.getEntity(PC)).toMatchObject({ endpointProfile: 'HP-LaserJet' });
});

it('refuses a policy based on a version that is no longer active', async () => {
	const { version } = await test.ledger.getPolicy();
	await test.ledger.updatePolicy(plainPolicy({ threshold: 91 }), ACTOR, 'first', { expectedVersion: version });
	const late = test.ledger.updatePolicy(plainPolicy({ threshold: 92 }), PERSON, 'second', { expectedVersion: version });
	await expect(late).rejects.toMatchObject({ code: 'policyChanged', message: expect.stringMatching(`version ${version}, but version ${version + 1} is active`) });
	expect(await test.ledger.getPolicy()).toMatchObject({ version: version + 1, policy: { threshold: 91 } });
});
