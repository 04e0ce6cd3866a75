import { LedgerError, type Intent, type LedgerService } from '../../../ledger';
import { ACTOR, detection, HOUR_MS, MINUTE_MS, newLedger, PERSON, plainPolicy, type TestLedger } from './helpers';
import { completeIntent, failIntent } from '../../support/settle';

const MAC = '00:11:22:33:44:55';
let test: TestLedger;
let ledger: LedgerService;

async function start(changes: Parameters<typeof plainPolicy>[0] = {}): Promise<void> {
	test = await newLedger(plainPolicy(changes));
	ledger = test.ledger;
}

afterEach(async () => {
	expect(await ledger.verifyAudit()).toMatchObject({ ok: true });
	expect(await ledger.replay()).toMatchObject({ equal: true, differences: [] });
	await test.close();
});

const score = async (...detections: unknown[]) => await ledger.score(detections, { actor: ACTOR });
const now = (changes: Parameters<typeof detection>[0] = {}) => detection({ atMs: test.clock.nowMs, ...changes });
const claim = async (kinds: Intent['kind'][] = ['contain'], leaseSeconds = 60) =>
	await ledger.claimIntents({ actor: ACTOR, kinds, limit: 100, leaseSeconds });
const complete = async (intent: Intent) => await completeIntent(ledger, intent.id, { actor: ACTOR, result: { ok: true } });
const stateOf = async (key = 'pc1', kind: 'hostname' | 'mac' | 'user' = 'hostname') => (await ledger.getEntity({ kind, key }))?.state;

/** Contains pc1 and carries it out. */
async function contain(): Promise<Intent> {
	const { contain: [intent] } = await score(now({ penalty: 90 }));
	await claim();
	await complete(intent);
	return intent;
}

async function letGo(person = PERSON): Promise<void> {
	await ledger.release({ kind: 'hostname', key: 'pc1' }, person, 'clean');
	const [intent] = await claim(['release']);
	await complete(intent);
}

describe('score', () => {
	it('answers each element in the order given', async () => {
		await start();
		const [late, early] = [now({ penalty: 5 }), now({ penalty: 10, atMs: test.clock.nowMs - 1000 })];
		const { outcomes } = await score(late, { id: 'x' }, early, late);
		expect(outcomes.map(({ outcome }) => outcome)).toEqual(['recorded', 'invalid', 'recorded', 'duplicate']);
		expect(outcomes[1]).toMatchObject({ id: 'x', field: 'occurredAt' });
		expect((await score(early)).outcomes[0].outcome).toBe('duplicate');
	});

	it('records what no rule rates', async () => {
		await start();
		const unrated = now({ eventType: { id: 'nothing', name: 'Nothing' } });
		const { outcomes: [outcome] } = await score(unrated);
		expect(outcome).toMatchObject({ outcome: 'recorded', entities: [{ penalty: 0, score: 0 }, { penalty: 0, score: 0 }] });
		expect(await ledger.getDetections({ entity: { kind: 'mac', key: MAC }, limit: 5 })).toEqual({ items: [unrated], total: 1 });
	});

	it('commits the cursor, which never moves back', async () => {
		await start();
		const options = { overlapSeconds: 60, firstLookbackSeconds: 3600 };
		const at = (minutes: number) => new Date(test.clock.nowMs + minutes * MINUTE_MS).toISOString();
		expect(await ledger.getCursor('umbrella', options)).toEqual({ source: 'umbrella', from: at(-60), to: at(0) });
		await ledger.score([], { actor: ACTOR, cursor: { source: 'umbrella', position: at(-5) } });
		await ledger.score([], { actor: ACTOR, cursor: { source: 'umbrella', position: at(-30) } });
		expect(await ledger.getCursor('umbrella', options)).toMatchObject({ position: at(-5), from: at(-6), to: at(0) });
	});

	it('explains a score', async () => {
		await start();
		await score(now({ penalty: 40, source: 'umbrella' }), now({ penalty: 25 }));
		test.clock.nowMs += 24 * HOUR_MS;
		const entity = await ledger.getEntity({ kind: 'hostname', key: 'PC1.corp.example' });
		expect(entity).toMatchObject({ score: 32.5, band: 'yellow', sources: { umbrella: { score: 20, detections: 1 } } });
		expect(entity?.contributions.map(({ penalty, remaining, reasons }) => ({ penalty, remaining, reasons }))).toEqual(
			expect.arrayContaining([{ penalty: 40, remaining: 20, reasons: ['Costs 40: 40 points'] }]),
		);
		expect(entity?.related).toEqual([{ kind: 'mac', key: MAC }]);
	});
});

