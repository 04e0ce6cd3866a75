import type { IExecuteFunctions, INodeExecutionData, INodeType, INodeTypeDescription } from 'n8n-workflow';
import { NodeConnectionTypes } from 'n8n-workflow';
import { runPerItem } from '../shared/execute';
import {
	accountOperations,
	batchOperations,
	containmentOperations,
	operations,
	resourceFields,
} from './actions';
import type { ConnectThrough } from './actions/connectThrough';
import { ciscoRtcIseApiTest, ciscoRtcPxGridApiTest } from './methods/credentialTest';
import { getAncPolicies, getEndpointGroups } from './methods/loadOptions';
import { requiredPxGrid } from './pxgrid/client';
import { iseClient, pxGridClient } from './transport/client';

/** Cisco Identity Services Engine: quarantine by Adaptive Network Control, sessions, endpoints. */
export class CiscoIse implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Cisco ISE',
		name: 'ciscoIse',
		icon: { light: 'file:ise.svg', dark: 'file:ise.dark.svg' },
		group: ['transform'],
		version: 1,
		subtitle: '={{$parameter["operation"] + ": " + $parameter["resource"]}}',
		description: 'Quarantine endpoints and find their sessions with Cisco Identity Services Engine',
		defaults: { name: 'Cisco ISE' },
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		usableAsTool: true,
		credentials: [
			{
				name: 'ciscoRtcIseApi',
				required: true,
				testedBy: 'ciscoRtcIseApiTest',
				displayOptions: { hide: { resource: ['pxGridAccount'], connectThrough: ['pxGrid'] } },
			},
			{ name: 'ciscoRtcPxGridApi', required: false, testedBy: 'ciscoRtcPxGridApiTest' },
		],
		sensitiveOutputFields: ['password'],
		properties: resourceFields,
	};

	methods = {
		credentialTest: { ciscoRtcIseApiTest, ciscoRtcPxGridApiTest },
		loadOptions: { getAncPolicies, getEndpointGroups },
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const resource = this.getNodeParameter('resource', 0) as string;
		if (resource === 'pxGridAccount') {
			return await runPerItem(this, accountOperations, await requiredPxGrid(this));
		}
		if (!(resource in containmentOperations))
			return await runPerItem(this, operations, await iseClient(this));
		const through = this.getNodeParameter('connectThrough', 0, 'ise') as ConnectThrough;
		const client = through === 'pxGrid' ? await pxGridClient(this) : await iseClient(this);
		const operation = this.getNodeParameter('operation', 0) as string;
		if (resource === 'ancEndpoint' && (operation === 'apply' || operation === 'clear')) {
			return await batchOperations[operation](this, client);
		}
		return await runPerItem(this, containmentOperations, client);
	}
}
