import { Workflow, type IDataObject, type INodeProperties, type INodeTypes } from 'n8n-workflow';
import { NodeHelpers } from 'n8n-workflow';
import { PenaltyLedger } from '../../../../nodes/PenaltyLedger/PenaltyLedger.node';
import { resources } from '../../../../nodes/PenaltyLedger/actions';
import { fakeNode } from '../support/fakeContext';

const nodeType = new PenaltyLedger();

function outputNames(parameters: IDataObject): Array<string | undefined> {
	const node = { ...fakeNode, type: 'test.penaltyLedger', parameters: parameters as never };
	const nodeTypes = {
		getByNameAndVersion: () => nodeType,
		getByName: () => nodeType,
	} as unknown as INodeTypes;
	const workflow = new Workflow({ nodes: [node], connections: {}, active: false, nodeTypes });
	const [used] = Object.values(workflow.nodes);
	return NodeHelpers.getNodeOutputs(workflow, used, nodeType.description).map((output) =>
		typeof output === 'string' ? output : output.displayName,
	);
}

describe('outputs', () => {
	it.each<[string, IDataObject]>([
		['chosen', { resource: 'detection', operation: 'score' }],
		['by default', {}],
	])('are four for Score, %s', (_name, parameters) => {
		expect(outputNames(parameters)).toEqual(['Contain', 'Needs approval', 'Recorded', 'Duplicate']);
	});

	it.each([
		{ resource: 'detection', operation: 'getMany' },
		{ resource: 'intent', operation: 'claim' },
	])('is one for %j', (parameters) => {
		expect(outputNames(parameters)).toHaveLength(1);
	});
});

describe('fields', () => {
	it.each(Object.keys(resources))('of %s offer exactly the operations that exist', (resource) => {
		const { operationField, operations } = resources[resource];
		const offered = (operationField.options as Array<{ value: string }>).map(({ value }) => value);
		expect(offered).toEqual(expect.arrayContaining(Object.keys(operations)));
		expect(offered).toHaveLength(Object.keys(operations).length);
		expect(offered).toContain(operationField.default);
	});

	it('have no name twice for one operation', () => {
		for (const [resource, { operations }] of Object.entries(resources)) {
			for (const [operation, { description }] of Object.entries(operations)) {
				const names = description.map(({ name }: INodeProperties) => name);
				expect({ resource, operation, names: [...new Set(names)] }).toEqual({ resource, operation, names });
			}
		}
	});
});
