import fc from 'fast-check';
import type { Intent } from '../../../ledger';
import { ACTOR, detection, MINUTE_MS, newLedger, PERSON, plainPolicy, type TestLedger } from './helpers';
import { completeIntent } from '../../support/settle';

const BEN = { name: 'ben@corp.example' };
const EVE = { name: 'eve@corp.example' };
const HOST = { mac: '00:11:22:33:44:55', hostname: 'pc1' };

let test: TestLedger;
afterEach(async () => await test.close());

async function start(quorum?: number): Promise<void> {
	test = await newLedger(plainPolicy({ mode: 'approval', approval: { expiry: 'PT15M', ...(quorum && { quorum }) } }));
}

async function waiting(): Promise<Intent> {
	const result = await test.ledger.score([detection({ penalty: 90 })], { actor: ACTOR });
	return result.needsApproval[0];
}

const auditOf = async (action: string) => (await test.ledger.getAudit({ action, limit: 10 })).items;

describe('a quorum', () => {
	it('lets a containment go ahead with the last of two people, and says who they were', async () => {
		await start(2);
		const { id } = await waiting();
		const first = await test.ledger.approve(id, BEN, 'seen it');
		expect(first).toMatchObject({ state: 'awaitingApproval', quorum: 2, approvals: [{ by: BEN.name, reason: 'seen it' }] });
		expect(await test.ledger.approve(id, EVE, 'go')).toMatchObject({
			state: 'pending',
			decision: { reason: `Approved by ${BEN.name}, ${EVE.name}: go` },
		});
		expect(await auditOf('intent.approved')).toHaveLength(2);
	});

	it.each([['the same name', BEN.name], ['the name in capitals', BEN.name.toUpperCase()]])('does not count %s twice', async (_case, name) => {
		await start(2);
		const { id } = await waiting();
		await test.ledger.approve(id, BEN, 'seen it');
		await expect(test.ledger.approve(id, { name }, 'again')).rejects.toMatchObject({ code: 'alreadyApproved' });
		expect((await test.ledger.getIntents({ state: 'awaitingApproval', limit: 5 })).items).toHaveLength(1);
		expect(await auditOf('intent.approved')).toHaveLength(1);
	});

	it('does not outlive the expiry: half of it contains nothing', async () => {
		await start(2);
		const { id } = await waiting();
		await test.ledger.approve(id, BEN, 'seen it');
		test.clock.nowMs += 15 * MINUTE_MS;
		await expect(test.ledger.approve(id, EVE, 'late')).rejects.toMatchObject({ code: 'expired' });
	});

	it('is overruled by one denial', async () => {
		await start(2);
		const { id } = await waiting();
		await test.ledger.approve(id, BEN, 'seen it');
		expect(await test.ledger.deny(id, EVE, 'a test machine')).toMatchObject({ state: 'denied' });
		await expect(test.ledger.approve(id, EVE, 'or not')).rejects.toMatchObject({ code: 'notAwaitingApproval' });
	});

	it('is reached by as many different people, whatever the order and however often they press', async () => {
		const people = fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 12 });
		await fc.assert(
			fc.asyncProperty(people, fc.integer({ min: 1, max: 4 }), async (presses, quorum) => {
				await start(quorum);
				const { id } = await waiting();
				const different = new Set<number>();
				for (const person of presses) {
					const given = await test.ledger.approve(id, { name: `p${person}` }, 'ok').catch(() => undefined);
					if (different.size < quorum) different.add(person);
					if (given) expect(given.state).toBe(different.size < quorum ? 'awaitingApproval' : 'pending');
				}
				const { items } = await test.ledger.getIntents({ kind: 'contain', limit: 1 });
				expect(items[0].state).toBe(different.size < quorum ? 'awaitingApproval' : 'pending');
				expect(items[0].approvals).toHaveLength(different.size);
				await test.close();
			}),
			{ numRuns: 25 },
		);
		await start();
	});
});

