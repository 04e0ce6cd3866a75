import { ACTOR, detection, newLedger, PERSON, plainPolicy, type TestLedger } from './helpers';
import { confirmTarget } from '../../support/settle';

const MACS = ['00:11:22:33:44:55', '00:11:22:33:44:66'];
const GUID = '5a1f7fd5-0000-4000-8000-000000000001';

let test: TestLedger;
beforeEach(async () => {
	test = await newLedger(plainPolicy());
	await test.ledger.score([detection({ penalty: 10, targets: [{ hostname: 'pc1', mac: MACS[0] }] })], { actor: ACTOR });
});
afterEach(async () => await test.close());

/** Cards and connectors that a release asked for now would let go. */
async function releasedNow() {
	await test.ledger.release({ kind: 'hostname', key: 'pc1' }, PERSON, 'found again');
	const [{ host }] = await test.ledger.claimIntents({ actor: ACTOR, kinds: ['release'], limit: 1, leaseSeconds: 60 });
	return { macs: [...host.macs].sort(), connectorGuids: host.connectorGuids };
}

it('that was cut off after it was confirmed is released on every network card and connector that it found', async () => {
	const { id } = await test.ledger.containManually({ hostname: 'pc1' }, { actor: PERSON, reason: 'stolen' });
	await test.ledger.claimIntents({ actor: ACTOR, kinds: ['contain'], limit: 1, leaseSeconds: 60 });
	await confirmTarget(test.ledger, id, { identity: { macs: MACS, connectorGuids: [GUID] } }, ACTOR);
	expect(await releasedNow()).toEqual({ macs: MACS, connectorGuids: [GUID] });
});

it('that was refused leaves the host as it was known', async () => {
	const { id } = await test.ledger.containManually({ hostname: 'pc1' }, { actor: PERSON, reason: 'stolen' });
	await test.ledger.protect({ type: 'mac', value: MACS[1], reason: 'core' }, PERSON);
	await test.ledger.claimIntents({ actor: ACTOR, kinds: ['contain'], limit: 1, leaseSeconds: 60 });
	expect(await confirmTarget(test.ledger, id, { identity: { macs: MACS } }, ACTOR)).toMatchObject({ confirmed: false });
	expect(await test.ledger.getEntity({ kind: 'mac', key: MACS[1] })).toBeUndefined();
});
