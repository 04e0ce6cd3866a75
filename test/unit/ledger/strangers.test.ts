import type { TargetFindings } from '../../../ledger/service';
import type { Target } from '../../../ledger';
import { confirmTarget } from '../../support/settle';
import { ACTOR, detection, MINUTE_MS, newLedger, PERSON, plainPolicy, type TestLedger } from './helpers';

const RECEPTION = { hostname: 'reception-pc', mac: 'AA:BB:CC:00:00:01' };
const OWN_MAC = '00:11:22:33:44:55';

let test: TestLedger;
beforeEach(async () => {
	test = await newLedger(plainPolicy());
	await seen(RECEPTION);
});
afterEach(async () => await test.close());

async function seen(target: Target, penalty = 5) {
	test.clock.nowMs += MINUTE_MS;
	return await test.ledger.score([detection({ penalty, atMs: test.clock.nowMs, targets: [target] })], { actor: ACTOR });
}

/** A host crosses, its containment is claimed, and the products are asked for it. */
async function confirmed(target: Target, findings: TargetFindings) {
	await seen(target, 90);
	const [{ id }] = await test.ledger.claimIntents({ actor: ACTOR, kinds: ['contain'], limit: 1, leaseSeconds: 60 });
	return await confirmTarget(test.ledger, id, findings, ACTOR);
}

describe('an address that was found for a host, and is of another known host', () => {
	it('is never contained, protected or not', async () => {
		const result = await confirmed({ hostname: 'lap', ip: '10.0.0.5' }, { identity: { macs: [RECEPTION.mac] } });
		expect(result).toMatchObject({ confirmed: false, macs: [], intent: { state: 'failed' }, notice: { notice: { event: 'failed' } } });
		expect(result.intent.lastError).toBe(
			"Nothing of this host was found, only what is another host's: mac AA:BB:CC:00:00:01 belongs to reception-pc. If that host is meant, contain it by its name",
		);
	});

	it('is left out when there is something of the host itself, and the audit says so', async () => {
		await test.ledger.protect({ type: 'hostname', value: 'reception-pc', reason: 'front desk' }, PERSON);
		const result = await confirmed({ hostname: 'lap', mac: OWN_MAC }, { identity: { macs: [OWN_MAC, RECEPTION.mac] }, endpointProfiles: ['Printer'] });
		expect(result).toMatchObject({ confirmed: true, macs: [OWN_MAC] });
		const { items } = await test.ledger.getAudit({ action: 'strangersLeftOut', limit: 5 });
		expect(items).toMatchObject([{ details: { strangers: [{ kind: 'mac', value: RECEPTION.mac, of: 'reception-pc' }] } }]);
		expect((await test.ledger.getEntity({ kind: 'hostname', key: 'lap' }))?.endpointProfile).toBeUndefined();
	});

	it('is not taken from a host with a name for one that only has an address', async () => {
		expect(await confirmed({ mac: OWN_MAC }, { identity: { macs: [RECEPTION.mac] } })).toMatchObject({ confirmed: true, macs: [OWN_MAC] });
		expect((await test.ledger.getEntity({ kind: 'mac', key: RECEPTION.mac }))?.hostnames).toEqual(['reception-pc']);
	});

	it('is left out when the other host was the last to be seen with it', async () => {
		const dock = 'AA:BB:CC:00:00:02';
		await seen({ hostname: 'lap', mac: dock });
		await seen({ hostname: 'reception-pc', mac: dock });
		expect(await confirmed({ hostname: 'lap', mac: OWN_MAC }, { identity: { macs: [dock] } })).toMatchObject({ confirmed: true, macs: [OWN_MAC] });
	});

	it('is left out as a connector, too', async () => {
		await seen({ hostname: 'reception-pc', connectorGuid: 'g1' });
		expect(await confirmed({ hostname: 'lap', mac: OWN_MAC }, { identity: { connectorGuids: ['g1'] } })).toMatchObject({ confirmed: true, connectorGuids: [] });
	});
});

describe('an address that was seen alone before', () => {
	it('joins the host for which it was found', async () => {
		await seen({ mac: OWN_MAC });
		expect(await confirmed({ hostname: 'lap' }, { identity: { macs: [OWN_MAC] } })).toMatchObject({ confirmed: true, macs: [OWN_MAC] });
	});

	it('brings its protection along', async () => {
		await seen({ mac: OWN_MAC, user: 'ceo' });
		await test.ledger.protect({ type: 'user', value: 'ceo', reason: 'board' }, PERSON);
		const result = await confirmed({ hostname: 'lap' }, { identity: { macs: [OWN_MAC] } });
		expect(result).toMatchObject({ confirmed: false, intent: { state: 'cancelled', decision: { guard: 'protected' } } });
	});
});

it('a person who names an address means whoever has it', async () => {
	await test.ledger.containManually({ ip: '10.0.0.5' }, { actor: PERSON, reason: 'x' });
	const [{ id }] = await test.ledger.claimIntents({ actor: ACTOR, kinds: ['contain'], limit: 1, leaseSeconds: 60 });
	expect(await confirmTarget(test.ledger, id, { identity: { macs: [RECEPTION.mac] } }, ACTOR)).toMatchObject({ confirmed: true, macs: [RECEPTION.mac] });
});

it('a person who names an address does not override the protection of whoever has it', async () => {
	await test.ledger.protect({ type: 'hostname', value: 'reception-pc', reason: 'front desk' }, PERSON);
	await test.ledger.containManually({ ip: '10.0.0.5' }, { actor: PERSON, reason: 'x' });
	const [{ id }] = await test.ledger.claimIntents({ actor: ACTOR, kinds: ['contain'], limit: 1, leaseSeconds: 60 });
	expect(await confirmTarget(test.ledger, id, { identity: { macs: [RECEPTION.mac] } }, ACTOR)).toMatchObject({ confirmed: false });
});