describe('approvals that nobody gives in time', () => {
	const notices = async () => (await test.ledger.getIntents({ kind: 'notify', limit: 10 })).items.filter(({ notice }) => notice?.event === 'approvalExpired');
	const sweep = async () => {
		test.clock.nowMs += 15 * MINUTE_MS;
		await test.ledger.getDueIntents(ACTOR, 10);
	};
	const crossing = (hostname: string) => detection({ penalty: 90, targets: [{ hostname }] });

	it('are told of once, with the message and the ticket of the request', async () => {
		await start();
		const { id, episodeId } = await waiting();
		const [request] = await test.ledger.claimIntents({ actor: ACTOR, kinds: ['notify'], limit: 1, leaseSeconds: 60 });
		await test.ledger.recordStep(request.id, { webexMessageId: 'm1', serviceNowSysId: 's1' }, ACTOR);
		await completeIntent(test.ledger, request.id, { actor: ACTOR, result: {} });
		await sweep();
		await sweep();
		expect(await notices()).toMatchObject([
			{
				episodeId,
				state: 'pending',
				notice: {
					approvals: [{ intentId: id, host: 'pc1' }],
					approvalCount: 1,
					result: { error: 'Nobody approved in time: nothing was contained' },
					references: { webexMessageId: 'm1', serviceNowSysId: 's1' },
				},
			},
		]);
		expect(await notices()).not.toMatchObject([{ askedIn: expect.anything() as string }]);
	});

	it('are told of together when they were asked for together, without those that were decided', async () => {
		await start();
		const { needsApproval } = await test.ledger.score(['pc1', 'pc2', 'pc3'].map(crossing), { actor: ACTOR });
		const other = await test.ledger.containManually({ hostname: 'pc4' }, { actor: BEN, reason: 'odd', needsApproval: true });
		await test.ledger.approve(needsApproval[0].id, EVE, 'go');
		await sweep();
		const told = await notices();
		expect(told).toHaveLength(2);
		const together = told.find(({ episodeId }) => episodeId === needsApproval[0].episodeId)?.notice;
		expect(together?.approvals?.map(({ host }) => host).sort()).toEqual(['pc2', 'pc3']);
		expect(together?.approvalCount).toBe(2);
		expect(told.find(({ episodeId }) => episodeId === other.episodeId)).toMatchObject({ requestedBy: BEN.name, notice: { approvals: [{ host: 'pc4' }] } });
	});

	it('are told of when somebody approves too late', async () => {
		await start();
		const { id } = await waiting();
		test.clock.nowMs += 15 * MINUTE_MS;
		await expect(test.ledger.approve(id, EVE, 'late')).rejects.toMatchObject({ code: 'expired' });
		expect(await notices()).toHaveLength(1);
	});
});

describe('a request of somebody who may not contain alone', () => {
	const ask = async () => await test.ledger.containManually(HOST, { actor: BEN, reason: 'odd traffic', needsApproval: true });

	it('waits, tells the approvers, and cannot be approved by whoever asked', async () => {
		await start();
		const intent = await ask();
		expect(intent).toMatchObject({ state: 'awaitingApproval', requestedBy: BEN.name });
		const { items } = await test.ledger.getIntents({ kind: 'notify', limit: 5 });
		expect(items).toMatchObject([{ notice: { event: 'approvalRequested', approvals: [{ intentId: intent.id, expiresAt: intent.expiresAt }] } }]);
		await expect(test.ledger.approve(intent.id, { name: ' BEN@corp.example' }, 'me')).rejects.toMatchObject({ code: 'ownApproval' });
		expect(await test.ledger.approve(intent.id, EVE, 'go')).toMatchObject({ state: 'pending' });
	});

	it('asked twice is one request and one notice', async () => {
		await start();
		const first = await ask();
		test.clock.nowMs += MINUTE_MS;
		expect((await ask()).id).toBe(first.id);
		expect((await test.ledger.getIntents({ kind: 'notify', limit: 5 })).items).toHaveLength(1);
	});

	it('links nothing that only they say is of one host, and mixes up nobody', async () => {
		await start();
		const infected = { hostname: 'malware-pc', mac: '00:11:22:00:00:01' };
		await test.ledger.score([detection({ penalty: 5, targets: [infected] }), detection({ penalty: 5, targets: [{ mac: '00:11:22:00:00:02' }] })], { actor: ACTOR });
		const wrong = { hostname: infected.hostname, mac: '00:11:22:00:00:02' };
		const { id } = await test.ledger.containManually(wrong, { actor: BEN, reason: 'x', needsApproval: true });
		await test.ledger.deny(id, EVE, 'no');
		const { contain, needsApproval } = await test.ledger.score([detection({ penalty: 90, targets: [infected] })], { actor: ACTOR });
		expect([...contain, ...needsApproval]).toMatchObject([{ host: { hostnames: ['malware-pc'], macs: [infected.mac] } }]);
	});

	it('shows the approvers everything by which the host was named, and looks whether any of it is protected', async () => {
		await start();
		const named = { hostname: 'ceo-laptop', mac: '00:11:22:00:00:03', connectorGuid: 'g9' };
		const { id, host } = await test.ledger.containManually(named, { actor: BEN, reason: 'x', needsApproval: true });
		expect(host).toMatchObject({ hostnames: ['ceo-laptop'], macs: ['00:11:22:00:00:03'], connectorGuids: ['g9'] });
		const { items } = await test.ledger.getIntents({ kind: 'notify', limit: 5 });
		expect(items).toMatchObject([{ host: { hostnames: ['ceo-laptop'] }, notice: { approvals: [{ intentId: id, host: 'ceo-laptop' }] } }]);
		await test.ledger.deny(id, EVE, 'no');
		await test.ledger.protect({ type: 'hostname', value: 'ceo-*', reason: 'CEO' }, EVE);
		await expect(test.ledger.containManually(named, { actor: BEN, reason: 'x', needsApproval: true })).rejects.toMatchObject({ code: 'protected' });
	});

	it('does not change how long a containment lasts that was decided already', async () => {
		await start();
		const { id, episodeId } = await test.ledger.containManually(HOST, { actor: EVE, reason: 'drill', duration: 'PT4H' });
		await test.ledger.containManually(HOST, { actor: BEN, reason: 'odd', duration: 'PT1M', needsApproval: true });
		await test.ledger.claimIntents({ actor: ACTOR, kinds: ['contain'], ids: [id], limit: 1, leaseSeconds: 60 });
		await completeIntent(test.ledger, id, { actor: ACTOR, result: {} });
		const { items } = await test.ledger.getEpisodes({ limit: 5 });
		expect(items).toMatchObject([{ id: episodeId, releaseDueAt: new Date(test.clock.nowMs + 4 * 60 * MINUTE_MS).toISOString() }]);
	});

	it('is refused while the host is being released', async () => {
		await start();
		const { id, episodeId } = await test.ledger.containManually(HOST, { actor: EVE, reason: 'drill' });
		await test.ledger.claimIntents({ actor: ACTOR, kinds: ['contain'], ids: [id], limit: 1, leaseSeconds: 60 });
		await completeIntent(test.ledger, id, { actor: ACTOR, result: {} });
		await test.ledger.release({ episodeId }, EVE, 'over');
		await expect(ask()).rejects.toMatchObject({ code: 'releaseUnderWay' });
	});
});

