import { Engine } from '../support/engine';
import {
	EXECUTED_MALWARE,
	HOST,
	PERSON,
	QUARANTINE_FAILED,
	changesAsked,
	compromise,
	intentOf,
	macsOf,
	messagesOf,
	misdeedsOf,
	poll,
	reportEvent,
	sceneOf,
} from '../support/engineScenes';
import { completeIntent } from '../support/settle';

let engine: Engine;
beforeAll(async () => (engine = await Engine.start()));
beforeEach(async () => await engine.reset());
afterEach(() => expect(misdeedsOf(engine)).toEqual([]));
afterAll(async () => await engine.close());

const HOUR_MS = 3_600_000;
const WORKFLOW = { name: 'workflow' };

async function releaseByPerson(): Promise<string> {
	const { id } = await engine.ledger.release({ kind: 'hostname', key: HOST }, PERSON, 'Reimaged');
	return id;
}

const free = {
	bound: [],
	isolation: 'not_isolated',
	messages: [`${HOST} was contained`, `${HOST} was released`],
};

describe('Release endpoint', () => {
	it('undoes the containment, answers in the thread and adds a work note', async () => {
		await compromise(engine);
		const id = await releaseByPerson();
		await engine.runWell('rtcReleaseEndpoint', [{ id }]);

		expect(sceneOf(engine)).toMatchObject(free);
		const [card, reply] = messagesOf(engine);
		expect(reply.parentId).toBe(card.id);
		expect(sceneOf(engine).incidents).toEqual([
			{ correlationId: expect.any(String), notes: ['Released by ann: Reimaged'] },
		]);
		expect((await engine.ledger.getEpisodes({ limit: 1 })).items).toMatchObject([
			{ state: 'released', releasedBy: 'ann' },
		]);
		expect(await engine.ledger.verifyAudit()).toMatchObject({ ok: true });
	});

	it('changes nothing when it runs again', async () => {
		await compromise(engine);
		const id = await releaseByPerson();
		await engine.runWell('rtcReleaseEndpoint', [{ id }]);
		const before = { asked: changesAsked(engine), scene: sceneOf(engine) };
		await engine.runWell('rtcReleaseEndpoint', [{ id }]);
		await engine.runWell('rtcSweepIntents');
		expect({ asked: changesAsked(engine), scene: sceneOf(engine) }).toEqual(before);
	});

	it('is repeated as long as ISE refuses, and announced only then', async () => {
		await compromise(engine);
		engine.fault({ vendor: 'ise', kind: 'status', status: 500, path: '/ers/config/ancendpoint/clear' });
		await engine.runWell('rtcReleaseEndpoint', [{ id: await releaseByPerson() }]);
		expect(sceneOf(engine)).toMatchObject({ bound: macsOf(engine), isolation: 'isolated' });
		expect(sceneOf(engine).messages).toHaveLength(1);

		engine.lab.lab.clearFaults();
		engine.time.advance(60_000);
		await engine.runWell('rtcSweepIntents');
		expect(sceneOf(engine)).toMatchObject(free);
	});

	it('is repeated as long as Secure Endpoint refuses, also when ISE has let go already', async () => {
		await compromise(engine);
		engine.fault({ vendor: 'secureEndpoint', kind: 'status', status: 503, method: 'DELETE' });
		await engine.runWell('rtcReleaseEndpoint', [{ id: await releaseByPerson() }]);
		expect(sceneOf(engine)).toMatchObject({ bound: [], isolation: 'isolated' });
		expect(await intentOf(engine, 'release')).toMatchObject({ state: 'pending', attempts: 1 });

		engine.lab.lab.clearFaults();
		engine.time.advance(60_000);
		await engine.runWell('rtcSweepIntents');
		expect(sceneOf(engine)).toMatchObject(free);
	});

	it('lets the host be contained again once the grace period is over', async () => {
		await compromise(engine);
		await engine.runWell('rtcReleaseEndpoint', [{ id: await releaseByPerson() }]);
		await compromise(engine);
		expect(sceneOf(engine)).toMatchObject({ bound: [], isolation: 'not_isolated' });

		engine.time.advance(HOUR_MS);
		await compromise(engine);
		expect(sceneOf(engine)).toMatchObject({ bound: macsOf(engine), isolation: 'isolated' });
		expect(sceneOf(engine).incidents).toHaveLength(2);
	});
});

