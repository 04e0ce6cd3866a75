import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import type { LedgerService, Policy } from '../../../ledger';
import { toDetection as fromNetworkAnalytics } from '../../../nodes/CiscoSecureNetworkAnalytics/detections';
import { classicPolicy, CONFIG, detectionOf, recordedEvents, scoreAll, scoresOf, sorted } from './classicHelpers';
import { OldSystem, oldTimestamp, storedFlow, type OldConfig, type OldEvent, type Session } from './classicSystem';
import { ACTOR, detection, HOUR_MS, MINUTE_MS, newLedger, PERSON, START_MS } from './helpers';

/**
 * Known defects of the oldest system, by their numbers in its description: what it did, and what we do. Those of its
 * connections are in classicConnections.test.ts, and the rest in the table of docs/classic-defects.md.
 */

const EVENTS = recordedEvents();
const templateOf = (source: OldEvent['source']) => (EVENTS.find((event) => event.source === source) as OldEvent).raw;

const AT_MS = START_MS - HOUR_MS;
const MAC = '00:50:56:AA:00:01';
const SESSIONS: Session[] = [
	{ ip: '10.1.1.1', mac: MAC, user: 'ann', from: 0, to: Infinity },
	{ ip: '10.1.1.2', mac: MAC, user: 'ann', from: 0, to: Infinity },
];
const LOW: OldConfig = { ...CONFIG, rtcThreshold: '50' };

let serial = 0;

function amp(changes: { computer?: object; file?: object; type?: number; atMs?: number } = {}): OldEvent {
	const { atMs = AT_MS, type = 1090519054, ...rest } = changes;
	const template = templateOf('secureEndpoint');
	const raw = { ...template, id: `99${++serial}`, timestamp: atMs / 1_000, timestamp_nanoseconds: 0, event_type_id: type, ...rest };
	const computer = 'computer' in changes ? changes.computer : {};
	const card = { ip: '10.1.1.1', mac: MAC };
	return {
		source: 'secureEndpoint',
		atMs,
		raw: { ...raw, computer: computer && { connector_guid: 'guid-1', hostname: 'pc1', network_addresses: [card], ...computer } },
	};
}

function umbrella(changes: object = {}, atMs = AT_MS): OldEvent {
	const row = { internalIp: '10.1.1.1', originType: 'Anyconnect Roaming Client', originLabel: 'pc1', categories: ['Command and Control'] };
	const raw = { ...templateOf('umbrella'), ...row, destination: `site-${++serial}.example`, datetime: new Date(atMs).toISOString(), ...changes };
	return { source: 'umbrella', atMs, raw };
}

function sna(from: string, to: string): OldEvent {
	const template = templateOf('secureNetworkAnalytics');
	const time = new Date(AT_MS).toISOString().replace('Z', '+0000');
	const ends = { source: { ...template.source, ipAddress: from }, target: { ...template.target, ipAddress: to } };
	const raw = { ...template, ...ends, id: ++serial, securityEventType: 42, firstActiveTime: time, lastActiveTime: time };
	return { source: 'secureNetworkAnalytics', atMs: AT_MS, raw };
}

function playOld(events: readonly OldEvent[], config: OldConfig = CONFIG, sessions: readonly Session[] = SESSIONS) {
	const old = new OldSystem(config, sessions);
	const error = old.loop(events);
	return { old, error, scores: sorted(old.penalties()) };
}

async function withOurs<T>(policy: Policy, work: (ledger: LedgerService, clock: { nowMs: number }) => Promise<T>): Promise<T> {
	const test = await newLedger(policy);
	try {
		return await work(test.ledger, test.clock);
	} finally {
		await test.close();
	}
}

const playOurs = (events: readonly OldEvent[], sessions: readonly Session[] = SESSIONS) =>
	withOurs(classicPolicy(CONFIG), async (ledger) => {
		await scoreAll(ledger, events, sessions);
		return await scoresOf(ledger);
	});

it('1: connectors were isolated although that was disabled; ours are not', async () => {
	const events = [amp({ type: 1107296272 })];
	expect(playOld(events, { ...LOW, rtcAMPhostisolation: 'Disabled' }).old.isolated).toEqual(['guid-1']);
	const policy = classicPolicy(LOW);
	const isolates = (isolateConnector: boolean) =>
		withOurs({ ...policy, containment: { ...policy.containment, isolateConnector } }, async (ledger) => {
			await scoreAll(ledger, events, SESSIONS);
			return (await ledger.getIntents({ kind: 'contain', limit: 5 })).items.map((intent) => intent.isolateConnector);
		});
	expect(await isolates(false)).toEqual([false]);
	expect(await isolates(true)).toEqual([true]);
});