describe('crossing', () => {
	it('gives one containment for a host, whichever of its entities cross', async () => {
		await start();
		const laptop = [1, 2, 3].map((n) => ({ mac: `00:11:22:33:44:0${n}`, ip: `10.0.0.${n}`, hostname: 'LT1', user: 'jdoe', connectorGuid: 'G1' }));
		const result = await score(now({ penalty: 90, targets: laptop }));
		expect(result.contain).toHaveLength(1);
		expect(result.contain[0].host).toMatchObject({ macs: laptop.map(({ mac }) => mac), hostnames: ['lt1'], connectorGuids: ['g1'] });
		expect(result.notices).toEqual([]);
		const { items: [episode] } = await ledger.getEpisodes({ limit: 5 });
		expect(episode.crossings).toHaveLength(8);
	});

	it('fires once in an episode, and tells of entities that cross later', async () => {
		await start();
		await contain();
		const again = await score(now({ penalty: 90 }), now({ penalty: 90 }));
		expect(again).toMatchObject({ contain: [], needsApproval: [], notices: [], refused: [] });
		const other = await score(now({ penalty: 90, targets: [{ hostname: 'pc1', mac: '00:11:22:33:44:66' }] }));
		expect(other.contain).toEqual([]);
		expect(other.notices).toMatchObject([{ kind: 'notify', notice: { event: 'escalated', crossed: [{ kind: 'mac', key: '00:11:22:33:44:66' }] } }]);
	});

	it('fires exactly at the threshold, not below', async () => {
		await start();
		expect((await score(now({ penalty: 40 }), now({ penalty: 25 }), now({ penalty: 10 }))).contain).toEqual([]);
		expect((await score(now({ penalty: 5 }))).contain).toHaveLength(1);
	});

	it('a refused crossing fires again only after the score was low', async () => {
		await start({ mode: 'observe' });
		expect((await score(now({ penalty: 90 }))).refused).toHaveLength(2);
		expect((await score(now({ penalty: 5 }))).refused).toEqual([]);
		test.clock.nowMs += 48 * HOUR_MS;
		expect((await score(now({ penalty: 90 }))).refused).toHaveLength(2);
	});

	it('a policy that stops to observe is not deaf to those above the threshold', async () => {
		await start({ mode: 'observe' });
		await score(now({ penalty: 90 }));
		await ledger.updatePolicy(plainPolicy(), PERSON, 'enforce');
		expect((await score(now({ penalty: 5 }))).contain).toHaveLength(1);
	});

	it('a user asks for approval of the endpoints where the user was seen lately', async () => {
		await start();
		const on = (n: number) => [{ hostname: `pc${n}`, user: 'jdoe' }];
		await score(now({ penalty: 40, targets: on(1) }), now({ penalty: 25, targets: on(2) }));
		const result = await score(now({ penalty: 25, targets: [{ user: 'CORP\\JDoe' }] }));
		expect(result.contain).toEqual([]);
		expect(result.needsApproval.map(({ host }) => host.hostnames[0]).sort()).toEqual(['pc1', 'pc2']);
		expect(result.needsApproval[0]).toMatchObject({ trigger: { kind: 'user', key: 'jdoe' }, decision: { guard: 'kind' } });
	});

	it('an IP never contains by itself', async () => {
		await start();
		const result = await score(now({ penalty: 90, targets: [{ ip: '10.0.0.9' }] }));
		expect(result).toMatchObject({ contain: [], needsApproval: [], refused: [{ kind: 'ip', decision: { guard: 'kind' } }] });
	});

	it('an approval that waits becomes a containment when the reason to wait is gone', async () => {
		await start({ guards: { minimumSources: 2, breaker: null, grace: 'PT30M' } });
		const first = await score(now({ penalty: 90, targets: [{ mac: MAC }] }));
		expect(first.needsApproval).toMatchObject([{ decision: { guard: 'diversity' } }]);
		const second = await score(now({ penalty: 90, source: 'umbrella', targets: [{ mac: MAC, hostname: 'pc1' }] }));
		expect(second.contain.map(({ id }) => id)).toEqual([first.needsApproval[0].id]);
		expect(await stateOf()).toBe('containing');
	});

	it('two thousand crossings in a batch: five containments, one notice for all the rest', async () => {
		await start({ guards: { minimumSources: 1, grace: 'PT30M', breaker: { limit: 5, window: 'PT10M', maxShare: 1, shareFloor: 5 } } });
		const crowd = Array.from({ length: 2_000 }, (_, i) =>
			now({ penalty: 90, targets: [{ hostname: `pc${i}` }], atMs: test.clock.nowMs - 10_000 + i }),
		);
		const result = await score(...crowd.reverse());
		expect(result.contain.map(({ trigger }) => trigger.key)).toEqual(['pc0', 'pc1', 'pc2', 'pc3', 'pc4']);
		expect(result.needsApproval).toHaveLength(1_995);
		expect(result.notices).toHaveLength(1);
		expect(result.notices[0].notice).toMatchObject({ event: 'approvalRequested', approvalCount: 1_995 });
		expect(result.notices[0].notice?.approvals).toHaveLength(20);
		expect((await ledger.getMetrics()).breaker).toMatchObject({ open: true, containments: 5 });
		test.clock.nowMs += 11 * MINUTE_MS;
		expect((await score(now({ penalty: 90, targets: [{ hostname: 'new' }] }))).contain).toHaveLength(1);
	});
});

