import type { IDataObject, IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import type { UmbrellaClient } from '../../transport/client';
import { callPolicies } from '../../transport/policies';

const show = { resource: ['destinationList'], operation: ['create'] };

export const description: INodeProperties[] = [
	{
		displayName: 'Access',
		name: 'access',
		type: 'options',
		options: [
			{ name: 'Allow', value: 'allow' },
			{ name: 'Block', value: 'block' },
		],
		default: 'block',
		description: 'What the list does with its destinations',
		displayOptions: { show },
	},
	{
		displayName: 'Policy',
		name: 'bundleTypeId',
		type: 'options',
		options: [
			{ name: 'DNS', value: 1 },
			{ name: 'Web', value: 2 },
		],
		default: 1,
		description: 'Which kind of policy can use the list',
		displayOptions: { show },
	},
];

/** A new, empty list. It has no effect until a policy uses it. */
export async function execute(
	this: IExecuteFunctions,
	client: UmbrellaClient,
	itemIndex: number,
): Promise<IDataObject> {
	const body = {
		access: this.getNodeParameter('access', itemIndex) as string,
		isGlobal: false,
		name: this.getNodeParameter('name', itemIndex) as string,
		bundleTypeId: this.getNodeParameter('bundleTypeId', itemIndex) as number,
	};
	const call = { method: 'POST' as const, path: '/destinationlists', body, itemIndex };
	return await callPolicies<IDataObject>(this, client.policies, call);
}
