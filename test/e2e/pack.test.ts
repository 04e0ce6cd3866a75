import { readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { INodeTypeDescription } from 'n8n-workflow';
import { N8nInstance, packTarball } from '../../demo/n8nInstance';
import { bundledWorkflows } from '../support/bundledWorkflows';
import { problemsOf } from '../support/workflowProblems';

const manifest = JSON.parse(readFileSync(path.join(__dirname, '../../package.json'), 'utf8')) as {
	name: string;
	n8n: { nodes: string[]; credentials: string[] };
};
const nameOf = (file: string) => path.basename(file).split('.')[0];
const nowhere = { proxyUrl: 'http://127.0.0.1:9', controlUrl: '', caFile: '' };

/** The tarball in an empty n8n user folder, as a user installs it; no lab, no running server. */
describe('the packed pack in an empty n8n', () => {
	let folder: string;
	let nodeTypes: INodeTypeDescription[];

	beforeAll(async () => {
		folder = await mkdtemp(path.join(os.tmpdir(), 'cisco-rtc-pack-'));
		const tarball = await packTarball(folder);
		const n8n = await N8nInstance.prepare(path.join(folder, 'n8n'), nowhere, tarball);
		await n8n.command('export:nodes', `--output=${path.join(folder, 'nodes.json')}`);
		nodeTypes = JSON.parse(await readFile(path.join(folder, 'nodes.json'), 'utf8')) as INodeTypeDescription[];
	}, 300_000);

	afterAll(async () => await rm(folder, { recursive: true, force: true }));

	it.each(manifest.n8n.nodes.map(nameOf))('loads %s', (className) => {
		const wanted = `${manifest.name}.${className[0].toLowerCase()}${className.slice(1)}`;
		expect(nodeTypes.map(({ name }) => name)).toContain(wanted);
	});

	it('needs nothing that is not inside', () => {
		expect(manifest).not.toHaveProperty('dependencies');
	});

	it.each(bundledWorkflows().map((workflow) => [workflow.name, workflow] as const))(
		'the workflow "%s" fits the node descriptions of this n8n and of the pack',
		(_name, workflow) => {
			expect(problemsOf(workflow, nodeTypes, bundledWorkflows().map(({ id }) => id))).toEqual([]);
		},
	);
});