describe('containment', () => {
	it('goes from crossing to release, with a notice each time', async () => {
		await start();
		const { contain: [intent] } = await score(now({ penalty: 90 }));
		expect(await stateOf()).toBe('containing');
		expect(await claim()).toMatchObject([{ id: intent.id, state: 'claimed', attempts: 1 }]);
		expect(await claim()).toEqual([]);
		await ledger.recordStep(intent.id, { anc: 'applied' }, ACTOR);
		await ledger.recordStep(intent.id, { connector: 'isolated' }, ACTOR);
		const done = await completeIntent(ledger, intent.id, {
			actor: ACTOR,
			result: { macs: [MAC] },
			references: { serviceNowNumber: 'INC1' },
			identity: { macs: ['00-11-22-33-44-99'] },
		});
		expect(done.intent).toMatchObject({ state: 'done', steps: { anc: 'applied', connector: 'isolated' } });
		expect(done.intent.host.macs).toEqual([MAC, '00:11:22:33:44:99']);
		expect(done.notice).toMatchObject({ state: 'pending', notice: { event: 'contained', result: { macs: [MAC] }, references: { serviceNowNumber: 'INC1' } } });
		expect(await stateOf()).toBe('contained');
		await completeIntent(ledger, (done.notice as Intent).id, { actor: ACTOR, result: {}, references: { webexMessageId: 'm1' } });
		expect(await completeIntent(ledger, intent.id, { actor: ACTOR, result: {} })).toMatchObject({ intent: { state: 'done' } });
		await ledger.release({ kind: 'hostname', key: 'pc1' }, PERSON, 'clean');
		expect(await stateOf()).toBe('releasing');
		const [release] = await claim(['release']);
		const { notice } = await complete(release);
		expect(notice?.notice).toMatchObject({ event: 'released', references: { serviceNowNumber: 'INC1', webexMessageId: 'm1' } });
		expect((await ledger.getEpisodes({ limit: 1 })).items[0]).toMatchObject({ state: 'released', releasedBy: 'ann' });
	});

	it('after a person released: nothing in grace, and then the next detection fires', async () => {
		await start();
		await contain();
		await letGo();
		expect(await stateOf()).toBe('grace');
		expect((await ledger.getEntities({ state: 'grace', limit: 5 })).items).toHaveLength(2);
		expect((await score(now({ penalty: 5 }))).refused).toMatchObject([{ decision: { guard: 'grace' } }, {}]);
		test.clock.nowMs += 29 * MINUTE_MS;
		expect((await score(now({ penalty: 5 }))).contain).toEqual([]);
		test.clock.nowMs += 2 * MINUTE_MS;
		expect(await stateOf()).toBe('normal');
		expect((await score(now({ penalty: 5 }))).contain).toHaveLength(1);
	});

	it('releases by itself when the time is over, later after every episode', async () => {
		await start({ containment: { ...plainPolicy().containment, releaseJitter: 0 } });
		await contain();
		test.clock.nowMs += 4 * HOUR_MS - 1;
		expect(await ledger.releaseDue(ACTOR)).toEqual([]);
		test.clock.nowMs += 1;
		const [release] = await ledger.releaseDue(ACTOR);
		expect(release).toMatchObject({ kind: 'release', state: 'pending' });
		expect(await ledger.releaseDue(ACTOR)).toEqual([]);
		await claim(['release']);
		await complete(release);
		expect(await stateOf()).toBe('normal');
		await contain();
		const { items: [second] } = await ledger.getEpisodes({ state: 'contained', limit: 1 });
		expect(Date.parse(second.releaseDueAt as string) - test.clock.nowMs).toBe(8 * HOUR_MS);
	});

	it('an expired lease makes the work claimable again', async () => {
		await start();
		await score(now({ penalty: 90 }));
		const [first] = await claim(['contain'], 60);
		test.clock.nowMs += 59_999;
		expect(await claim()).toEqual([]);
		test.clock.nowMs += 1;
		expect(await claim()).toMatchObject([{ id: first.id, attempts: 2, lastError: expect.stringContaining('lease') as string }]);
	});

	it('retries with backoff, and says so when it gives up', async () => {
		await start({ retry: { attempts: 2, backoff: 'PT30S', maxBackoff: 'PT15M' } });
		await score(now({ penalty: 90 }));
		const [intent] = await claim();
		expect(await failIntent(ledger, intent.id, 'ISE is down', ACTOR)).toMatchObject({ intent: { state: 'pending', lastError: 'ISE is down' } });
		expect(await claim()).toEqual([]);
		test.clock.nowMs += 30_000;
		await claim();
		const { intent: failed, notice } = await failIntent(ledger, intent.id, 'ISE is down', ACTOR);
		expect(failed.state).toBe('failed');
		expect(notice).toMatchObject({ state: 'pending', notice: { event: 'failed' } });
		expect(await stateOf()).toBe('containing');
		const manual = await ledger.containManually({ hostname: 'pc1' }, { actor: PERSON, reason: 'again' });
		expect(manual).toMatchObject({ state: 'pending', episodeId: intent.episodeId });
		expect(manual.id).not.toBe(intent.id);
	});

	describe('what was found before a failure', () => {
		const FOUND = '00:11:22:33:44:66';
		const found = { macs: [FOUND], connectorGuids: ['GUID-1'] };
		const releaseIntent = async () => {
			await ledger.release({ kind: 'hostname', key: 'pc1' }, PERSON, 'clean');
			const [release] = await claim(['release']);
			return release;
		};

		it('is released with the rest of the host during the pause', async () => {
			await start();
			await score(now({ penalty: 90 }));
			const [{ id }] = await claim();
			const { intent } = await failIntent(ledger, id, 'One of two', ACTOR, found);
			expect(intent).toMatchObject({ state: 'pending', host: { macs: [MAC, FOUND], connectorGuids: ['guid-1'] } });
			expect((await releaseIntent()).host).toMatchObject({ macs: [MAC, FOUND], connectorGuids: ['guid-1'] });
		});

		it('is in the notice of the last failure', async () => {
			await start({ retry: { attempts: 1, backoff: 'PT30S', maxBackoff: 'PT15M' } });
			await score(now({ penalty: 90 }));
			const [{ id }] = await claim();
			const { notice } = await failIntent(ledger, id, 'One of two', ACTOR, found);
			expect(notice).toMatchObject({ host: { macs: [MAC, FOUND] }, notice: { event: 'failed' } });
			expect((await releaseIntent()).host.macs).toEqual([MAC, FOUND]);
		});

		it('reaches a release that was asked for meanwhile', async () => {
			await start();
			await score(now({ penalty: 90 }));
			const [{ id }] = await claim();
			await ledger.release({ kind: 'hostname', key: 'pc1' }, PERSON, 'clean');
			expect(await failIntent(ledger, id, 'One of two', ACTOR, found)).toMatchObject({ intent: { state: 'cancelled' } });
			const [release] = await claim(['release']);
			expect(release.host.macs).toEqual([MAC, FOUND]);
		});

		it('is released once more when the release is over already', async () => {
			await start();
			await score(now({ penalty: 90 }));
			const [{ id }] = await claim();
			await letGo();
			expect(await stateOf()).toBe('grace');
			expect((await failIntent(ledger, id, 'One of two', ACTOR, found)).notice).toBeUndefined();
			const [undone] = await claim(['release']);
			expect(undone).toMatchObject({ host: { macs: [MAC, FOUND] }, reason: expect.stringContaining('called off') as string });
			await complete(undone);
			expect(await stateOf()).toBe('grace');
		});

		it('changes nothing for an intent that was completed', async () => {
			await start();
			const { id } = await contain();
			expect(await failIntent(ledger, id, 'Too late', ACTOR, found)).toMatchObject({ intent: { state: 'done' } });
			expect((await releaseIntent()).host.macs).toEqual([MAC]);
		});
	});

	describe('what has failed', () => {
		const fail = async () => {
			await start({ retry: { attempts: 1, backoff: 'PT30S', maxBackoff: 'PT15M' } });
			await score(now({ penalty: 90 }));
			const [intent] = await claim();
			await ledger.recordStep(intent.id, { anc: 'applied' }, ACTOR);
			await failIntent(ledger, intent.id, 'ISE is down', ACTOR);
			return intent;
		};

		it('is retried by a person at once, with all attempts and the steps it took', async () => {
			const { id } = await fail();
			expect(await claim()).toEqual([]);
			expect(await ledger.retryIntent(id, PERSON, 'ISE is back')).toMatchObject({ id, state: 'pending', attempts: 0 });
			const [again] = await claim();
			expect(again).toMatchObject({ id, attempts: 1, steps: { anc: 'applied' } });
			await complete(again);
			expect(await stateOf()).toBe('contained');
			const { items: [record] } = await ledger.getAudit({ action: 'intent.retried', limit: 1 });
			expect(record).toMatchObject({ actor: PERSON.name, subject: `intent:${id}`, details: { reason: 'ISE is back', attempts: 1 } });
		});

		it('a notice that could not be sent is retried as well', async () => {
			const { id } = await fail();
			const [notice] = await claim(['notify']);
			await failIntent(ledger, notice.id, 'Webex is down', ACTOR);
			await ledger.retryIntent(notice.id, PERSON, 'Webex is back');
			expect(await claim(['notify'])).toMatchObject([{ id: notice.id, kind: 'notify' }]);
			expect(notice.id).not.toBe(id);
		});

		it.each<[string, (id: string) => Promise<unknown>]>([
			['retried already', (id) => ledger.retryIntent(id, PERSON, 'x')],
			['contained anew by a person', () => ledger.containManually({ hostname: 'pc1' }, { actor: PERSON, reason: 'x' })],
			['released', () => ledger.release({ kind: 'hostname', key: 'pc1' }, PERSON, 'x')],
			['protected', () => ledger.protect({ type: 'hostname', value: 'pc1', reason: 'x' }, PERSON)],
		])('is not retried once it was %s', async (_what, overtake) => {
			const { id } = await fail();
			await overtake(id);
			const before = await ledger.getMetrics();
			await expect(ledger.retryIntent(id, PERSON, 'again')).rejects.toMatchObject({ code: 'notRetryable' });
			expect((await ledger.getMetrics()).auditRecords).toBe(before.auditRecords);
		});

		it('an intent that nobody knows is not found', async () => {
			await start();
			await expect(ledger.retryIntent('none', PERSON, 'x')).rejects.toMatchObject({ code: 'notFound' });
		});
	});

	it('a containment called off while it ran is undone when it turns out to have happened', async () => {
		await start();
		const { contain: [intent] } = await score(now({ penalty: 90 }));
		await claim();
		await letGo();
		expect(await stateOf()).toBe('grace');
		await complete(intent);
		expect(await stateOf()).toBe('releasing');
		expect(await claim(['release'])).toHaveLength(1);
	});

	it('releasing is idempotent and needs something to release', async () => {
		await start();
		await contain();
		const first = await ledger.release({ kind: 'mac', key: MAC.toLowerCase() }, PERSON, 'clean');
		const second = await ledger.release({ episodeId: first.episodeId }, PERSON, 'clean');
		expect(second.id).toBe(first.id);
		await expect(ledger.release({ kind: 'hostname', key: 'other' }, PERSON, 'x')).rejects.toMatchObject({ code: 'notContained' });
	});

	it('an endpoint that turns out to be protected is refused', async () => {
		await start();
		const { contain: [intent] } = await score(now({ penalty: 90 }));
		await claim();
		expect(await ledger.refuseIntent(intent.id, ACTOR, 'Profile is protected')).toMatchObject({ state: 'cancelled' });
		expect(await stateOf()).toBe('normal');
	});
});

