import { isNodeConnected, mapConnectionsByDestination, validateNodeCredentials, type INode } from 'n8n-workflow';
import { bundledWorkflows, type BundledWorkflow } from '../support/bundledWorkflows';
import { Engine } from '../support/engine';
import { EngineNodeTypes } from '../support/engineNodeTypes';
import { compromise, HOST, intentOf, macsOf, misdeedsOf, PERSON, sceneOf } from '../support/engineScenes';
import { WITHOUT_PRODUCT, type WithoutProduct } from '../support/importDoc';

/** Credential types of the products in the table of workflows/README.md. */
const CREDENTIAL: Record<string, string> = {
	'Secure Endpoint': 'ciscoRtcSecureEndpointApi',
	Umbrella: 'ciscoRtcUmbrellaApi',
	'Secure Network Analytics': 'ciscoRtcSecureNetworkAnalyticsApi',
	Webex: 'ciscoRtcWebexBotApi',
	ServiceNow: 'serviceNowBasicApi',
};
const workflows = bundledWorkflows();
const nodeTypes = new EngineNodeTypes();

/** Nodes for which n8n would not publish a workflow, when every credential but this one is chosen. */
function refused({ nodes, connections }: BundledWorkflow, missing: string): string[] {
	const incoming = mapConnectionsByDestination(connections);
	return nodes
		.filter(({ name, disabled }) => !disabled && isNodeConnected(name, connections, incoming))
		.filter((node) => validateNodeCredentials(withCredentials(node, missing), nodeTypes.getByNameAndVersion(node.type, node.typeVersion)).length > 0)
		.map(({ name }) => name);
}

function withCredentials(node: INode, missing: string): INode {
	const chosen = Object.entries(node.credentials ?? {}).map(([type, { name }]) => [type, { id: type === missing ? null : type, name }]);
	return { ...node, credentials: Object.fromEntries(chosen) as INode['credentials'] };
}

const remaining = ({ leaveOut }: WithoutProduct) => workflows.filter(({ name }) => !leaveOut.includes(name));
const callsTo = ({ nodes }: BundledWorkflow, names: string[]) =>
	nodes.filter(({ name, type, disabled }) => type === 'n8n-nodes-base.executeWorkflow' && !disabled && names.includes(name)).map(({ name }) => name);

describe('the table of what to do without a product', () => {
	it('has a row for each', () => expect(WITHOUT_PRODUCT.map(({ product }) => product)).toEqual(Object.keys(CREDENTIAL)));

	it.each(WITHOUT_PRODUCT.map((row) => [row.product, row] as const))('names what n8n refuses without %s, and nothing else', (product, row) => {
		const named = Object.fromEntries([...row.deactivate].map(([name, nodes]) => [name, [...nodes].sort()]));
		const found = remaining(row)
			.map((workflow) => [workflow.name, [...refused(workflow, CREDENTIAL[product]), ...callsTo(workflow, row.leaveOut)].sort()] as const)
			.filter(([, nodes]) => nodes.length > 0);
		expect(named).toEqual(Object.fromEntries(found));
		const asks = ({ nodes }: BundledWorkflow) => nodes.some(({ credentials }) => CREDENTIAL[product] in (credentials ?? {}));
		expect(workflows.filter(asks).map(({ name }) => name)).toEqual(expect.arrayContaining(row.leaveOut));
	});
});

describe('a host is contained and released', () => {
	let engine: Engine;
	beforeAll(async () => (engine = await Engine.start()));
	beforeEach(async () => await engine.reset());
	afterEach(() => expect(misdeedsOf(engine)).toEqual([]));
	afterAll(async () => await engine.close());

	function takeAway(product: string): void {
		const { deactivate } = WITHOUT_PRODUCT.find((row) => row.product === product)!;
		for (const [name, nodes] of deactivate) engine.turnOff(workflows.find((workflow) => workflow.name === name)!.id, nodes);
	}

	async function release(): Promise<void> {
		const { id } = await engine.ledger.release({ kind: 'hostname', key: HOST }, PERSON, 'Clean');
		await engine.runWell('rtcReleaseEndpoint', [{ id }]);
	}

	const asked = (vendor: string) => engine.journal({ vendor }).length;
	const unsettled = async () => (await engine.ledger.getIntents({ limit: 50 })).items.filter(({ state }) => state !== 'done');

	it('without Secure Endpoint', async () => {
		takeAway('Secure Endpoint');
		const { id } = await engine.ledger.containManually({ hostname: HOST, mac: macsOf(engine)[0] }, { actor: PERSON, reason: 'x' });
		await engine.runWell('rtcContainEndpoint', [{ id }]);
		expect(sceneOf(engine).bound).toEqual([macsOf(engine)[0]]);
		expect((await intentOf(engine, 'contain')).lastError).toBeUndefined();
		await release();
		expect(sceneOf(engine)).toMatchObject({ bound: [], messages: [`${HOST} was contained`, `${HOST} was released`], incidents: [{ notes: [expect.stringContaining('Clean')] }] });
		expect(await unsettled()).toEqual([]);
		expect(asked('secureEndpoint')).toBe(0);
	});

	it('without Webex', async () => {
		takeAway('Webex');
		engine.setting('rtcNotify', 'settings.webexEnabled', false);
		await compromise(engine);
		expect(sceneOf(engine)).toMatchObject({ bound: macsOf(engine), isolation: 'isolated' });
		await release();
		expect(sceneOf(engine)).toMatchObject({ bound: [], incidents: [{ notes: [expect.stringContaining('Clean')] }] });
		expect(await unsettled()).toEqual([]);
		for (const id of ['rtcCheckSources', 'rtcReconcileIse']) await engine.runWell(id);
		expect(asked('webex')).toBe(0);
	});

	it('without ServiceNow', async () => {
		takeAway('ServiceNow');
		engine.setting('rtcNotify', 'settings.serviceNowEnabled', false);
		await compromise(engine);
		await release();
		expect(sceneOf(engine)).toMatchObject({ bound: [], messages: [`${HOST} was contained`, `${HOST} was released`] });
		expect(await unsettled()).toEqual([]);
		expect(asked('serviceNow')).toBe(0);
	});
});