describe('a request with a key', () => {
	const request = { key: 'portal:1', fingerprint: 'a' };
	const contain = async (with_ = request) =>
		await test.ledger.containManually(HOST, { actor: PERSON, reason: 'stolen', request: with_ });

	it('is done once, also when the host was released in between', async () => {
		await start();
		const first = await contain();
		await test.ledger.claimIntents({ actor: ACTOR, kinds: ['contain'], ids: [first.id], limit: 1, leaseSeconds: 60 });
		await completeIntent(test.ledger, first.id, { actor: ACTOR, result: {} });
		const release = { key: 'portal:2', fingerprint: 'b' };
		const released = await test.ledger.release({ kind: 'mac', key: HOST.mac }, PERSON, 'found', release);
		expect((await test.ledger.release({ kind: 'mac', key: HOST.mac }, PERSON, 'found', release)).id).toBe(released.id);
		await test.ledger.claimIntents({ actor: ACTOR, kinds: ['release'], ids: [released.id], limit: 1, leaseSeconds: 60 });
		await completeIntent(test.ledger, released.id, { actor: ACTOR, result: {} });

		expect(await contain()).toMatchObject({ id: first.id, state: 'done' });
		expect(await test.ledger.findRequest(request)).toMatchObject({ id: first.id });
		expect((await test.ledger.getEpisodes({ limit: 5 })).items).toMatchObject([{ state: 'released' }]);
		expect(await test.ledger.verifyAudit()).toMatchObject({ ok: true });
	});

	it('is refused when it asks for something else', async () => {
		await start();
		await contain();
		await expect(contain({ ...request, fingerprint: 'other' })).rejects.toMatchObject({ code: 'keyReused' });
		await expect(test.ledger.findRequest({ ...request, fingerprint: 'other' })).rejects.toMatchObject({ code: 'keyReused' });
	});

	it('that was refused is not remembered', async () => {
		await start();
		await test.ledger.protect({ type: 'hostname', value: 'pc1', reason: 'lab' }, PERSON);
		await expect(contain()).rejects.toMatchObject({ code: 'protected' });
		expect(await test.ledger.findRequest(request)).toBeUndefined();
	});
});

describe('an open episode', () => {
	it('is protected by its hostname and released with it; over, it is not', async () => {
		await start();
		const { episodeId } = await test.ledger.containManually(HOST, { actor: PERSON, reason: 'drill' });
		expect(await test.ledger.protectEpisode(episodeId, BEN, 'the CEO')).toMatchObject([
			{ type: 'hostname', value: 'pc1', reason: 'the CEO', addedBy: BEN.name },
		]);
		const { items } = await test.ledger.getIntents({ kind: 'release', limit: 1 });
		expect(items).toMatchObject([{ episodeId, state: 'pending' }]);
		await test.ledger.claimIntents({ actor: ACTOR, kinds: ['release'], limit: 1, leaseSeconds: 60 });
		await completeIntent(test.ledger, items[0].id, { actor: ACTOR, result: {} });
		await expect(test.ledger.protectEpisode(episodeId, BEN, 'again')).rejects.toMatchObject({ code: 'notContained' });
	});

	it('keeps references that come later', async () => {
		await start();
		const { episodeId } = await test.ledger.containManually(HOST, { actor: PERSON, reason: 'drill' });
		await test.ledger.addReferences(episodeId, { webexMessageId: 'm1' }, ACTOR);
		expect(await test.ledger.addReferences(episodeId, { ticket: 't' }, ACTOR)).toMatchObject({ references: { webexMessageId: 'm1', ticket: 't' } });
		await expect(test.ledger.addReferences('none', {}, ACTOR)).rejects.toMatchObject({ code: 'notFound' });
	});
});
