import type { IDataObject } from 'n8n-workflow';
import { LAB_BLOCK_LIST, LAB_FILE_LIST } from '../../demo/bundle';
import type { EntityDetail, EntityKind } from '../../ledger';
import type { ActionName } from '../../nodes/RtcConsole/actions/catalogue';
import { ACTION_NAMES, ACTIONS } from '../../nodes/RtcConsole/actions/catalogue';
import { parseObject } from '../../nodes/RtcConsole/actions/objects';
import { Engine } from '../support/engine';
import { compromise, HOST, intentOf, macsOf, misdeedsOf, reportCallback, reportEvent, sceneOf, EXECUTED_MALWARE, poll } from '../support/engineScenes';
import { failIntent } from '../support/settle';

const KNOWN_FILE = 'ab'.repeat(32);
/** Whose hash ends in 0: nobody in the lab has seen it. */
const UNKNOWN_FILE = 'a0'.repeat(32);

let engine: Engine;
beforeAll(async () => (engine = await Engine.start()));
beforeEach(async () => await engine.reset());
afterEach(() => expect(misdeedsOf(engine)).toEqual([]));
afterAll(async () => await engine.close());

/** Somebody presses a button in the console. */
async function press(action: ActionName, subject: string, fields: Record<string, string> = {}): Promise<void> {
	const object = parseObject(ACTIONS[action].object, subject);
	if (!object) throw new Error(`${subject} is no ${ACTIONS[action].object}`);
	const given: Record<string, string> = { reason: 'Seen on camera', ...fields };
	const reason = given.comment ?? given.reason;
	const item = { action, subject, object, fields: given, reason, actor: { name: 'carla', role: 'admin' }, requestId: 'r', drawnMs: 0 };
	await engine.runWell('rtcConsole', [item as unknown as IDataObject]);
	pressed.add(action);
}

const pressed = new Set<ActionName>();
const actorsOf = async (action: string) => (await engine.ledger.getAudit({ action, limit: 10 })).items.map(({ actor }) => actor);
const blockList = () => {
	const { umbrella } = engine.state().vendors as unknown as { umbrella: { destinationLists: { id: number; destinations: { destination: string; comment: string }[] }[] } };
	return umbrella.destinationLists.find(({ id }) => String(id) === LAB_BLOCK_LIST)?.destinations;
};

const blockedFiles = () => {
	const { secureEndpoint } = engine.state().vendors as unknown as { secureEndpoint: { fileLists: { guid: string; files: { sha256: string; description: string }[] }[] } };
	return secureEndpoint.fileLists.find(({ guid }) => guid === LAB_FILE_LIST)?.files;
};