it('2: a computer over the threshold by Umbrella ended the batch; ours goes on', async () => {
	const events = [umbrella(), umbrella({ internalIp: '10.1.1.9', originLabel: 'pc9' })];
	const { error, scores } = playOld(events, LOW);
	expect(error).toBe("KeyError: 'AMP_connector_guid'");
	expect(scores).not.toHaveProperty('hostname:pc9');
	await withOurs(classicPolicy(LOW), async (ledger) => {
		await scoreAll(ledger, events, SESSIONS);
		expect(await scoresOf(ledger)).toMatchObject({ 'hostname:pc1': 50, 'hostname:pc9': 50 });
	});
});

it('3: the ANC policy was applied again with every event; ours once', async () => {
	const events = [1, 2, 3, 4].map(() => umbrella({ originType: 'Networks' }));
	expect(playOld(events, LOW).old.applied).toEqual([MAC, MAC, MAC, MAC]);
	await withOurs(classicPolicy(LOW), async (ledger) => {
		await scoreAll(ledger, events, SESSIONS, 1);
		expect((await ledger.getIntents({ kind: 'contain', limit: 9 })).items).toHaveLength(1);
	});
});

it('4: containing by hand used the policy "Quarantine" whatever was configured; ours uses the configured one', async () => {
	const config = { ...LOW, rtcPolicyName: 'Isolate' };
	expect(new OldSystem(config, SESSIONS).containByHand(MAC)).toEqual({ mac: MAC, policyName: 'Quarantine' });
	const policy = classicPolicy(config);
	await withOurs({ ...policy, containment: { ...policy.containment, ancPolicy: 'Isolate' } }, async (ledger) => {
		expect(await ledger.containManually({ mac: MAC }, { actor: PERSON, reason: 'x' })).toMatchObject({ ancPolicy: 'Isolate' });
	});
});

it('5: events between two polls were lost and none was remembered; ours reads on from where it was', async () => {
	const events = [0, 5, 30].map((minutes) => umbrella({}, AT_MS + minutes * MINUTE_MS));
	const polledAt = [0, 10, 31].map((minutes) => AT_MS + minutes * MINUTE_MS + 1_000);
	const within = (fromMs: number, toMs: number) => events.filter(({ atMs }) => atMs > fromMs && atMs <= toMs);
	const old = new OldSystem(CONFIG, SESSIONS);
	for (const nowMs of polledAt) old.loop(within(nowMs - MINUTE_MS, nowMs));
	expect(old.hostnames.get('pc1')).toBe(50);
	await withOurs(classicPolicy(CONFIG), async (ledger, clock) => {
		for (const nowMs of polledAt) {
			clock.nowMs = nowMs;
			const { from, to } = await ledger.getCursor('umbrella', { overlapSeconds: 300, firstLookbackSeconds: 60 });
			const found = within(Date.parse(from), Date.parse(to)).map(detectionOf);
			await ledger.score(found, { actor: ACTOR, cursor: { source: 'umbrella', position: to } });
		}
		expect((await ledger.getMetrics()).detections).toEqual({ umbrella: 3 });
		expect(await scoresOf(ledger)).toMatchObject({ 'hostname:pc1': 150 });
	});
});

describe('6: repeats', () => {
	it('an event seen on two addresses of one card counted twice for its MAC address; ours once', async () => {
		const events = [amp({ computer: { network_addresses: [{ ip: '10.1.1.1', mac: MAC }, { ip: '10.1.1.2', mac: MAC }] } })];
		expect(playOld(events).scores).toMatchObject({ [`mac:${MAC}`]: 50, 'hostname:pc1': 25 });
		expect(await playOurs(events)).toMatchObject({ [`mac:${MAC}`]: 25, 'hostname:pc1': 25, 'ip:10.1.1.1': 25, 'ip:10.1.1.2': 25 });
	});

	it('the same site never counted again; with a window, ours counts it again', async () => {
		const again = [0, 30, 61].map((minutes) => umbrella({ destination: 'evil.example' }, AT_MS - HOUR_MS + minutes * MINUTE_MS));
		expect(playOld(again).scores).toMatchObject({ 'hostname:pc1': 50 });
		expect(await playOurs(again)).toMatchObject({ 'hostname:pc1': 50 });
		const windowed: Policy = { ...classicPolicy(CONFIG), repeat: { mode: 'oncePer', window: 'PT1H' } };
		await withOurs(windowed, async (ledger) => {
			await scoreAll(ledger, again, SESSIONS);
			expect(await scoresOf(ledger)).toMatchObject({ 'hostname:pc1': 100 });
		});
	});
});

