import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';
import { updateDisplayOptions } from 'n8n-workflow';
import type { Operation, OperationMap } from './execute';

/** One operation, description and behaviour side by side. */
export interface OperationDefinition<Client> {
	/** Entry of the operation list. */
	option: INodePropertyOptions;
	/** Its parameters; they are shown for this operation only. */
	fields: INodeProperties[];
	execute: Operation<Client>;
}

/** One resource: entry of the resource list, and its operations in the order of the list. */
export interface ResourceDefinition<Client> {
	option: INodePropertyOptions;
	operations: OperationDefinition<Client>[];
	defaultOperation: string;
}

/** The properties of a node with these resources. */
export function resourceProperties<Client>(
	resources: ResourceDefinition<Client>[],
	defaultResource: string,
): INodeProperties[] {
	return [
		{
			displayName: 'Resource',
			name: 'resource',
			type: 'options',
			noDataExpression: true,
			options: resources.map(({ option }) => option),
			default: defaultResource,
		},
		...resources.flatMap(operationProperties),
	];
}

function operationProperties<Client>(resource: ResourceDefinition<Client>): INodeProperties[] {
	const { operations, defaultOperation } = resource;
	const show = { resource: [String(resource.option.value)] };
	return [
		{
			displayName: 'Operation',
			name: 'operation',
			type: 'options',
			noDataExpression: true,
			displayOptions: { show },
			options: operations.map(({ option }) => option),
			default: defaultOperation,
		},
		...operations.flatMap(({ option, fields }) =>
			updateDisplayOptions({ show: { ...show, operation: [String(option.value)] } }, fields),
		),
	];
}

/** What `runPerItem` takes. */
export function operationMap<Client>(resources: ResourceDefinition<Client>[]): OperationMap<Client> {
	return Object.fromEntries(
		resources.map(({ option, operations }) => [
			String(option.value),
			Object.fromEntries(operations.map((operation) => [String(operation.option.value), operation.execute])),
		]),
	);
}
