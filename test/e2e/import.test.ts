import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import type { AxiosError, AxiosInstance } from 'axios';
import type { INode, IWorkflowSettings } from 'n8n-workflow';
import { labCredentials } from '../../demo/bundle';
import { LabProcess } from '../../demo/labProcess';
import { N8nInstance, packTarball } from '../../demo/n8nInstance';
import { bundledWorkflows } from '../support/bundledWorkflows';
import { CHOSEN_BY_HAND, IMPORT_COMMAND, NOT_SAVED, PUBLISHED_FIRST } from '../support/importDoc';

interface Stored {
	id: string;
	name: string;
	active: boolean;
	versionId: string;
	nodes: INode[];
	settings: IWorkflowSettings;
}

const bundled = bundledWorkflows();
const REPORT_ERRORS = 'Report errors';
/** As documented: those that are called first, the rest in any order; what is started by hand can't be published. */
const publishOrder = [...PUBLISHED_FIRST, ...bundled.map(({ name }) => name).filter((name) => !PUBLISHED_FIRST.includes(name) && name !== 'Move ledger')];

/** The packed pack in an n8n of its own, and people who do what workflows/README.md says. */
describe('importing the bundled workflows', () => {
	let folder: string;
	let lab: LabProcess;
	let n8n: N8nInstance;
	let api: AxiosInstance;

	beforeAll(async () => {
		folder = await mkdtemp(path.join(os.tmpdir(), 'cisco-rtc-import-'));
		lab = await LabProcess.start(folder, 1);
		n8n = await N8nInstance.prepare(path.join(folder, 'n8n'), lab.address, await packTarball(folder));
		await n8n.importCredentials(await labCredentials(lab));
		await runImport();
		await n8n.start();
		api = await n8n.api();
	}, 300_000);

	afterAll(async () => {
		await n8n?.stop();
		lab?.stop();
		await rm(folder, { recursive: true, force: true, maxRetries: 3 });
	});

	const runImport = async () => await n8n.command(...IMPORT_COMMAND.map((argument) => argument.replace('$HOME', n8n.folder)));
	const get = async (id: string) => (await api.get<{ data: Stored }>(`/rest/workflows/${id}`)).data.data;
	const all = async () => (await api.get<{ data: Stored[] }>('/rest/workflows')).data.data;
	const activeNames = async () => (await all()).filter(({ active }) => active).map(({ name }) => name).sort();
	const idOf = (name: string) => bundled.find((workflow) => workflow.name === name)!.id;

	const runNode = async (...args: string[]) => await promisify(execFile)(process.execPath, args);

	/** What n8n says about it; nothing when it is published. */
	async function publish(id: string): Promise<string | undefined> {
		const { versionId } = await get(id);
		const refused = ({ response }: AxiosError) => (response?.data as { message: string }).message;
		return await api.post(`/rest/workflows/${id}/activate`, { versionId }).then(() => undefined, refused);
	}

	async function change(id: string, changed: Partial<Stored>): Promise<void> {
		const { versionId } = await get(id);
		await api.patch(`/rest/workflows/${id}`, { ...changed, versionId });
	}

	it('with the documented command keeps their ids, settings and links, and publishes nothing', async () => {
		for (const { id, name, settings, nodes } of bundled) {
			const stored = await get(id);
			expect(stored).toMatchObject({ name, settings, active: false });
			expect(stored.nodes.map(({ parameters }) => parameters.workflowId)).toEqual(nodes.map(({ parameters }) => parameters.workflowId));
		}
		expect(await all()).toHaveLength(bundled.length);
	});

	it('lets them be published in the documented order, and in no other', async () => {
		expect(await publish(idOf('Contain endpoint'))).toContain('which is not published');
		for (const name of publishOrder) expect([name, await publish(idOf(name))]).toEqual([name, undefined]);
		expect(await activeNames()).toEqual([...publishOrder].sort());
	}, 120_000);

	it('again takes back what was entered and unpublishes all, unless the settings are put into the new ones', async () => {
		const notify = idOf('Notify');
		const { nodes, versionId } = await get(notify);
		const roomIn = (some: INode[]) => JSON.stringify(some.find(({ name }) => name === 'Settings')?.parameters).includes('a-room');
		const entered = JSON.parse(JSON.stringify(nodes).replace('"name":"settings.webexRoomId","type":"string","value":""', '"name":"settings.webexRoomId","type":"string","value":"a-room"')) as INode[];
		await change(notify, { nodes: entered });
		const { versionId: mine, nodes: kept } = await get(notify);
		expect([mine === versionId, roomIn(kept)]).toEqual([false, true]);

		const backup = path.join(folder, 'before-the-update');
		await n8n.command('export:workflow', '--backup', `--output=${backup}`);
		const exported = JSON.parse(await readFile(path.join(backup, `${notify}.json`), 'utf8')) as Stored;
		expect(roomIn(exported.nodes)).toBe(true);

		await runImport();
		expect(roomIn((await get(notify)).nodes)).toBe(false);
		expect(await activeNames()).toEqual([]);
		await runNode(path.join(n8n.folder, '.n8n/nodes/node_modules/n8n-nodes-cisco-rtc/dist/workflows/keep-settings.mjs'), backup, path.join(folder, 'after'));
		await n8n.stop();
		await n8n.command('import:workflow', '--separate', `--input=${path.join(folder, 'after')}`);
		await n8n.start();
		expect(roomIn((await get(notify)).nodes)).toBe(true);
		const before = await api.get<{ data: { nodes: INode[] } }>(`/rest/workflow-history/workflow/${notify}/version/${mine}`);
		expect(roomIn(before.data.data.nodes)).toBe(true);
		expect(await activeNames()).toEqual([]);
	}, 240_000);

	/** What the editor makes of a file: a new id, new ids of the nodes, and the settings of a new workflow. */
	async function importWithEditor({ name, nodes, connections }: (typeof bundled)[number]): Promise<Stored> {
		const fresh = nodes.map((node) => ({ ...node, id: randomUUID() }));
		const settings = { executionOrder: 'v1', binaryMode: 'separate' };
		const { data } = await api.post<{ data: Stored }>('/rest/workflows', { name, nodes: fresh, connections, settings, pinData: {}, tags: [], active: false });
		return data.data;
	}

	/** The documented choices, and nothing else. */
	function chosenByHand({ name, nodes, settings }: Stored, ids: Map<string, string>): Partial<Stored> {
		const chosen = CHOSEN_BY_HAND.get(name) ?? [];
		const choose = (node: INode): INode =>
			chosen.includes(node.name) ? { ...node, parameters: { ...node.parameters, workflowId: { __rl: true, mode: 'list', value: ids.get(node.name)! } } } : node;
		return {
			nodes: nodes.map(choose),
			settings: {
				...settings,
				timezone: 'UTC',
				...(name !== REPORT_ERRORS && { errorWorkflow: ids.get(REPORT_ERRORS) }),
				...(NOT_SAVED.includes(name) && { saveDataSuccessExecution: 'none' as const }),
			},
		};
	}

	it('with the editor works after the documented choices, and not before', async () => {
		const workflows = new Map<string, Stored>();
		for (const workflow of bundled) workflows.set(workflow.name, await importWithEditor(workflow));
		const ids = new Map([...workflows].map(([name, { id }]) => [name, id]));
		expect([...ids.values()].filter((id) => bundled.some((workflow) => workflow.id === id))).toEqual([]);
		expect(await publish(ids.get('Incident room')!)).toBeUndefined();
		expect(await publish(ids.get('Notify')!)).toContain('references workflow rtcIncidentRoom ("Incident room") which is not published');

		for (const workflow of workflows.values()) await change(workflow.id, chosenByHand(workflow, ids));
		for (const name of publishOrder) expect([name, await publish(ids.get(name)!)]).toEqual([name, undefined]);
		for (const { name, settings } of bundled) {
			const errorWorkflow = settings.errorWorkflow && ids.get(REPORT_ERRORS);
			const { callerPolicy: _, ...wanted } = { ...settings, ...(errorWorkflow && { errorWorkflow }) };
			expect((await get(ids.get(name)!)).settings).toMatchObject(wanted);
		}
	}, 120_000);
});