describe('7: words for "not known"', () => {
	it('were a computer that all nameless ones shared; ours is none', async () => {
		const events = ['10.1.1.1', '10.1.2.1'].map((ip) => amp({ computer: { hostname: undefined, network_addresses: [{ ip, mac: MAC }] } }));
		expect(playOld(events).scores).toMatchObject({ 'hostname:no hostname found': 50 });
		expect(Object.keys(await playOurs(events)).filter((name) => name.startsWith('hostname:'))).toEqual([]);
		const named = await withOurs(classicPolicy(CONFIG), async (ledger) => {
			const placeholders = ['no hostname found', 'Unknown', 'N/A'].map((hostname) =>
				detection({ eventType: { id: '1090519054', name: 'x' }, targets: [{ hostname }] }));
			await ledger.score(placeholders, { actor: ACTOR });
			return await scoresOf(ledger);
		});
		expect(named).toEqual({});
	});

	it('made all events without a file repeats of each other; ours tells them apart', async () => {
		const events = ['1.2.3.4', '5.6.7.8'].map((ip) => {
			const event = amp({ file: undefined, type: 1107296274 });
			return { ...event, raw: { ...event.raw, network_info: { remote_ip: ip } } };
		});
		expect(playOld(events).scores).toMatchObject({ 'hostname:pc1': 40 });
		expect(await playOurs(events)).toMatchObject({ 'hostname:pc1': 80 });
	});
});

describe('8: missing parts', () => {
	it.each([
		['computer', { computer: undefined }],
		['network_addresses', { computer: { network_addresses: undefined } }],
	])('an event without %s ended the batch; ours goes on', async (field, changes) => {
		const events = [amp(changes), amp({ computer: { hostname: 'pc2' } })];
		const { error, scores } = playOld(events);
		expect(error).toBe(`KeyError: '${field}'`);
		expect(scores).toEqual({});
		expect(await playOurs(events)).toMatchObject({ 'hostname:pc2': 25 });
	});

	it('the MAC address that Secure Endpoint knows counted only when ISE had a session; ours always counts', async () => {
		expect(playOld([amp()], CONFIG, []).scores).toEqual({ 'ip:10.1.1.1': 25, 'hostname:pc1': 25 });
		expect(await playOurs([amp()], [])).toEqual({ [`mac:${MAC}`]: 25, 'ip:10.1.1.1': 25, 'hostname:pc1': 25 });
	});
});

describe('9: whose address it is', () => {
	it.each([
		['an address of 172.16/12 was foreign', '172.20.0.5', '52.1.1.1', '52.1.1.1', '172.20.0.5'],
		['an address of 100/8 was ours', '100.1.1.1', '10.1.1.7', '100.1.1.1', '10.1.1.7'],
		['with two foreign ends, the target was punished', '52.1.1.1', '52.1.1.2', '52.1.1.2', undefined],
	])('%s', async (_name, from, to, punished, ours) => {
		expect(playOld([sna(from, to)]).scores).toEqual({ [`ip:${punished}`]: 50 });
		expect(await playOurs([sna(from, to)])).toEqual(ours === undefined ? {} : { [`ip:${ours}`]: 50 });
	});
});

it('10: ends of a flow changed places and left their ports behind; ours keeps the event as it was', () => {
	const { raw } = sna('52.1.1.1', '10.1.1.1');
	Object.assign(raw.source, { port: 443 });
	Object.assign(raw.target, { port: 50_123 });
	expect(storedFlow(raw)).toMatchObject({ source: { ipAddress: '10.1.1.1', port: 443 }, target: { ipAddress: '52.1.1.1', port: 50_123 } });
	const before = structuredClone(raw);
	const kept = fromNetworkAnalytics(raw, { typeNames: new Map(), internalNetworks: [], keepRaw: true });
	expect(kept?.raw).toEqual(before);
});

describe('12: the zone of the server', () => {
	const events = [amp(), umbrella(), sna('10.1.1.1', '52.1.1.1')];
	/** Reads the events with our nodes in a process whose clock is in that zone. */
	const readIn = (zone: string) => {
		const program = `
			const { detectionOf } = require('./test/unit/ledger/classicHelpers.ts');
			const times = JSON.parse(process.argv[1]).map((event) => detectionOf(event).occurredAt);
			console.log(JSON.stringify({ offset: new Date(${AT_MS}).getTimezoneOffset(), times }));`;
		const answer = execFileSync(process.execPath, ['--require', 'tsx/cjs', '-e', program, JSON.stringify(events)], {
			cwd: join(__dirname, '../../..'),
			env: { ...process.env, TZ: zone },
			encoding: 'utf8',
		});
		return JSON.parse(answer) as { offset: number; times: string[] };
	};

	it.each([
		['America/New_York', 300],
		['Asia/Kolkata', -330],
	])('shifted all times in %s; ours are UTC', (zone, offset) => {
		expect((oldTimestamp(AT_MS, zone) - AT_MS) / MINUTE_MS).toBe(offset);
		const at = new Date(AT_MS).toISOString();
		expect(readIn(zone)).toEqual({ offset, times: [at, at, at] });
	});
});

