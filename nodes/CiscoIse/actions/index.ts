import type { INodeProperties } from 'n8n-workflow';
import type { OperationMap } from '../../shared/execute';
import { operationMap, resourceProperties } from '../../shared/operations';
import type { PxGrid } from '../pxgrid/client';
import type { ContainmentClient, IseClient } from '../transport/client';
import * as ancEndpoint from './ancEndpoint';
import * as ancPolicy from './ancPolicy';
import * as coa from './coa';
import * as endpoint from './endpoint';
import * as endpointGroup from './endpointGroup';
import { pxGridAccount } from './pxGridAccount';
import { connectThroughField } from './connectThrough';
import * as session from './session';
import * as version from './version';

export { batchOperations } from './ancEndpoint';

/** Operations for which an account of pxGrid is enough. */
export const containmentOperations: OperationMap<ContainmentClient> = {
	ancEndpoint: ancEndpoint.operations,
	session: session.operations,
};

export const operations: OperationMap<IseClient> = {
	...containmentOperations,
	ancPolicy: ancPolicy.operations,
	coa: coa.operations,
	endpoint: endpoint.operations,
	endpointGroup: endpointGroup.operations,
	version: version.operations,
};

/** Operations on the account of this client, which need no other credential than the one of pxGrid. */
export const accountOperations: OperationMap<PxGrid> = operationMap([pxGridAccount]);

const [, ...pxGridAccountFields] = resourceProperties([pxGridAccount], 'pxGridAccount');

export const resourceFields: INodeProperties[] = [
	{
		displayName: 'Resource',
		name: 'resource',
		type: 'options',
		noDataExpression: true,
		options: [
			{ name: 'ANC Endpoint', value: 'ancEndpoint', description: 'Endpoint under Adaptive Network Control' },
			{ name: 'ANC Policy', value: 'ancPolicy', description: 'Policy of Adaptive Network Control' },
			{
				name: 'Change of Authorization',
				value: 'coa',
				description: 'Request to the network device of a session',
			},
			{ name: 'Endpoint', value: 'endpoint' },
			{ name: 'Endpoint Group', value: 'endpointGroup' },
			{
				name: 'pxGrid Account',
				value: 'pxGridAccount',
				description: 'Account that n8n uses pxGrid with',
			},
			{ name: 'Session', value: 'session', description: 'Endpoint that is on the network now' },
			{ name: 'Version', value: 'version' },
		],
		default: 'ancEndpoint',
	},
	connectThroughField,
	...ancEndpoint.description,
	...ancPolicy.description,
	...coa.description,
	...endpoint.description,
	...endpointGroup.description,
	...pxGridAccountFields,
	...session.description,
	...version.description,
];