describe('Auto-release', () => {
	it('releases what is due, and nothing before', async () => {
		await compromise(engine);
		await engine.runWell('rtcAutoRelease');
		expect(sceneOf(engine)).toMatchObject({ bound: macsOf(engine), isolation: 'isolated' });

		engine.time.advance(5 * HOUR_MS);
		await engine.runWell('rtcAutoRelease');
		expect(sceneOf(engine)).toMatchObject(free);
	});
});

describe('Sweep intents', () => {
	it('does nothing when nothing is due', async () => {
		const executions = await engine.runWell('rtcSweepIntents');
		expect(executions).toHaveLength(1);
		expect(engine.journal()).toEqual([]);
	});

	it('takes up containments, releases and notices that were left behind', async () => {
		await engine.ledger.containManually(
			{ hostname: HOST, mac: macsOf(engine)[0] },
			{ actor: PERSON, reason: 'Drill' },
		);
		await engine.runWell('rtcSweepIntents');
		expect(sceneOf(engine)).toMatchObject({ bound: macsOf(engine), messages: [`${HOST} was contained`] });

		await releaseByPerson();
		await engine.runWell('rtcSweepIntents');
		expect(sceneOf(engine)).toMatchObject(free);

		const { id } = await engine.ledger.containManually(
			{ hostname: HOST },
			{ actor: PERSON, reason: 'Drill' },
		);
		await engine.ledger.claimIntents({
			actor: WORKFLOW,
			kinds: ['contain'],
			ids: [id],
			limit: 1,
			leaseSeconds: 60,
		});
		await completeIntent(engine.ledger, id, { actor: WORKFLOW, result: {} });
		await engine.runWell('rtcSweepIntents');
		expect(sceneOf(engine).messages).toHaveLength(3);
		expect(sceneOf(engine).incidents).toHaveLength(2);
	});

	it('leaves alone what another execution is at', async () => {
		const { id } = await engine.ledger.containManually(
			{ hostname: HOST },
			{ actor: PERSON, reason: 'Drill' },
		);
		await engine.ledger.claimIntents({
			actor: WORKFLOW,
			kinds: ['contain'],
			ids: [id],
			limit: 1,
			leaseSeconds: 120,
		});
		engine.time.advance(60_000);
		await engine.runWell('rtcSweepIntents');
		expect(engine.journal()).toEqual([]);
	});

	describe('and a containment that waits for approval', () => {
		beforeEach(async () => {
			reportEvent(engine, EXECUTED_MALWARE);
			reportEvent(engine, QUARANTINE_FAILED);
			await poll(engine);
		});

		it('carries it out once it is approved', async () => {
			const waiting = await intentOf(engine, 'contain');
			await engine.ledger.approve(waiting.id, PERSON, 'Confirmed by phone');
			await engine.runWell('rtcSweepIntents');
			expect(sceneOf(engine)).toMatchObject({
				bound: macsOf(engine),
				isolation: 'isolated',
				messages: [`Approval needed to contain ${HOST}`, `${HOST} was contained`],
			});
		});

		it('closes it when nobody approves in time', async () => {
			engine.time.advance(16 * 60_000);
			await engine.runWell('rtcSweepIntents');
			expect(await intentOf(engine, 'contain')).toMatchObject({ state: 'expired' });
			expect((await engine.ledger.getEpisodes({ limit: 1 })).items).toMatchObject([{ state: 'refused' }]);
			expect(sceneOf(engine)).toMatchObject({ bound: [], isolation: undefined });
		});
	});
});