describe('approval', () => {
	const ask = async () => {
		await start({ mode: 'approval' });
		return (await score(now({ penalty: 90 }))).needsApproval[0];
	};

	it('approved, it is carried out', async () => {
		const intent = await ask();
		expect(await claim()).toEqual([]);
		expect(await stateOf()).toBe('awaitingApproval');
		expect(await ledger.approve(intent.id, PERSON, 'go')).toMatchObject({ state: 'pending', decision: { guard: 'approval', verdict: 'contain' } });
		await expect(ledger.approve(intent.id, PERSON, 'again')).rejects.toMatchObject({ code: 'notAwaitingApproval' });
		expect(await claim()).toHaveLength(1);
	});

	it('denied, the host is left alone for a while', async () => {
		const intent = await ask();
		expect(await ledger.deny(intent.id, PERSON, 'known')).toMatchObject({ state: 'denied' });
		expect((await score(now({ penalty: 90 }))).needsApproval).toEqual([]);
		test.clock.nowMs += 31 * MINUTE_MS;
		expect((await score(now({ penalty: 90 }))).needsApproval).toHaveLength(1);
	});

	it('expired, nothing is contained, and a new detection asks again', async () => {
		const intent = await ask();
		test.clock.nowMs += 15 * MINUTE_MS;
		await expect(ledger.approve(intent.id, PERSON, 'late')).rejects.toThrow(LedgerError);
		expect((await ledger.getIntents({ state: 'expired', limit: 5 })).items).toHaveLength(1);
		expect(await claim()).toEqual([]);
		expect((await score(now({ penalty: 5 }))).needsApproval).toHaveLength(1);
	});

	it('expires by claiming as well', async () => {
		await ask();
		test.clock.nowMs += 15 * MINUTE_MS;
		await claim();
		expect(await stateOf()).toBe('normal');
	});
});

