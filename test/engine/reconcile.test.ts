import type { Intent } from '../../ledger';
import { Engine } from '../support/engine';
import { compromise, HOST, laptops, macsOf, misdeedsOf, PERSON, sceneOf } from '../support/engineScenes';
import { completeIntent } from '../support/settle';

let engine: Engine;
beforeAll(async () => (engine = await Engine.start()));
beforeEach(async () => {
	await engine.reset();
	await compromise(engine);
	engine.time.advance(60_000);
});
afterEach(() => expect(misdeedsOf(engine)).toEqual([]));
afterAll(async () => await engine.close());

/** Title of every message about ISE and the ledger. */
const told = () => sceneOf(engine).messages.filter((text) => text.includes('ISE h'));

async function reconcile(): Promise<void> {
	engine.time.advance(15 * 60_000);
	await engine.runWell('rtcReconcileIse');
}

/** The ledger holds another laptop contained, of which ISE knows nothing: as after a restored backup. */
async function containUnknownToIse(): Promise<string> {
	const [hostname] = laptops(engine, 1, 'Windows11-Workstation');
	const macs = macsOf(engine, hostname);
	const { id } = await engine.ledger.containManually({ mac: macs[0], hostname }, { actor: PERSON, reason: 'test' });
	const endpoints = macs.map((macAddress) => ({ macAddress, status: 'applied' }));
	const { notice } = await completeIntent(engine.ledger, id, { actor: PERSON, result: { endpoints }, identity: { macs } });
	await completeIntent(engine.ledger, (notice as Intent).id, { actor: PERSON, result: {} });
	return hostname;
}

/** With choices that people make in the node "Settings". */
async function reconcileWith(choices: object): Promise<void> {
	engine.time.advance(15 * 60_000);
	const settings = { webexRoomId: 'unused', onLost: 'report', onOurs: 'report', ignorePolicies: '', ...choices };
	const readAt = new Date(Date.now()).toISOString();
	const executions = await engine.run('rtcReconcileIse', [{}], { Settings: [{ settings, readAt }] });
	expect(executions.map(({ error }) => error?.message).filter(Boolean)).toEqual([]);
}

describe('Reconcile with ISE', () => {
	it('says nothing while ISE and the ledger agree', async () => {
		await reconcile();
		expect(sceneOf(engine).bound).toEqual(macsOf(engine));
		expect(told()).toEqual([]);
	});

	it('says nothing when ISE has no binding and the ledger no episode', async () => {
		await engine.reset();
		await reconcile();
		expect(sceneOf(engine).messages).toEqual([]);
	});

	it('tells once of bindings that ISE holds without an episode, and clears none', async () => {
		const release = await engine.ledger.release({ kind: 'hostname', key: HOST }, PERSON, 'test');
		await completeIntent(engine.ledger, release.id, { actor: PERSON, result: {} });
		await reconcile();
		await reconcile();
		expect(told()).toEqual(macsOf(engine).map((mac) => `ISE holds ${mac} (${HOST}) without an episode`));
		expect(sceneOf(engine).bound).toEqual(macsOf(engine));
	});

	it('tells once of bindings that ISE has lost, applies none by itself, and tells when it is over', async () => {
		const hostname = await containUnknownToIse();
		await reconcile();
		await reconcile();
		const lost = macsOf(engine, hostname).map((mac) => `ISE has lost the containment of ${mac} (${hostname})`);
		expect(told()).toEqual(lost);
		expect(sceneOf(engine, hostname).bound).toEqual([]);

		await engine.ledger.release({ kind: 'hostname', key: hostname }, PERSON, 'Cleared on purpose');
		await reconcile();
		expect(told()).toEqual([...lost, ...lost.map((title) => `Over: ${title}`)]);
	});

	it('applies lost bindings again when it may', async () => {
		const hostname = await containUnknownToIse();
		await reconcileWith({ onLost: 'reapply' });
		expect(sceneOf(engine, hostname).bound).toEqual(macsOf(engine, hostname));
		await reconcile();
		expect(told()).toEqual([]);
	});

	it('adopts bindings with our policy when it may, and tells like of any containment', async () => {
		const release = await engine.ledger.release({ kind: 'hostname', key: HOST }, PERSON, 'test');
		await completeIntent(engine.ledger, release.id, { actor: PERSON, result: {} });
		const before = sceneOf(engine).messages.length;
		await reconcileWith({ onOurs: 'adopt' });
		expect((await engine.ledger.getEpisodes({ state: 'contained', limit: 5 })).items).toHaveLength(1);
		expect(sceneOf(engine).messages.slice(before)).toEqual([`${HOST} was contained`]);
		expect(sceneOf(engine).bound).toEqual(macsOf(engine));
	});

	it('does not compare what it could not read', async () => {
		engine.fault({ vendor: 'ise', kind: 'status', status: 503 });
		engine.time.advance(60_000);
		const [failed] = await engine.run('rtcReconcileIse');
		expect(failed.error).toBeDefined();
		expect(await engine.ledger.getAlarms()).toEqual([]);
	});
});
