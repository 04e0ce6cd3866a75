import { PRESETS, type Intent, type Policy } from '../../../ledger';
import type { TargetFindings } from '../../../ledger/service';
import { confirmTarget, failIntent } from '../../support/settle';
import { ACTOR, detection, HOUR_MS, MINUTE_MS, newLedger, PERSON, plainPolicy, type TestLedger } from './helpers';

const { attempts } = PRESETS.balanced.retry;
const READ: TargetFindings = { endpointProfiles: ['Windows-Workstation'], identityGroups: ['Workstation'] };

let test: TestLedger;
afterEach(async () => await test.close());

/** A containment that two sources asked for, not claimed yet. */
async function condemned(policy: Policy = plainPolicy()): Promise<string> {
	test = await newLedger(policy);
	const { contain } = await test.ledger.score([detection({ penalty: 90 })], { actor: ACTOR });
	return contain[0].id;
}

const protect = async (type: 'endpointProfile' | 'identityGroup') =>
	await test.ledger.protect({ type, value: 'Core*', reason: 'core' }, PERSON);

async function claim(): Promise<Intent | undefined> {
	test.clock.nowMs += HOUR_MS;
	const [claimed] = await test.ledger.claimIntents({ actor: ACTOR, kinds: ['contain'], limit: 1, leaseSeconds: 60 });
	return claimed;
}

async function tryOnce(id: string, findings: TargetFindings) {
	await claim();
	return await confirmTarget(test.ledger, id, findings, ACTOR);
}

async function tryToTheEnd(id: string, findings: TargetFindings) {
	for (let attempt = 1; attempt < attempts; attempt++) await tryOnce(id, findings);
	return await tryOnce(id, findings);
}

describe('while it is not known whether a host is protected', () => {
	it.each<['endpointProfile' | 'identityGroup', TargetFindings, string]>([
		['endpointProfile', { identityGroups: [] }, 'endpoint profile'],
		['identityGroup', { endpointProfiles: ['Windows-Workstation'] }, 'identity group'],
	])('by %s, the containment comes back later', async (type, findings, name) => {
		const id = await condemned();
		await protect(type);
		const held = await tryOnce(id, findings);
		expect(held).toMatchObject({ confirmed: false, intent: { state: 'pending', attempts: 1 } });
		expect(held.intent.lastError).toBe(`It is not known whether the host is protected: its ${name} could not be read from ISE`);
		expect(held.notice).toBeUndefined();
		expect(await tryOnce(id, READ)).toMatchObject({ confirmed: true });
	});

	it('an entry of the policy counts as one of the list', async () => {
		const entry = { type: 'endpointProfile' as const, value: 'Core*', reason: 'core' };
		const id = await condemned(plainPolicy({ protected: [entry] }));
		expect(await tryOnce(id, {})).toMatchObject({ confirmed: false, intent: { state: 'pending' } });
	});

	it('people are asked after the last try, and what they approve goes ahead without', async () => {
		const id = await condemned();
		await protect('identityGroup');
		const asked = await tryToTheEnd(id, {});
		expect(asked).toMatchObject({ confirmed: false, intent: { state: 'awaitingApproval', decision: { guard: 'protected', verdict: 'approve' } } });
		expect(asked.intent.askedIn).toBe(asked.notice?.id);
		expect(asked.notice?.notice).toMatchObject({ event: 'approvalRequested', approvals: [{ intentId: id }], approvalCount: 1 });
		expect((await test.ledger.getEpisodes({ limit: 1 })).items).toMatchObject([{ state: 'awaitingApproval' }]);

		await test.ledger.approve(id, PERSON, 'It is a laptop');
		expect(await tryOnce(id, {})).toMatchObject({ confirmed: true, intent: { attempts: 1 } });
		expect(await test.ledger.verifyAudit()).toMatchObject({ ok: true });
	});

	it('nothing is contained when nobody answers', async () => {
		const id = await condemned();
		await protect('identityGroup');
		await tryToTheEnd(id, {});
		expect(await claim()).toBeUndefined();
		expect((await test.ledger.getIntents({ kind: 'contain', limit: 1 })).items).toMatchObject([{ state: 'expired' }]);
	});

	it('a further detection does not contain in the place of the person who was asked', async () => {
		const id = await condemned();
		await protect('identityGroup');
		await tryToTheEnd(id, {});
		const again = detection({ penalty: 90, atMs: test.clock.nowMs, targets: [{ hostname: 'pc1', mac: '00:11:22:33:44:66' }] });
		expect((await test.ledger.score([again], { actor: ACTOR })).contain).toMatchObject([{ id }]);
		await test.ledger.claimIntents({ actor: ACTOR, kinds: ['contain'], limit: 1, leaseSeconds: 60 });
		expect(await confirmTarget(test.ledger, id, {}, ACTOR)).toMatchObject({ confirmed: false });
	});

	it('what turns out to be protected after an approval is refused all the same', async () => {
		const id = await condemned();
		await protect('identityGroup');
		await tryToTheEnd(id, {});
		await test.ledger.approve(id, PERSON, 'It is a laptop');
		const outcome = await tryOnce(id, { ...READ, identityGroups: ['Core-Switches'] });
		expect(outcome).toMatchObject({ confirmed: false, intent: { state: 'cancelled' } });
	});

	it('a person who took the responsibility is not held up', async () => {
		test = await newLedger(plainPolicy());
		await protect('endpointProfile');
		const options = { actor: PERSON, reason: 'It is encrypting', overrideProtection: true };
		const { id } = await test.ledger.containManually({ hostname: 'pc1' }, options);
		expect(await tryOnce(id, {})).toMatchObject({ confirmed: true });
	});

	it('what an earlier try has read is enough, as it may have contained the host in part', async () => {
		const id = await condemned();
		await protect('identityGroup');
		expect(await tryOnce(id, READ)).toMatchObject({ confirmed: true });
		await failIntent(test.ledger, id, 'One network card was refused', ACTOR);
		expect(await tryOnce(id, {})).toMatchObject({ confirmed: true });
	});
});

it.each([[{}], [READ], [{ endpointProfiles: [], identityGroups: [] }]])(
	'without an entry about facts of ISE nothing is held up: %j',
	async (findings) => {
		const id = await condemned();
		await test.ledger.protect({ type: 'hostname', value: 'other', reason: 'x' }, PERSON);
		test.clock.nowMs += MINUTE_MS;
		expect(await tryOnce(id, findings)).toMatchObject({ confirmed: true });
	},
);