describe('by hand', () => {
	it('contains what was never seen', async () => {
		await start({ mode: 'observe' });
		const intent = await ledger.containManually({ mac: '0011.2233.4455', hostname: 'PC1' }, { actor: PERSON, reason: 'stolen', duration: 'PT1H' });
		expect(intent).toMatchObject({ state: 'pending', decision: { guard: 'manual' }, host: { macs: [MAC], hostnames: ['pc1'] }, requestedBy: 'ann' });
		expect((await ledger.containManually({ mac: MAC }, { actor: PERSON, reason: 'again' })).id).toBe(intent.id);
		await claim();
		await complete(intent);
		const { items: [episode] } = await ledger.getEpisodes({ limit: 1 });
		expect(Date.parse(episode.releaseDueAt as string) - test.clock.nowMs).toBe(HOUR_MS);
	});

	it('takes an address alone, and nothing that names nobody', async () => {
		await start();
		expect((await ledger.containManually({ ip: '10.0.0.7' }, { actor: PERSON, reason: 'x' })).host.ips).toEqual(['10.0.0.7']);
		await expect(ledger.containManually({ hostname: 'unknown' }, { actor: PERSON, reason: 'x' })).rejects.toMatchObject({ code: 'invalidTarget' });
		await expect(ledger.containManually({ mac: MAC }, { actor: PERSON, reason: 'x', duration: 'soon' })).rejects.toMatchObject({ code: 'invalidValue' });
	});

	it('takes no address and name of two hosts for one', async () => {
		await start();
		await score(now({ penalty: 5, targets: [{ mac: MAC, hostname: 'pc1' }] }), now({ penalty: 5, targets: [{ mac: '00:11:22:33:44:66', hostname: 'ceo' }] }));
		await expect(ledger.containManually({ hostname: 'pc1', mac: '00:11:22:33:44:66' }, { actor: PERSON, reason: 'x' })).rejects.toMatchObject({
			code: 'invalidTarget', message: 'mac 00:11:22:33:44:66 belongs to ceo, not to pc1: name the host by one of them',
		});
	});

	it('turns a release round', async () => {
		await start();
		await contain();
		await ledger.release({ kind: 'hostname', key: 'pc1' }, PERSON, 'oops');
		await ledger.containManually({ hostname: 'pc1' }, { actor: PERSON, reason: 'no, keep it' });
		expect(await claim(['release'])).toEqual([]);
		expect(await stateOf()).toBe('containing');
	});
});

