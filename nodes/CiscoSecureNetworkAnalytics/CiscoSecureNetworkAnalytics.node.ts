import type { IExecuteFunctions, INodeExecutionData, INodeType, INodeTypeDescription } from 'n8n-workflow';
import { NodeConnectionTypes } from 'n8n-workflow';
import { runPerItem } from '../shared/execute';
import { operationMap, resourceProperties } from '../shared/operations';
import { resources } from './actions';
import { ciscoRtcSecureNetworkAnalyticsApiTest } from './methods/credentialTest';
import * as listSearch from './methods/listSearch';
import * as loadOptions from './methods/loadOptions';
import { connect } from './transport/client';

/** Reads security events and flows, and keeps host groups of Cisco Secure Network Analytics. */
export class CiscoSecureNetworkAnalytics implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Cisco Secure Network Analytics',
		name: 'ciscoSecureNetworkAnalytics',
		icon: { light: 'file:secureNetworkAnalytics.svg', dark: 'file:secureNetworkAnalytics.dark.svg' },
		group: ['transform'],
		version: 1,
		subtitle: '={{ $parameter["operation"] + ": " + $parameter["resource"] }}',
		description:
			'Get detections and flows, and change host groups with Cisco Secure Network Analytics (Stealthwatch)',
		defaults: { name: 'Cisco Secure Network Analytics' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [
			{
				name: 'ciscoRtcSecureNetworkAnalyticsApi',
				required: true,
				testedBy: 'ciscoRtcSecureNetworkAnalyticsApiTest',
			},
		],
		properties: resourceProperties(resources, 'securityEvent'),
	};

	methods = { credentialTest: { ciscoRtcSecureNetworkAnalyticsApiTest }, listSearch, loadOptions };

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await runPerItem(this, operationMap(resources), await connect(this));
	}
}
