import type { Detection, Target } from '../../../ledger';
import { completeIntent, confirmTarget } from '../../support/settle';
import { ACTOR, detection, HOUR_MS, MINUTE_MS, newLedger, PERSON, plainPolicy, type TestLedger } from './helpers';

const MAC = '00:11:22:33:44:55';
const DOCK = 'AA:BB:CC:00:00:09';
const DAY_MS = 24 * HOUR_MS;

let test: TestLedger;
beforeEach(async () => (test = await newLedger(plainPolicy())));
afterEach(async () => await test.close());

async function seen(target: Target, penalty = 5) {
	test.clock.nowMs += MINUTE_MS;
	const given: Detection = detection({ penalty, atMs: test.clock.nowMs, targets: [target] });
	return await test.ledger.score([given], { actor: ACTOR });
}

async function contained(): Promise<string> {
	const [intent] = await test.ledger.claimIntents({ actor: ACTOR, kinds: ['contain'], limit: 1, leaseSeconds: 60 });
	await completeIntent(test.ledger, intent.id, { actor: ACTOR, result: {} });
	return intent.episodeId;
}

async function releaseOf(episodeId: string) {
	await test.ledger.release({ episodeId }, PERSON, 'clean');
	const [intent] = await test.ledger.claimIntents({ actor: ACTOR, kinds: ['release'], limit: 1, leaseSeconds: 60 });
	return intent.host;
}

describe('a MAC address that moves', () => {
	it('is released with the host that it was bound for', async () => {
		await seen({ connectorGuid: 'g1', mac: MAC, hostname: 'pc1' }, 90);
		const episodeId = await contained();
		await seen({ connectorGuid: 'g2', mac: MAC, hostname: 'pc2' });
		expect(await releaseOf(episodeId)).toMatchObject({ hostnames: ['pc1'], macs: [MAC], connectorGuids: ['g1'] });
	});

	it('stays bound when it went to another host that is contained', async () => {
		await seen({ connectorGuid: 'g1', mac: MAC, hostname: 'pc1' }, 90);
		const episodeId = await contained();
		await seen({ connectorGuid: 'g2', mac: MAC, hostname: 'pc2' }, 90);
		await contained();
		expect(await releaseOf(episodeId)).toMatchObject({ hostnames: ['pc1'], macs: [] });
	});

	it('is the host\'s own again when the two hosts that share it turn out to be one', async () => {
		await seen({ mac: MAC, hostname: 'old' });
		await seen({ connectorGuid: 'g1', hostname: 'old' });
		await seen({ mac: MAC, hostname: 'new' });
		await seen({ connectorGuid: 'g1', hostname: 'new' });
		const { contain } = await seen({ mac: MAC, hostname: 'new', ip: '10.0.0.1' }, 90);
		expect(contain).toMatchObject([{ host: { macs: [MAC], connectorGuids: ['g1'] } }]);
	});
});

describe('a shared MAC address that is seen alone', () => {
	beforeEach(async () => {
		await seen({ mac: MAC, hostname: 'dc1' });
		await seen({ mac: MAC, hostname: 'dc2' });
	});

	it('has one host, however often it is seen', async () => {
		await seen({ mac: MAC, ip: '10.0.0.1' });
		const host = async () => (await test.ledger.getEntity({ kind: 'mac', key: MAC }))?.hostId;
		const first = await host();
		await seen({ mac: MAC, ip: '10.0.0.2' });
		await seen({ mac: MAC });
		expect(await host()).toBe(first);
	});

	it('is not contained when one of those that share it is protected', async () => {
		await test.ledger.protect({ type: 'hostname', value: 'dc1', reason: 'domain controller' }, PERSON);
		const { contain, refused } = await seen({ mac: MAC }, 90);
		expect(contain).toEqual([]);
		expect(refused[0].decision.reason).toContain('domain controller');
		await expect(test.ledger.containManually({ mac: MAC }, { actor: PERSON, reason: 'x' })).rejects.toMatchObject({ code: 'protected' });
	});

	it('waits for a person, and can be released by that address', async () => {
		const { needsApproval: [{ id, decision }] } = await seen({ mac: MAC }, 90);
		expect(decision).toMatchObject({ guard: 'shared', reason: expect.stringContaining('a person decides') });
		await test.ledger.approve(id, PERSON, 'found it');
		await contained();
		await seen({ mac: MAC, ip: '10.0.0.1' });
		expect(await test.ledger.release({ kind: 'mac', key: MAC }, PERSON, 'clean')).toMatchObject({ kind: 'release', host: { macs: [MAC] } });
	});
});