describe('protection', () => {
	it.each([
		['mac', MAC],
		['oui', '00:11:22'],
		['hostname', 'PC*'],
		['user', 'CORP\\jdoe'],
		['cidr', '10.0.0.0/24'],
		['endpointProfile', 'Cisco-IP-Phone*'],
		['identityGroup', 'Servers'],
	] as const)('by %s %s', async (type, value) => {
		await start();
		await ledger.protect({ type, value, reason: 'important' }, PERSON);
		const target = { mac: MAC, hostname: 'pc1', user: 'jdoe', ip: '10.0.0.5', endpointProfile: 'Cisco-IP-Phone-8845', identityGroup: 'Servers' };
		const result = await score(now({ penalty: 90, targets: [target] }));
		expect(result.contain).toEqual([]);
		expect(result.refused[0].decision).toMatchObject({ guard: 'protected', reason: expect.stringContaining('important') as string });
		await expect(ledger.containManually({ mac: MAC }, { actor: PERSON, reason: 'x' })).rejects.toMatchObject({ code: 'protected' });
		expect(await ledger.containManually({ mac: MAC }, { actor: PERSON, reason: 'x', overrideProtection: true })).toMatchObject({ state: 'pending' });
	});

	it('releases what is contained when it becomes protected', async () => {
		await start();
		await contain();
		await ledger.protect({ type: 'hostname', value: 'pc1', reason: 'boss' }, PERSON);
		expect(await stateOf()).toBe('releasing');
		expect((await ledger.getEntity({ kind: 'hostname', key: 'pc1' }))?.protected).toBe(true);
	});

	it('without protection the next detection fires', async () => {
		await start();
		await ledger.protect({ type: 'hostname', value: 'pc1', reason: 'boss' }, PERSON);
		await score(now({ penalty: 90 }));
		expect(await ledger.unprotect('hostname', 'pc1', PERSON)).toBe(true);
		expect(await ledger.unprotect('hostname', 'pc1', PERSON)).toBe(false);
		expect((await score(now({ penalty: 5 }))).contain).toHaveLength(1);
	});
});