it('14: only two categories of Umbrella could cost something; ours rates all', async () => {
	const events = ['Phishing', 'DNS Tunneling VPN'].map((category) => umbrella({ categories: [category] }));
	const only: OldConfig = { ...CONFIG, umbrellaEventsConfig: CONFIG.umbrellaEventsConfig.slice(0, 2) };
	expect(playOld(events, only).scores).toEqual({});
	const { PRESETS } = await import('../../../ledger');
	await withOurs(PRESETS.classic, async (ledger) => {
		await scoreAll(ledger, events, SESSIONS);
		expect(await scoresOf(ledger)).toMatchObject({ 'hostname:pc1': 70 });
	});
});

it.each([
	{ kind: 'mac', key: MAC },
	{ kind: 'user', key: 'ann' },
	{ kind: 'ip', key: '10.1.1.1' },
	{ kind: 'hostname', key: 'pc1' },
] as const)('15: purging a $kind failed or took another; ours takes this one', async (entity) => {
	await withOurs(classicPolicy(CONFIG), async (ledger) => {
		await scoreAll(ledger, [umbrella()], SESSIONS);
		const before = await scoresOf(ledger);
		expect(await ledger.purgeEntity(entity, PERSON, 'x')).toBe(true);
		const { [`${entity.kind}:${entity.key}`]: purged, ...rest } = before;
		expect(purged).toBe(50);
		expect(await scoresOf(ledger)).toEqual(rest);
	});
});

it('15: long events were cut off; ours come back whole', async () => {
	await withOurs(classicPolicy(CONFIG), async (ledger) => {
		const raw = { text: 'x'.repeat(5_000) };
		const oldColumn = JSON.stringify(raw).slice(0, 2_000);
		expect(() => JSON.parse(oldColumn) as unknown).toThrow('Unterminated string');
		await ledger.score([detection({ raw })], { actor: ACTOR, keepRaw: true });
		expect((await ledger.getDetections({ limit: 1 })).items[0].raw).toEqual(raw);
	});
});

it('18: a new configuration waited for a restart; ours counts from the next event on', async () => {
	const dearer: OldConfig = { ...CONFIG, umbrellaEventsConfig: [{ event_name: 'Command and Control', penalty: '60' }] };
	const config = { ...CONFIG };
	const old = new OldSystem(config, SESSIONS);
	Object.assign(config, dearer);
	old.loop([umbrella()]);
	expect(old.hostnames.get('pc1')).toBe(50);
	expect(playOld([umbrella()], config).old.hostnames.get('pc1')).toBe(60);
	await withOurs(classicPolicy(CONFIG), async (ledger) => {
		await ledger.updatePolicy(classicPolicy(dearer), PERSON, 'x');
		await scoreAll(ledger, [umbrella()], SESSIONS);
		expect(await scoresOf(ledger)).toMatchObject({ 'hostname:pc1': 60 });
	});
});

describe('differences on purpose, beyond the known defects', () => {
	it('addresses that name no host count for nobody', async () => {
		const events = ['230.122.135.241', '127.0.0.1', '169.254.3.4'].map((ip) => umbrella({ internalIp: ip }));
		expect(Object.keys(playOld(events).scores).filter((name) => name.startsWith('ip:'))).toHaveLength(3);
		expect(Object.keys(await playOurs(events)).filter((name) => name.startsWith('ip:'))).toEqual([]);
	});

	it('the MAC address that MAB gives as a user name is no user', async () => {
		const sessions = [{ ...SESSIONS[0], user: MAC }];
		expect(playOld([umbrella()], CONFIG, sessions).scores).toHaveProperty([`user:${MAC.toLowerCase()}`]);
		expect(Object.keys(await playOurs([umbrella()], sessions)).filter((name) => name.startsWith('user:'))).toEqual([]);
	});

	it("Umbrella's AD users count", async () => {
		const events = [umbrella({ internalIp: '10.1.9.9', originType: 'AD Users', originLabel: 'Jane Roe (jroe@corp.example)' })];
		expect(playOld(events).scores).toEqual({ 'ip:10.1.9.9': 50 });
		expect(await playOurs(events)).toEqual({ 'ip:10.1.9.9': 50, 'user:jroe@corp.example': 50 });
	});
});
