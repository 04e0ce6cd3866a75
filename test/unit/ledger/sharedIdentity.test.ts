import type { Detection, Target } from '../../../ledger';
import { completeIntent } from '../../support/settle';
import { ACTOR, detection, HOUR_MS, MINUTE_MS, newLedger, PERSON, plainPolicy, type TestLedger } from './helpers';

const MAC = '00:11:22:33:44:55';
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

	it('is kept when the two hosts that share it turn out to be one', async () => {
		await seen({ mac: MAC, hostname: 'old' });
		await seen({ connectorGuid: 'g1', hostname: 'old' });
		await seen({ mac: MAC, hostname: 'new' });
		await seen({ connectorGuid: 'g1', hostname: 'new' });
		const { contain } = await seen({ mac: MAC, hostname: 'new' }, 90);
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

	it('can be released by that address', async () => {
		await seen({ mac: MAC }, 90);
		await contained();
		await seen({ mac: MAC, ip: '10.0.0.1' });
		expect(await test.ledger.release({ kind: 'mac', key: MAC }, PERSON, 'clean')).toMatchObject({ kind: 'release', host: { macs: [MAC] } });
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
