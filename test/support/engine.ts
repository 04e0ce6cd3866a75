jest.mock('n8n-workflow', () => ({
	...jest.requireActual<object>('n8n-workflow'),
	sleep: jest.requireActual<typeof import('./virtualTime')>('./virtualTime').virtualTime.sleep,
}));
/** n8n's own nodes and the engine must agree on what, say, a NodeApiError is. */
jest.mock('../../lab/app/node_modules/n8n-workflow', () => jest.requireMock<object>('n8n-workflow'));

import { userFolder } from './engineEnvironment';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import tls from 'node:tls';
import { DataDeduplicationService, ExecutionLifecycleHooks, WorkflowExecute } from 'n8n-core';
import {
	createRunExecutionData,
	Workflow,
	type ExecuteWorkflowData,
	type ExecuteWorkflowOptions,
	type IDataObject,
	type IExecuteWorkflowInfo,
	type INode,
	type INodeExecutionData,
	type IRun,
	type IWorkflowExecuteAdditionalData,
	type IWorkflowSettings,
	type WorkflowExecuteMode,
} from 'n8n-workflow';
import { labCredentials, loadWorkflows, type LabAccounts } from '../../demo/bundle';
import type { LabState } from '../../demo/judge';
import type { CredentialFile, WorkflowFile } from '../../demo/n8nInstance';
import type { LabProcess } from '../../demo/labProcess';
import { startLab, type RunningLab } from '../../lab';
import type { JournalEntry, JournalFilter } from '../../lab/machine/journal';
import type { WorldHost } from '../../lab/world/world';
import { openLedger, type LedgerService } from '../../ledger';
import { EngineCredentials } from './engineCredentials';
import { EngineDeduplicator } from './engineDeduplicator';
import { EngineNodeTypes } from './engineNodeTypes';
import { virtualTime } from './virtualTime';

/** The nodes remember their tokens, the lab after a reset does not: they have to expire in between. */
const TOKEN_LIFE_MS = 61 * 60_000;

/** One execution of a workflow, as n8n would list it. */
export class Execution {
	constructor(
		readonly id: string,
		readonly workflowId: string,
		readonly mode: WorkflowExecuteMode,
		private readonly run: IRun,
	) {}

	get error() {
		return this.run.data.resultData.error;
	}

	get lastNode(): string | undefined {
		return this.run.data.resultData.lastNodeExecuted;
	}

	/** How often a node ran. */
	runsOf(node: string): number {
		return this.run.data.resultData.runData[node]?.length ?? 0;
	}

	/** The `json` of all items that a node gave to an output, over all of its runs. */
	output(node: string, index = 0): IDataObject[] {
		const runs = this.run.data.resultData.runData[node] ?? [];
		return runs.flatMap(({ data }) => data?.main[index] ?? []).map(({ json }) => json);
	}
}

/**
 * The bundled workflows in n8n's own execution engine, against a lab in this process. Time is virtual: waits of the
 * nodes cost nothing and move the clock of nodes, ledger and lab.
 */
export class Engine {
	readonly time = virtualTime;

	/** Everything that ran since the engine was started or reset, in the order in which it began. */
	private executions: Promise<Execution>[] = [];

	private readonly nodeTypes = new EngineNodeTypes();

	private constructor(
		readonly lab: RunningLab,
		private readonly folder: string,
		private readonly deduplicator: EngineDeduplicator,
		private readonly trusted: string[],
	) {}

	ledger!: LedgerService;

	/** Of `ledger`. */
	ledgerFile!: string;

	private workflows: WorkflowFile[] = [];

	private credentials!: EngineCredentials;

	private ledgers = 0;

	private filled?: { key: string; files: CredentialFile[] };

	/** One per test file; `reset` before each test. */
	static async start(): Promise<Engine> {
		virtualTime.start();
		const folder = await mkdtemp(path.join(tmpdir(), 'engine-'));
		const lab = await startLab({ caFile: path.join(folder, 'lab-ca.pem') });
		process.env.HTTPS_PROXY = lab.proxyUrl;
		const trusted = tls.getCACertificates('default');
		tls.setDefaultCACertificates([...trusted, lab.caPem]);
		const deduplicator = new EngineDeduplicator();
		await DataDeduplicationService.init(deduplicator);
		return new Engine(lab, folder, deduplicator, trusted);
	}

