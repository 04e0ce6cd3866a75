import type { AncBinding } from '../../../ledger';
import type { ReconcileOptions } from '../../../ledger/service';
import { ACTOR, HOUR_MS, MINUTE_MS, newLedger, PERSON, plainPolicy, type TestLedger } from './helpers';
import { completeIntent } from '../../support/settle';

const MAC = '00:11:22:33:44:55';
const OTHER = '00:11:22:33:44:66';
const OURS = plainPolicy().containment.ancPolicy;

let under: TestLedger;
beforeEach(async () => {
	under = await newLedger(plainPolicy());
});
afterEach(async () => await under.close());

/** Contained, with one MAC bound. */
async function contain(mac = MAC): Promise<string> {
	const { id, episodeId } = await under.ledger.containManually({ mac }, { actor: PERSON, reason: 'test' });
	await under.ledger.claimIntents({ actor: ACTOR, kinds: ['contain'], ids: [id], limit: 1, leaseSeconds: 60 });
	await completeIntent(under.ledger, id, { actor: ACTOR, result: { endpoints: [{ macAddress: mac, status: 'applied' }] } });
	under.clock.nowMs += MINUTE_MS;
	return episodeId;
}

async function compare(bindings: AncBinding[], options: Partial<ReconcileOptions> = {}) {
	const readAt = new Date(under.clock.nowMs).toISOString();
	return await under.ledger.reconcileAnc(bindings, { actor: ACTOR, readAt, ...options });
}

const bound = (macAddress: string, policyName = OURS) => ({ macAddress, policyName });

it('finds nothing where ISE and the ledger agree', async () => {
	await contain();
	expect(await compare([bound('00-11-22-33-44-55')])).toMatchObject({ bindings: 1, explained: 1, differences: [], messages: [] });
});

it.each([
	['unknown, ours', [bound(MAC), bound(OTHER)], { kind: 'unknown', mac: OTHER, policyName: OURS, ours: true, action: 'reported' }],
	['unknown, not ours', [bound(MAC), bound(OTHER, 'Posture')], { kind: 'unknown', mac: OTHER, policyName: 'Posture', ours: false, action: 'reported' }],
	['lost', [], { kind: 'lost', mac: MAC, expectedPolicy: OURS, ours: true, action: 'reported' }],
	['another policy', [bound(MAC, 'Posture')], { kind: 'otherPolicy', mac: MAC, policyName: 'Posture', expectedPolicy: OURS, ours: false, action: 'reported' }],
])('reports a difference once and clears it when it is gone: %s', async (_name, bindings, expected) => {
	await contain();
	const first = await compare(bindings);
	expect(first.differences).toMatchObject([expected]);
	expect(first.messages).toHaveLength(1);
	expect(first.contain).toEqual([]);
	await under.ledger.confirmAlarms(first.messages[0].alarmKeys, 'raised', ACTOR);
	under.clock.nowMs += HOUR_MS;
	expect((await compare(bindings)).messages).toEqual([]);
	expect((await compare([bound(MAC)])).messages).toMatchObject([{ event: 'cleared' }]);
});

it('leaves policies of others alone when told to', async () => {
	expect((await compare([bound(OTHER, 'Posture')], { ignorePolicies: ['Posture'] })).differences).toEqual([]);
});

it('says nothing of what is under way or has just changed', async () => {
	const { id } = await under.ledger.containManually({ mac: MAC }, { actor: PERSON, reason: 'test' });
	expect((await compare([])).differences).toEqual([]);
	expect((await compare([bound(MAC)])).differences).toEqual([]);
	const readAt = new Date(under.clock.nowMs - MINUTE_MS).toISOString();
	await completeIntent(under.ledger, id, { actor: ACTOR, result: {} });
	expect((await compare([], { readAt })).differences).toEqual([]);
	const release = await under.ledger.release({ kind: 'mac', key: MAC }, PERSON, 'clean');
	expect((await compare([])).differences).toEqual([]);
	await completeIntent(under.ledger, release.id, { actor: ACTOR, result: {} });
	expect((await compare([bound(MAC)], { readAt })).differences).toEqual([]);
	under.clock.nowMs += 1;
	expect((await compare([bound(MAC)])).differences).toMatchObject([{ kind: 'unknown', mac: MAC }]);
});

