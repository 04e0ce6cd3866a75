import '../support/engine';
import type { INodeTypeDescription } from 'n8n-workflow';
import { bundledWorkflows } from '../support/bundledWorkflows';
import { EngineNodeTypes } from '../support/engineNodeTypes';
import { problemsOf } from '../support/workflowProblems';

const workflows = bundledWorkflows();
const nodeTypes = new EngineNodeTypes();

/** As n8n lists them, but only those that the workflows use. */
const types: INodeTypeDescription[] = workflows
	.flatMap(({ nodes }) => nodes)
	.map(({ type, typeVersion }) => ({
		...nodeTypes.getByNameAndVersion(type, typeVersion).description,
		name: type,
	}));

it.each(workflows.map((workflow) => [workflow.name, workflow] as const))(
	'%s fits the nodes that it uses',
	(_name, workflow) => {
		const ids = workflows.map(({ id }) => id);
		expect(problemsOf(workflow, types, ids)).toEqual([]);
	},
);