	/**
	 * A new lab and an empty ledger, later on the same day.
	 *
	 * @param withPxGrid gives every node of ISE a pxGrid credential, as a user may
	 * @param onlyPxGrid and takes away the one of ISE, which nobody has then
	 */
	async reset({ withPxGrid = false, onlyPxGrid = false } = {}): Promise<void> {
		await this.ledger?.close();
		virtualTime.advance(TOKEN_LIFE_MS);
		this.lab.lab.reset({});
		this.deduplicator.reset();
		this.executions = [];
		this.ledgers++;
		this.ledgerFile = path.join(this.folder, `ledger-${this.ledgers}.db`);
		this.ledger = await openLedger({ file: this.ledgerFile });
		const accounts = this.lab.lab.credentials() as unknown as LabAccounts;
		const filled = await this.filledFor(accounts);
		const data = Object.fromEntries(filled.map((credential) => [credential.type, credential.data]));
		const ciscoRtcPxGridApi = pxGridCredential(accounts.ise as unknown as PxGridAccess, this.ledgers);
		if (onlyPxGrid) delete data.ciscoRtcIseApi;
		this.credentials = new EngineCredentials({ ...data, ciscoRtcPxGridApi, ciscoRtcLedgerApi: { file: this.ledgerFile } });
		this.workflows = await loadWorkflows({ pollSeconds: 60, webexRoomId: accounts.webex.room.id });
		if (withPxGrid || onlyPxGrid) addPxGrid(this.workflows, onlyPxGrid);
	}

	/** Passwords are hashed slowly, as they should be: once is enough. */
	private async filledFor(accounts: LabAccounts): Promise<CredentialFile[]> {
		const key = JSON.stringify(accounts);
		const known = this.filled?.key === key ? this.filled.files : undefined;
		const files = known ?? (await labCredentials({ get: async () => accounts } as unknown as LabProcess));
		this.filled = { key, files };
		return structuredClone(files);
	}

	async close(): Promise<void> {
		await this.ledger?.close();
		virtualTime.stop();
		tls.setDefaultCACertificates(this.trusted);
		await this.lab.close();
		for (const folder of [this.folder, userFolder]) await rm(folder, { recursive: true, force: true });
	}

	/**
	 * Runs a bundled workflow from its trigger, and waits for it and for everything that it started: sub-workflows
	 * that it doesn't wait for itself, and the error workflow of those that fail.
	 *
	 * @param items what the trigger gives
	 * @param pinned output of nodes that are not to run, by name
	 */
	async run(
		workflowId: string,
		items: IDataObject[] = [{}],
		pinned: Record<string, IDataObject[]> = {},
	): Promise<Execution[]> {
		const before = this.executions.length;
		void this.begin(workflowId, 'trigger', asItems(items), pinned);
		const ended: Execution[] = [];
		for (let index = before; index < this.executions.length; index++)
			ended.push(await this.executions[index]);
		return ended;
	}

	/** {@link run}, for workflows that must not fail. */
	async runWell(workflowId: string, items?: IDataObject[]): Promise<Execution[]> {
		const executions = await this.run(workflowId, items);
		const failed = executions.find(({ error }) => error);
		if (failed)
			throw new Error(`${failed.workflowId} failed at "${failed.lastNode}": ${failed.error?.message}`);
		return executions;
	}

	/** The vendors' side of the story. */
	state(): LabState {
		return structuredClone(this.lab.lab.state()) as unknown as LabState;
	}

	journal(filter: JournalFilter = {}): JournalEntry[] {
		return this.lab.lab.journal.query(filter).entries;
	}

	/** Sets a field of a bundled workflow's settings, until the next reset. */
	setting(workflowId: string, name: string, value: unknown): void {
		const nodes = this.workflowFile(workflowId).nodes as { parameters: { assignments?: { assignments: { name: string; value: unknown }[] } } }[];
		const field = nodes.flatMap(({ parameters }) => parameters.assignments?.assignments ?? []).find((one) => one.name === name);
		if (!field) throw new Error(`${workflowId} has no setting ${name}`);
		field.value = value;
	}

	/** Deactivates nodes of a bundled workflow, until the next reset. */
	turnOff(workflowId: string, names: string[]): void {
		const nodes = this.workflowFile(workflowId).nodes as { name: string; disabled?: boolean }[];
		for (const node of nodes) if (names.includes(node.name)) node.disabled = true;
	}

	fault(fault: Record<string, unknown>): void {
		this.lab.lab.addFault(fault);
	}

	host(hostname: string): WorldHost {
		const host = this.lab.lab.world.findByHostname(hostname);
		if (!host) throw new Error(`The lab has no host ${hostname}`);
		return host;
	}

	private begin(
		workflowId: string,
		mode: WorkflowExecuteMode,
		items: INodeExecutionData[],
		pinned: Record<string, IDataObject[]> = {},
	): Promise<Execution> {
		const id = String(this.executions.length + 1);
		const execution = this.execute(id, workflowId, mode, items, pinned);
		this.executions.push(execution);
		return execution;
	}