describe('an identity that several hosts have', () => {
	const laptop = (n: number, source = 'secureEndpoint'): Detection =>
		detection({ penalty: 25, source, atMs: test.clock.nowMs, targets: [`00:AA:00:00:00:0${n}`, DOCK].map((mac) => ({ connectorGuid: `g${n}`, hostname: `lap${n}`, mac })) });
	const score = async (...detections: Detection[]) => await test.ledger.score(detections, { actor: ACTOR });

	it.each([['apart', 1], ['in one batch', 4]])('contains none of them by points of the others, seen %s', async (_how, size) => {
		const laptops = [1, 2, 3, 4].map((n) => laptop(n));
		const refused = [];
		for (let i = 0; i < laptops.length; i += size) {
			const result = await score(...laptops.slice(i, i + size));
			expect([...result.contain, ...result.needsApproval]).toEqual([]);
			refused.push(...result.refused);
		}
		expect(refused).toMatchObject([{ key: DOCK, decision: { guard: 'shared', verdict: 'refuse' } }]);
	});

	it('contains no computer by the points of another of that name', async () => {
		const mac = (n: number) => ({ connectorGuid: `g${n}`, mac: `00:AA:00:00:00:0${n}`, hostname: 'MacBook-Pro.local' });
		await seen(mac(1), 50);
		expect(await seen(mac(2), 40)).toMatchObject({ contain: [], needsApproval: [], refused: [{ key: 'macbook-pro', decision: { guard: 'shared' } }] });
	});

	it('is never the account that each computer has of its own', async () => {
		await seen({ hostname: 'pc5', user: 'Administrator@PC5' }, 50);
		await seen({ hostname: 'pc6', user: 'PC6\\Administrator' }, 40);
		const { items } = await test.ledger.getEntities({ kind: 'user', limit: 5 });
		expect(items.map(({ key, score }) => [key, Math.round(score)])).toEqual([['pc5/administrator', 50], ['pc6/administrator', 40]]);
	});

	it('does not make another source of one host that of the other', async () => {
		await test.ledger.updatePolicy(plainPolicy({ guards: { minimumSources: 2, breaker: null, grace: 'PT30M' } }), ACTOR, 'two sources');
		await score(laptop(1, 'umbrella'));
		await score(laptop(2));
		expect(await seen({ connectorGuid: 'g2', hostname: 'lap2', mac: DOCK }, 90)).toMatchObject({ contain: [], needsApproval: [{ decision: { guard: 'diversity' } }] });
	});

	it('is left on the network unless the products say that this host has it; then it is released, too', async () => {
		await score(laptop(1), laptop(2));
		const { contain: [{ id, host }] } = await seen({ hostname: 'lap2' }, 90);
		expect(host.macs).toEqual(['00:AA:00:00:00:02']);
		await test.ledger.claimIntents({ actor: ACTOR, kinds: ['contain'], limit: 1, leaseSeconds: 60 });
		const { macs } = await confirmTarget(test.ledger, id, { identity: { macs: [DOCK] } }, ACTOR);
		expect(macs).toEqual(['00:AA:00:00:00:02', DOCK]);
		const { intent } = await completeIntent(test.ledger, id, { actor: ACTOR, result: {} });
		expect(intent.host.macs).toEqual(macs);
		await score(laptop(1));
		expect((await releaseOf(intent.episodeId)).macs).toEqual(macs);
	});

	it('is contained with the host for which a person names it', async () => {
		await score(laptop(1), laptop(2));
		const { host } = await test.ledger.containManually({ mac: DOCK, hostname: 'lap2' }, { actor: PERSON, reason: 'x' });
		expect(host.macs).toContain(DOCK);
	});
});