describe('history', () => {
	it('a purge forgets score and repeats together, and replays', async () => {
		await start({ repeat: { mode: 'once' } });
		const again = () => now({ penalty: 40, observables: [{ type: 'sha256', value: 'same' }] });
		await score(again());
		expect((await score(again())).outcomes[0]).toMatchObject({ entities: [{ penalty: 0 }, { penalty: 0 }] });
		expect(await ledger.purgeEntity({ kind: 'hostname', key: 'PC1' }, PERSON, 'reimaged')).toBe(true);
		expect(await ledger.getEntity({ kind: 'hostname', key: 'pc1' })).toMatchObject({ score: 0, contributions: [] });
		expect((await ledger.getDetections({ entity: { kind: 'hostname', key: 'pc1' }, limit: 5 })).total).toBe(2);
		expect((await score(again())).outcomes[0]).toMatchObject({ entities: [{ kind: 'mac', penalty: 0 }, { kind: 'hostname', penalty: 40 }] });
		expect(await ledger.purgeEntity({ kind: 'hostname', key: 'nobody' }, PERSON, 'x')).toBe(false);
	});

	it('a policy that scores differently rescores everybody, and contains nobody by that', async () => {
		await start();
		await score(now({ penalty: 40 }));
		await ledger.purgeEntity({ kind: 'mac', key: MAC }, PERSON, 'x');
		await score(now({ penalty: 25 }));
		const rules = plainPolicy().rules.map((rule) => ({ ...rule, penalty: rule.penalty * 2 }));
		await ledger.updatePolicy(plainPolicy({ rules, halfLife: 'PT1H' }), PERSON, 'twice as strict');
		expect(await ledger.getEntity({ kind: 'hostname', key: 'pc1' })).toMatchObject({ score: 130, state: 'normal' });
		expect(await ledger.getEntity({ kind: 'mac', key: MAC })).toMatchObject({ score: 50 });
		expect((await ledger.getEntities({ limit: 1 })).items[0]).toMatchObject({ key: 'pc1' });
		test.clock.nowMs += HOUR_MS;
		expect(await ledger.getEntity({ kind: 'hostname', key: 'pc1' })).toMatchObject({ score: 65 });
		expect(await ledger.replay(2)).toMatchObject({ equal: false });
		expect((await ledger.replay(2)).entities).toContainEqual({ kind: 'mac', key: MAC, score: 24.288 });
	});

	it('tells what a draft would have done', async () => {
		await start();
		await score(now({ penalty: 50 }));
		const since = new Date(test.clock.nowMs - HOUR_MS).toISOString();
		expect(await ledger.whatIf(plainPolicy(), since)).toMatchObject({ detections: 1, contained: [] });
		const { contained } = await ledger.whatIf(plainPolicy({ threshold: 50, rearmBelow: 10 }), since);
		expect(contained).toMatchObject([{ host: 'pc1', trigger: { kind: 'mac', key: MAC }, score: 50, decision: { verdict: 'contain' } }]);
		await expect(ledger.whatIf({}, since)).rejects.toMatchObject({ name: 'PolicyError' });
	});

	it('lists by rank, kind, band, state and text', async () => {
		await start();
		await score(now({ penalty: 90, targets: [{ hostname: 'a' }] }), now({ penalty: 50, targets: [{ hostname: 'bb' }] }), now({ penalty: 5, targets: [{ user: 'cc' }] }));
		const keys = async (filter: object) => {
			const { items, total } = await ledger.getEntities({ limit: 10, ...filter });
			expect(total).toBe(items.length);
			return items.map(({ key }) => key);
		};
		expect(await keys({})).toEqual(['a', 'bb', 'cc']);
		expect(await keys({ kind: 'user' })).toEqual(['cc']);
		expect(await keys({ band: 'contain' })).toEqual(['a']);
		expect(await keys({ band: 'orange' })).toEqual(['bb']);
		expect(await keys({ band: 'white' })).toEqual(['cc']);
		expect(await keys({ state: 'containing' })).toEqual(['a']);
		expect(await keys({ state: 'normal' })).toEqual(['bb', 'cc']);
		expect(await keys({ search: 'B' })).toEqual(['bb']);
		expect((await ledger.getEntities({ limit: 1, offset: 1 })).items).toMatchObject([{ key: 'bb' }]);
	});
});
