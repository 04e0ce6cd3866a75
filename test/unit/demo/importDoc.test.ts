import { readFileSync } from 'node:fs';
import path from 'node:path';
import { bundledWorkflows } from '../../support/bundledWorkflows';
import { CHOSEN_BY_HAND, codes, IMPORT_COMMAND, importCommand, NOT_SAVED, PUBLISHED_FIRST } from '../../support/importDoc';

const workflows = bundledWorkflows();
const readme = readFileSync(path.join(__dirname, '../../../README.md'), 'utf8');
const callsOf = ({ nodes }: (typeof workflows)[number]) =>
	nodes.filter(({ type }) => type === 'n8n-nodes-base.executeWorkflow').map(({ name }) => name).sort();

describe('what workflows/README.md says about importing', () => {
	it('publishes every workflow after those that it calls', () => {
		for (const [index, name] of PUBLISHED_FIRST.entries()) {
			const workflow = workflows.find((one) => one.name === name)!;
			expect(PUBLISHED_FIRST.slice(0, index)).toEqual(expect.arrayContaining(callsOf(workflow)));
		}
		expect(PUBLISHED_FIRST).toEqual(expect.arrayContaining(workflows.flatMap(callsOf)));
	});

	it('names every node in which the editor loses a workflow, and the node is named like it', () => {
		const calling = workflows.filter((workflow) => callsOf(workflow).length > 0);
		expect(Object.fromEntries([...CHOSEN_BY_HAND].map(([name, nodes]) => [name, [...nodes].sort()]))).toEqual(
			Object.fromEntries(calling.map((workflow) => [workflow.name, callsOf(workflow)])),
		);
		const called = workflows.flatMap(({ nodes }) => nodes.filter(({ type }) => type === 'n8n-nodes-base.executeWorkflow'));
		for (const { name, parameters } of called) {
			const { value } = parameters.workflowId as { value: string };
			expect(workflows.find(({ id }) => id === value)?.name).toBe(name);
		}
	});

	it('names every workflow whose successful executions are not saved', () => {
		const unsaved = workflows.filter(({ settings }) => settings.saveDataSuccessExecution === 'none').map(({ name }) => name);
		expect([...NOT_SAVED].sort()).toEqual(unsaved.sort());
	});

	it('knows every setting that the editor loses', () => {
		for (const { name, settings } of workflows) {
			const { executionOrder, timezone, callerPolicy, errorWorkflow, saveDataSuccessExecution, ...others } = settings;
			expect(others).toEqual({});
			expect({ executionOrder, timezone, callerPolicy }).toEqual({ executionOrder: 'v1', timezone: 'UTC', callerPolicy: 'workflowsFromSameOwner' });
			expect(errorWorkflow).toBe(name === 'Report errors' ? undefined : 'rtcReportErrors');
			expect([undefined, 'none']).toContain(saveDataSuccessExecution);
		}
	});

	it('is what README.md says, too', () => {
		expect(importCommand(readme)).toEqual(IMPORT_COMMAND);
		const [, order] = /Then publish ([^]*?), in this order/.exec(readme)!;
		expect(codes(order)).toEqual(PUBLISHED_FIRST);
	});
});
