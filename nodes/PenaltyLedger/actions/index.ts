import type { INodeProperties } from 'n8n-workflow';
import * as alarm from './alarm';
import * as audit from './audit';
import * as cursor from './cursor';
import * as detection from './detection';
import * as entity from './entity';
import * as episode from './episode';
import * as intent from './intent';
import * as ledger from './ledger';
import * as policy from './policy';
import * as source from './source';
import type { Resource } from './types';

/** Resources by the value of the "Resource" field. */
export const resources: Record<string, Resource> = {
	alarm,
	audit,
	cursor,
	detection,
	entity,
	episode,
	intent,
	ledger,
	policy,
	source,
};

const resourceField: INodeProperties = {
	displayName: 'Resource',
	name: 'resource',
	type: 'options',
	noDataExpression: true,
	options: [
		{ name: 'Alarm', value: 'alarm', description: 'Something wrong that people are told of once' },
		{ name: 'Audit', value: 'audit', description: 'The chained record of every change' },
		{ name: 'Cursor', value: 'cursor', description: 'How far a source has been read' },
		{ name: 'Detection', value: 'detection', description: 'A security event from one source' },
		{
			name: 'Entity',
			value: 'entity',
			description: 'A MAC address, user, IP address or hostname with a score',
		},
		{ name: 'Episode', value: 'episode', description: "A host's containment, from crossing to release" },
		{ name: 'Intent', value: 'intent', description: 'A decided containment, release or message' },
		{ name: 'Ledger', value: 'ledger', description: 'The ledger as a whole' },
		{ name: 'Policy', value: 'policy', description: 'The rules, thresholds and guards' },
		{ name: 'Source', value: 'source', description: 'A product that reports detections, and how it is doing' },
	],
	default: 'detection',
};

/** Every field of the node, in the order in which it is shown. */
export const properties: INodeProperties[] = [
	resourceField,
	...Object.values(resources).map(({ operationField }) => operationField),
	...Object.entries(resources).flatMap(([resource, { operations }]) =>
		Object.entries(operations).flatMap(([operation, { description }]) =>
			description.map((property) => shownFor(resource, operation, property)),
		),
	),
];

/** Limits a field to one operation, on top of the conditions it has itself. */
function shownFor(resource: string, operation: string, property: INodeProperties): INodeProperties {
	const { show, ...others } = property.displayOptions ?? {};
	return {
		...property,
		displayOptions: { ...others, show: { ...show, resource: [resource], operation: [operation] } },
	};
}