	private async execute(
		id: string,
		workflowId: string,
		mode: WorkflowExecuteMode,
		items: INodeExecutionData[],
		pinned: Record<string, IDataObject[]>,
	): Promise<Execution> {
		const file = structuredClone(this.workflowFile(workflowId));
		const { nodes, connections, settings, name } = file as unknown as ConstructorParameters<
			typeof Workflow
		>[0];
		const workflow = new Workflow({
			id: workflowId,
			name,
			nodes,
			connections,
			settings,
			active: true,
			nodeTypes: this.nodeTypes,
		});
		const stack = [{ node: startNode(workflow), data: { main: [items] }, source: null }];
		const pinData = Object.fromEntries(
			Object.entries(pinned).map(([node, output]) => [node, asItems(output)]),
		);
		const runData = createRunExecutionData({
			executionData: { nodeExecutionStack: stack },
			resultData: { pinData },
		});
		const run = await new WorkflowExecute(
			this.additionalData(id, workflow, mode),
			mode,
			runData,
		).processRunExecutionData(workflow);
		const execution = new Execution(id, workflowId, mode, run);
		if (execution.error && mode !== 'error') this.beginErrorWorkflow(execution, workflow);
		return execution;
	}

	/** What n8n tells the error workflow. */
	private beginErrorWorkflow(
		{ id, error, lastNode, mode }: Execution,
		{ id: workflowId, name, settings }: Workflow,
	): void {
		const { errorWorkflow } = settings as IWorkflowSettings;
		if (!errorWorkflow) return;
		const told = {
			execution: { id, error, lastNodeExecuted: lastNode, mode },
			workflow: { id: workflowId, name },
		};
		void this.begin(errorWorkflow, 'error', [{ json: told as unknown as IDataObject }]);
	}

	private additionalData(
		id: string,
		{ id: workflowId, name }: Workflow,
		mode: WorkflowExecuteMode,
	): IWorkflowExecuteAdditionalData {
		const workflowData = { ...this.workflowFile(workflowId), name };
		return {
			credentialsHelper: this.credentials,
			hooks: new ExecutionLifecycleHooks(mode, id, workflowData as never),
			executeWorkflow: async (info: IExecuteWorkflowInfo, _data: unknown, options: ExecuteWorkflowOptions) =>
				await this.executeSubWorkflow(info, options),
			executionId: id,
			currentNodeExecutionIndex: 0,
			variables: {},
			instanceBaseUrl: 'http://localhost:5678/',
			webhookWaitingBaseUrl: 'http://localhost:5678/webhook-waiting',
			formWaitingBaseUrl: 'http://localhost:5678/form-waiting',
			logAiEvent: () => undefined,
			getRunExecutionData: async () => undefined,
		} as unknown as IWorkflowExecuteAdditionalData;
	}

	private async executeSubWorkflow(
		{ id = '' }: IExecuteWorkflowInfo,
		options: ExecuteWorkflowOptions,
	): Promise<ExecuteWorkflowData> {
		const executionId = String(this.executions.length + 1);
		const execution = this.begin(id, 'integrated', options.inputData ?? [{ json: {} }]);
		if (options.doNotWaitToFinish) return { executionId, data: [null] };
		const ended = await execution;
		if (ended.error) throw ended.error;
		return { executionId, data: [asItems(ended.output(ended.lastNode ?? ''))] };
	}

	private workflowFile(id: string): WorkflowFile {
		const file = this.workflows.find((workflow) => workflow.id === id);
		if (!file) throw new Error(`There is no workflow ${id}`);
		return file;
	}
}

function asItems(items: IDataObject[]): INodeExecutionData[] {
	return items.map((json) => ({ json }));
}

/** The part of the lab's ISE credentials that is about pxGrid. */
interface PxGridAccess {
	pxgrid: { controlUrls: string[]; readyAccount: { nodeName: string; password: string } };
}

/**
 * Nodes remember their secrets for hours, by what the credential says, and the lab after a reset does not.
 *
 * @param round makes a spelling that was not used before
 */
function pxGridCredential({ pxgrid }: PxGridAccess, round: number): Record<string, unknown> {
	const { controlUrls, readyAccount } = pxgrid;
	const nodeUrls = controlUrls.map((url) => new URL(url).origin).join(',') + ','.repeat(round);
	return { nodeUrls, authentication: 'password', ...readyAccount };
}

function addPxGrid(workflows: WorkflowFile[], only: boolean): void {
	const ciscoRtcPxGridApi = { id: null, name: 'Cisco pxGrid' };
	const nodes = workflows.flatMap((workflow) => workflow.nodes as unknown as INode[]);
	for (const node of nodes.filter(({ type }) => type === 'n8n-nodes-cisco-rtc.ciscoIse')) {
		node.credentials = { ...(!only && node.credentials), ciscoRtcPxGridApi };
		if (only) node.parameters.connectThrough = 'pxGrid';
	}
}

/** Where n8n begins: at the trigger. */
function startNode(workflow: Workflow): INode {
	const trigger = Object.values(workflow.nodes).find(({ type }) => /trigger$|\.rtcConsole$|\.webhook$/i.test(type));
	if (!trigger) throw new Error(`${workflow.name} has no trigger`);
	return trigger;
}