describe('Console', () => {
	it('quarantines every network card of a host in the name of who asked, and releases it', async () => {
		await press('quarantine', `hostname:${HOST}`, { duration: 'PT2H' });
		expect(sceneOf(engine)).toMatchObject({ bound: macsOf(engine), isolation: 'isolated' });
		expect(await intentOf(engine, 'contain')).toMatchObject({ state: 'done', requestedBy: 'carla' });

		await press('release', `hostname:${HOST}`);
		expect(sceneOf(engine)).toMatchObject({ bound: [], isolation: 'not_isolated' });
		expect(await intentOf(engine, 'release')).toMatchObject({ state: 'done', requestedBy: 'carla' });
	});

	it('carries out what somebody approves', async () => {
		reportEvent(engine, EXECUTED_MALWARE);
		reportEvent(engine, '1107296284');
		await poll(engine);
		const { id, state } = await intentOf(engine, 'contain');
		expect(state).toBe('awaitingApproval');
		await press('approve', id);
		expect(sceneOf(engine).bound).toEqual(macsOf(engine));
	});

	it('leaves alone what somebody denies', async () => {
		reportEvent(engine, EXECUTED_MALWARE);
		reportEvent(engine, '1107296284');
		await poll(engine);
		const { id } = await intentOf(engine, 'contain');
		await press('deny', id);
		expect(await intentOf(engine, 'contain')).toMatchObject({ state: 'denied' });
		expect(sceneOf(engine).bound).toEqual([]);
	});

	it('sends a failed intent on its way again', async () => {
		const { id } = await engine.ledger.containManually({ hostname: HOST }, { actor: { name: 'ann' }, reason: 'x' });
		const { attempts } = (await engine.ledger.getPolicy()).policy.retry;
		for (let attempt = 0; attempt < attempts; attempt++) {
			await engine.ledger.claimIntents({ actor: { name: 'test' }, kinds: ['contain'], ids: [id], limit: 1, leaseSeconds: 60 });
			await failIntent(engine.ledger, id, 'ISE is down', { name: 'test' });
			engine.time.advance(3_600_000);
		}
		expect(await intentOf(engine, 'contain')).toMatchObject({ state: 'failed' });
		await press('retryIntent', id);
		await engine.runWell('rtcSweepIntents');
		expect(sceneOf(engine).bound).toEqual(macsOf(engine));
	});

	it('isolates a connector alone, and lets it go', async () => {
		const guid = engine.host(HOST).connectorGuid as string;
		await press('isolate', guid);
		expect(sceneOf(engine)).toMatchObject({ bound: [], isolation: 'isolated' });
		await press('stopIsolation', guid);
		expect(sceneOf(engine).isolation).toBe('not_isolated');
	});

	it.each([
		['a domain', 'domain:C2.example', 'c2.example'],
		['a web address', 'url:http://c2.example/a?b=c', 'http://c2.example/a?b=c'],
		['an IPv4 address', 'ip:203.0.113.66', '203.0.113.66'],
	])('blocks %s in Umbrella, and says who wanted it', async (_what, subject, destination) => {
		await press('blockObservable', subject);
		expect(blockList()).toMatchObject([{ destination, comment: 'Seen on camera (carla)' }]);
		expect(blockedFiles()).toEqual([]);
	});

	it('blocks a file in Secure Endpoint, and says who wanted it', async () => {
		await press('blockObservable', `sha256:${'A1'.repeat(32)}`);
		expect(blockedFiles()).toEqual([{ sha256: 'a1'.repeat(32), description: 'Seen on camera (carla)' }]);
		expect(blockList()).toEqual([]);
	});

	it.each(['ip:2001:db8::1', 'ip:203.0.113.0/24', 'ip:c2.example', 'domain:203.0.113.66', 'domain:*.c2.example', 'url:ftp://c2.example/a', 'url:c2.example', 'sha256:a1', 'fileName:a.exe'])(
		'does not offer to block %s, which it could not',
		(subject) => expect(parseObject('observable', subject)).toBeUndefined(),
	);

	describe('looks up', () => {
		const lookedUp = async (kind: EntityKind, key: string) => {
			await press('lookUp', `${kind}:${key}`);
			return (await engine.ledger.getEntity({ kind, key }))?.context;
		};

		it('sessions, flows and the computer of a host, and shows the profile from then on', async () => {
			await compromise(engine);
			expect(await lookedUp('hostname', HOST)).toMatchObject({
				by: 'carla',
				problems: [],
				computers: [{ connectorGuid: engine.host(HOST).connectorGuid, hostname: expect.stringMatching(new RegExp(`^${HOST}`, 'i')) }],
			});
			const { context, related } = (await engine.ledger.getEntity({ kind: 'hostname', key: HOST })) as EntityDetail;
			const { profile } = engine.host(HOST);
			for (const session of context?.sessions ?? []) {
				expect(session).toMatchObject({ endpointProfile: profile, ancPolicy: 'Quarantine', nasIpAddress: expect.stringMatching(/^10\./) });
				expect(related).toContainEqual({ kind: 'mac', key: session.macAddress });
			}
			expect(context?.sessions).not.toEqual([]);
			expect(context?.flows).toContainEqual(expect.objectContaining({ peer: expect.any(String), bytes: expect.any(Number) }));
			const macs = (await engine.ledger.getEntities({ kind: 'mac', limit: 10 })).items;
			expect(macs.map(({ endpointProfile }) => endpointProfile)).toEqual(macs.map(() => profile));
			expect(await actorsOf('contextNoted')).toEqual(['carla']);
		});

		it('what it can, and says what it could not', async () => {
			reportCallback(engine);
			await poll(engine);
			const [{ kind, key }] = (await engine.ledger.getEntities({ kind: 'hostname', limit: 1 })).items;
			engine.fault({ vendor: 'ise', kind: 'status', status: 503 });
			expect(await lookedUp(kind, key)).toMatchObject({ sessions: [], problems: [expect.stringMatching(/^Cisco ISE: /)] });
		});

		const asked = (vendor: string) => engine.journal({ vendor }).map(({ method, path }) => `${method} ${path.split('?')[0]}`);

		it('what the sandbox and VirusTotal know of the files that were seen, and where the host is', async () => {
			engine.lab.lab.emit({ vendor: 'secureEndpoint', hostname: HOST, type: EXECUTED_MALWARE, data: { sha256: KNOWN_FILE } });
			engine.lab.lab.emit({ vendor: 'secureEndpoint', hostname: HOST, type: EXECUTED_MALWARE, data: { sha256: UNKNOWN_FILE } });
			await poll(engine);
			const context = await lookedUp('hostname', HOST);
			expect(context).toMatchObject({ problems: [], notSetUp: [] });
			const { cmx } = engine.state().vendors as unknown as { cmx: { clients: { hostname: string; mac: string; place: string }[] } };
			const places = cmx.clients.filter(({ hostname }) => hostname === HOST).map(({ mac, place }) => ({ macAddress: mac, place: place.split('>') }));
			expect(places).not.toEqual([]);
			expect(context?.locations).toMatchObject(places);
			const files = new Map(context?.files?.map((file) => [file.sha256, file]));
			expect(files.get(KNOWN_FILE)).toMatchObject({ threatScore: expect.any(Number), domains: ['cdn-abab.example', 'c2-abab.example'], malicious: expect.any(Number), engines: 72, label: 'trojan.emotet/geodo' });
			expect(files.get(UNKNOWN_FILE)).toEqual({ sha256: UNKNOWN_FILE, names: [], domains: [], indicators: [] });
			expect(asked('virusTotal').sort()).toEqual([KNOWN_FILE, UNKNOWN_FILE].map((sha256) => `GET /api/v3/files/${sha256}`).sort());
		});

		it('the rest when those are not set up, and asks them nothing', async () => {
			engine.turnOff('rtcConsole', ['Find its place', 'Read file report', 'Read file verdict']);
			await compromise(engine);
			expect(await lookedUp('hostname', HOST)).toMatchObject({
				sessions: expect.arrayContaining([expect.anything()]), problems: [], locations: [], notSetUp: ['Cisco CMX', 'Secure Malware Analytics', 'VirusTotal'],
			});
			expect(['cmx', 'secureMalwareAnalytics', 'virusTotal'].flatMap(asked)).toEqual([]);
		});

		it('the rest when other products are missing too, and blames none of them for what ISE says', async () => {
			await compromise(engine);
			engine.turnOff('rtcConsole', ['Search its flows', 'Read its computer', 'Find its place', 'Read file report', 'Read file verdict']);
			const notSetUp = ['Secure Network Analytics', 'Secure Endpoint', 'Cisco CMX', 'Secure Malware Analytics', 'VirusTotal'];
			expect(await lookedUp('hostname', HOST)).toMatchObject({ sessions: expect.arrayContaining([expect.anything()]), flows: [], computers: [], problems: [], notSetUp });
			engine.fault({ vendor: 'ise', kind: 'status', status: 503 });
			expect(await lookedUp('hostname', HOST)).toMatchObject({ flows: [], computers: [], problems: [expect.stringMatching(/^Cisco ISE: /)], notSetUp });
		});

		it('a host that the wireless network does not know, which is no problem', async () => {
			await compromise(engine);
			engine.fault({ vendor: 'cmx', kind: 'status', status: 204 });
			expect(await lookedUp('hostname', HOST)).toMatchObject({ locations: [], problems: [], notSetUp: [] });
			expect(asked('cmx')).not.toEqual([]);
		});

		it('the rest when those fail, each with its reason', async () => {
			await compromise(engine);
			engine.fault({ vendor: 'cmx', kind: 'status', status: 503 });
			engine.fault({ vendor: 'secureMalwareAnalytics', kind: 'status', status: 401 });
			engine.fault({ vendor: 'virusTotal', kind: 'reset' });
			const context = await lookedUp('hostname', HOST);
			expect(context).toMatchObject({ sessions: expect.arrayContaining([expect.anything()]), locations: [], notSetUp: [] });
			expect(context?.problems).toEqual([
				'Cisco CMX: it answered 503',
				expect.stringMatching(/^Secure Malware Analytics: .*401/),
				expect.stringMatching(/^VirusTotal: /),
			]);
		});
	});

	it('protects and unprotects', async () => {
		await press('protect', 'oui:00:1B:C5');
		expect(await engine.ledger.getProtected()).toContainEqual(expect.objectContaining({ type: 'oui', value: '00:1B:C5', addedBy: 'carla' }));
		await press('unprotect', 'oui:00:1B:C5');
		expect((await engine.ledger.getProtected()).filter(({ type }) => type === 'oui')).toEqual([]);
		expect(await actorsOf('unprotected')).toEqual(['carla']);
	});

	it('forgets a score', async () => {
		reportCallback(engine);
		await poll(engine);
		const [entity] = (await engine.ledger.getEntities({ kind: 'hostname', limit: 1 })).items;
		expect(entity.score).toBeGreaterThan(0);
		await press('purge', `hostname:${entity.key}`);
		expect(await engine.ledger.getEntity(entity)).toMatchObject({ score: 0 });
	});

	it('saves a policy and restores an earlier one', async () => {
		const { version, policy } = await engine.ledger.getPolicy();
		await press('updatePolicy', String(version), { policy: JSON.stringify({ ...policy, threshold: 91 }), comment: 'Pilot' });
		expect((await engine.ledger.getPolicy()).policy.threshold).toBe(91);
		const overtaken = { action: 'updatePolicy', object: { type: 'policy', version }, fields: { policy: JSON.stringify(policy), comment: 'Late' }, reason: 'Late', actor: { name: 'dora' } };
		const [{ error }] = await engine.run('rtcConsole', [overtaken]);
		expect(error?.message).toContain(`version ${version + 1} is active`);
		await press('restorePolicy', String(version + 1), { version: String(version), comment: 'Back' });
		expect(await engine.ledger.getPolicy()).toMatchObject({ version: version + 2, policy: { threshold: policy.threshold }, createdBy: 'carla' });
	});

	it('does what it is asked when the policy contains the host first', async () => {
		await compromise(engine);
		await press('quarantine', `hostname:${HOST}`);
		expect((await engine.ledger.getEpisodes({ limit: 10 })).total).toBe(1);
	});

	it('has a branch, run above, for every action that the console offers', () => {
		expect([...pressed].sort()).toEqual([...ACTION_NAMES].sort());
	});
});