it('applies a lost binding again, once per episode, with the time that was left', async () => {
	const episodeId = await contain();
	const [before] = (await under.ledger.getEpisodes({ limit: 1 })).items;
	const { contain: again, messages } = await compare([], { onLost: 'reapply' });
	expect(again).toMatchObject([{ episodeId, state: 'pending', ancPolicy: OURS }]);
	expect(messages).toEqual([]);
	await completeIntent(under.ledger, again[0].id, { actor: ACTOR, result: { endpoints: [{ macAddress: MAC, status: 'applied' }] } });
	const [after] = (await under.ledger.getEpisodes({ limit: 1 })).items;
	expect(after).toMatchObject({ state: 'contained', releaseDueAt: before.releaseDueAt });
	under.clock.nowMs += MINUTE_MS;
	const third = await compare([], { onLost: 'reapply' });
	expect(third).toMatchObject({ contain: [], differences: [{ kind: 'lost', action: 'reported' }] });
	expect(third.messages).toHaveLength(1);
});

it('adopts an unknown binding with our policy, without touching ISE', async () => {
	const { differences, notices } = await compare([bound(OTHER), bound(MAC, 'Posture')], { onOurs: 'adopt' });
	expect(differences.map(({ mac, action }) => [mac, action])).toEqual([[OTHER, 'adopted'], [MAC, 'reported']]);
	expect(notices).toMatchObject([{ kind: 'notify', notice: { event: 'contained' } }]);
	const { items } = await under.ledger.getEpisodes({ limit: 5 });
	expect(items).toMatchObject([{ state: 'contained', releaseDueAt: expect.any(String) as string }]);
	expect(await under.ledger.getDueIntents(ACTOR, 10)).toMatchObject([{ kind: 'notify' }]);
	under.clock.nowMs += MINUTE_MS;
	expect(await compare([bound(OTHER)])).toMatchObject({ explained: 1, differences: [] });
	const release = await under.ledger.release({ kind: 'mac', key: OTHER }, PERSON, 'clean');
	expect(release).toMatchObject({ ancPolicy: OURS, host: { macs: [OTHER] } });
});

it('does not adopt a protected host, nor one that is contained', async () => {
	await under.ledger.protect({ type: 'mac', value: OTHER, reason: 'Ward 3' }, PERSON);
	await expect(under.ledger.adoptBinding(bound(OTHER), PERSON, 'mine')).rejects.toMatchObject({ code: 'protected' });
	expect((await compare([bound(OTHER)], { onOurs: 'adopt' })).differences).toMatchObject([{ action: 'reported' }]);
	await contain();
	await expect(under.ledger.adoptBinding(bound(MAC), PERSON, 'mine')).rejects.toMatchObject({ code: 'alreadyContained' });
});

it('does not flood the room', async () => {
	const many = Array.from({ length: 40 }, (_, i) => bound(`00:11:22:33:55:${i.toString(16).padStart(2, '0')}`));
	const { messages } = await compare(many);
	expect(messages).toHaveLength(10);
	expect(new Set(messages.flatMap(({ alarmKeys }) => alarmKeys)).size).toBe(40);
	expect(messages[9].title).toBe('31 more alarms');
});

it.each([[[{ macAddress: 'nonsense', policyName: OURS }], {}], [[], { readAt: 'yesterday' }]])('refuses %j %j', async (bindings, options) => {
	await expect(compare(bindings, options)).rejects.toMatchObject({ code: 'invalidValue' });
});
