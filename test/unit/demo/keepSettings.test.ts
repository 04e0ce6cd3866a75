import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { bundledWorkflows, type BundledWorkflow } from '../../support/bundledWorkflows';

const script = path.join(__dirname, '../../../workflows/keep-settings.mjs');
const [notify, poll] = ['rtcNotify', 'rtcPollUmbrella'].map((id) => bundledWorkflows().find((workflow) => workflow.id === id)!);

let folder: string;
beforeEach(() => (folder = mkdtempSync(path.join(os.tmpdir(), 'keep-'))));
afterEach(() => rmSync(folder, { recursive: true }));

const fileIn = (place: string) => path.join(folder, place);
const nodeOf = ({ nodes }: BundledWorkflow, name: string) => nodes.find((node) => node.name === name)!;
const assignments = (workflow: BundledWorkflow, node: string) => (nodeOf(workflow, node).parameters.assignments as { assignments: { name: string; value: unknown }[] }).assignments;

/** Updates workflows that somebody had exported, whatever their files were called. */
function update(...exported: BundledWorkflow[]): (id: string) => BundledWorkflow {
	for (const { file: _, ...workflow } of exported) writeFileSync(fileIn(`${workflow.id}.json`), JSON.stringify(workflow));
	execFileSync(process.execPath, [script, folder, fileIn('after')]);
	return (id) => {
		const { file } = bundledWorkflows().find((workflow) => workflow.id === id)!;
		return { file, ...(JSON.parse(readFileSync(path.join(fileIn('after'), file), 'utf8')) as Omit<BundledWorkflow, 'file'>) };
	};
}

it('keeps what was entered, and takes the rest from the new version', () => {
	const mine = structuredClone(notify);
	assignments(mine, 'Settings')[0].value = 'a-room';
	nodeOf(mine, 'Create incident').disabled = true;
	nodeOf(mine, 'Post to Webex').credentials = { ciscoRtcWebexBotApi: { id: '7', name: 'Another bot' } };
	nodeOf(mine, 'Webex was told').parameters = { of: 'the old version' };
	const hourly = structuredClone(poll);
	hourly.settings.timezone = 'Europe/Zurich';
	nodeOf(hourly, 'Every minute').parameters.rule = { interval: [{ field: 'hours' }] };

	const updated = update(mine, hourly);
	const wanted = structuredClone(mine);
	nodeOf(wanted, 'Webex was told').parameters = nodeOf(notify, 'Webex was told').parameters;
	expect(withoutFlags(updated('rtcNotify'))).toEqual(withoutFlags(wanted));
	expect(withoutFlags(updated('rtcPollUmbrella'))).toEqual(withoutFlags(hourly));
});

it('takes over new workflows and new nodes as they are', () => {
	const older = { ...structuredClone(notify), nodes: notify.nodes.filter(({ name }) => name !== 'Note Webex error') };
	const updated = update(older);
	expect(withoutFlags(updated('rtcNotify'))).toEqual(withoutFlags(notify));
	expect(updated('rtcConsole')).toEqual(bundledWorkflows().find(({ id }) => id === 'rtcConsole'));
});

it('says what it needs', () => {
	expect(() => execFileSync(process.execPath, [script, folder], { stdio: 'pipe' })).toThrow(/where the new ones go/);
});

/** `disabled: false` means the same as none. */
function withoutFlags(workflow: BundledWorkflow): BundledWorkflow {
	return { ...workflow, nodes: workflow.nodes.map(({ disabled, ...node }) => ({ ...node, ...(disabled && { disabled }) })) };
}