describe('the addresses of what is to be contained', () => {
	const ipsOf = async (target: Target) => (await seen(target, 90)).contain[0].host.ips;

	it('are the last ones only, and only while they are recent', async () => {
		await seen({ hostname: 'lap', ip: '10.0.0.5' });
		await seen({ hostname: 'lap', ip: '10.0.0.6' });
		expect(await ipsOf({ hostname: 'lap' })).toEqual(['10.0.0.6']);
		await seen({ hostname: 'pc', ip: '10.0.0.7' });
		test.clock.nowMs += 2 * HOUR_MS;
		expect(await ipsOf({ hostname: 'pc' })).toEqual([]);
	});

	it('are all those of one detection', async () => {
		const targets = ['10.0.0.5', '10.0.0.6'].map((ip) => ({ hostname: 'lap', ip }));
		const { contain } = await test.ledger.score([detection({ penalty: 90, targets })], { actor: ACTOR });
		expect(contain[0].host.ips).toEqual(['10.0.0.5', '10.0.0.6']);
	});

	it('are not those that another host has had since', async () => {
		await seen({ hostname: 'lap', ip: '10.0.0.5' });
		await seen({ hostname: 'pc', ip: '10.0.0.5' });
		expect(await ipsOf({ hostname: 'lap' })).toEqual([]);
	});
});

describe('a protected address', () => {
	it('protects no host that had it long ago and another has had since', async () => {
		await seen({ hostname: 'lap', ip: '10.1.1.5' });
		test.clock.nowMs += 300 * DAY_MS;
		await seen({ hostname: 'srv', ip: '10.1.1.5' });
		await test.ledger.protect({ type: 'ip', value: '10.1.1.5', reason: 'server' }, PERSON);
		expect((await seen({ hostname: 'lap', ip: '10.1.1.77' }, 90)).contain).toHaveLength(1);
	});

	it('protects the host that was the last to have it, however long ago', async () => {
		await seen({ hostname: 'srv', ip: '10.1.1.5' });
		await test.ledger.protect({ type: 'ip', value: '10.1.1.5', reason: 'server' }, PERSON);
		test.clock.nowMs += 300 * DAY_MS;
		expect((await seen({ hostname: 'srv' }, 90)).refused).toMatchObject([{ decision: { guard: 'protected' } }]);
	});
});

describe('protecting an episode', () => {
	it('by all addresses of its host ends what waits for approval', async () => {
		await test.ledger.updatePolicy(plainPolicy({ mode: 'approval' }), ACTOR, 'people decide');
		const macs = ['00:11:22:33:00:01', '00:11:22:33:00:02'];
		for (const mac of macs) await seen({ connectorGuid: 'g1', mac });
		const { needsApproval } = await seen({ connectorGuid: 'g1', mac: macs[0] }, 90);
		const entries = await test.ledger.protectEpisode(needsApproval[0].episodeId, PERSON, 'CEO');
		expect(entries.map(({ value }) => value)).toEqual(macs);
		expect((await test.ledger.getIntents({ kind: 'contain', limit: 5 })).items).toMatchObject([{ state: 'cancelled' }]);
	});
});

it('a containment that was given up, released, and done after all is undone', async () => {
	await test.ledger.updatePolicy(plainPolicy({ retry: { attempts: 1, backoff: 'PT1S', maxBackoff: 'PT1S' } }), ACTOR, 'one try');
	const { contain } = await seen({ mac: MAC, hostname: 'pc1' }, 90);
	const [{ id, episodeId }] = contain;
	await test.ledger.claimIntents({ actor: ACTOR, kinds: ['contain'], limit: 1, leaseSeconds: 60 });
	await test.ledger.failIntents([{ intentId: id, error: 'no answer' }], ACTOR);
	await test.ledger.release({ episodeId }, PERSON, 'false alarm');
	const [release] = await test.ledger.claimIntents({ actor: ACTOR, kinds: ['release'], limit: 1, leaseSeconds: 60 });
	await completeIntent(test.ledger, release.id, { actor: ACTOR, result: {} });
	await completeIntent(test.ledger, id, { actor: ACTOR, result: {} });
	expect((await test.ledger.getIntents({ kind: 'release', state: 'pending', limit: 5 })).items).toMatchObject([{ host: { macs: [MAC] } }]);
});
