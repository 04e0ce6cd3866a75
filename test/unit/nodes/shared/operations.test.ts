import {
	operationMap,
	resourceProperties,
	type ResourceDefinition,
} from '../../../../nodes/shared/operations';

const resources: ResourceDefinition<string>[] = [
	{
		option: { name: 'Thing', value: 'thing' },
		defaultOperation: 'get',
		operations: [
			{
				option: { name: 'Get', value: 'get', action: 'Get a thing' },
				fields: [
					{
						displayName: 'ID',
						name: 'id',
						type: 'string',
						default: '',
						displayOptions: { show: { mode: ['id'] } },
					},
				],
				execute: async (client) => ({ client }),
			},
		],
	},
];

it('shows fields for their own operation, and keeps their own conditions', () => {
	const [resource, operation, id] = resourceProperties(resources, 'thing');
	expect(resource).toMatchObject({ name: 'resource', default: 'thing', noDataExpression: true });
	expect(operation).toMatchObject({
		name: 'operation',
		default: 'get',
		displayOptions: { show: { resource: ['thing'] } },
	});
	expect(id.displayOptions).toEqual({ show: { mode: ['id'], resource: ['thing'], operation: ['get'] } });
});

it('maps resource and operation to behaviour', async () => {
	const { execute } = resources[0].operations[0];
	expect(operationMap(resources)).toEqual({ thing: { get: execute } });
});
