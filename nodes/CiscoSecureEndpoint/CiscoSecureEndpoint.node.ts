import type { IExecuteFunctions, INodeExecutionData, INodeType, INodeTypeDescription } from 'n8n-workflow';
import { NodeConnectionTypes } from 'n8n-workflow';
import { runPerItem } from '../shared/execute';
import { operationMap, resourceProperties } from '../shared/operations';
import { allResources, resources, v3Resources } from './actions';
import { ciscoRtcSecureEndpointApiTest } from './methods/credentialTest';
import * as listSearch from './methods/listSearch';
import * as loadOptions from './methods/loadOptions';
import { connect } from './transport/client';
import { connectV3 } from './transport/v3';

/** Reads events and computers, isolates computers, and keeps file lists of Cisco Secure Endpoint. */
export class CiscoSecureEndpoint implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Cisco Secure Endpoint',
		name: 'ciscoSecureEndpoint',
		icon: { light: 'file:secureEndpoint.svg', dark: 'file:secureEndpoint.dark.svg' },
		group: ['transform'],
		version: 1,
		subtitle: '={{ $parameter["operation"] + ": " + $parameter["resource"] }}',
		description: 'Get detections and computers, isolate computers and block files with Cisco Secure Endpoint',
		defaults: { name: 'Cisco Secure Endpoint' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [
			{
				name: 'ciscoRtcSecureEndpointApi',
				required: true,
				testedBy: 'ciscoRtcSecureEndpointApiTest',
			},
		],
		sensitiveOutputFields: ['amqp_credentials'],
		properties: resourceProperties(allResources, 'event'),
	};

	methods = { credentialTest: { ciscoRtcSecureEndpointApiTest }, listSearch, loadOptions };

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const v3Operations = operationMap(v3Resources);
		return (this.getNodeParameter('resource', 0) as string) in v3Operations
			? await runPerItem(this, v3Operations, await connectV3(this))
			: await runPerItem(this, operationMap(resources), await connect(this));
	}
}
