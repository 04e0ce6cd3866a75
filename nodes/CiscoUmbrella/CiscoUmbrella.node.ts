import type { IExecuteFunctions, INodeExecutionData, INodeType, INodeTypeDescription } from 'n8n-workflow';
import { NodeConnectionTypes } from 'n8n-workflow';
import { runPerItem } from '../shared/execute';
import { operationMap, resourceProperties } from '../shared/operations';
import * as activity from './actions/activity';
import * as destination from './actions/destination';
import * as destinationList from './actions/destinationList';
import { destinationReport } from './actions/destinationReport';
import { enforcement } from './actions/enforcement';
import * as identity from './actions/identity';
import * as investigate from './actions/investigate';
import * as report from './actions/report';
import { ciscoRtcUmbrellaLegacyApiTest } from './methods/credentialTest';
import { searchDestinationLists } from './methods/listSearch';
import { getCategories } from './methods/loadOptions';
import { connect } from './transport/client';
import { connectLegacy } from './transport/legacy/client';

const operations = {
	activity: activity.operations,
	destination: destination.operations,
	destinationList: destinationList.operations,
	identity: identity.operations,
	investigate: investigate.operations,
	report: report.operations,
};

const legacyResources = [destinationReport, enforcement];

const legacyOperations = {
	...operationMap(legacyResources),
	activity: activity.legacyOperations,
	investigate: investigate.operations,
};

export class CiscoUmbrella implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Cisco Umbrella',
		name: 'ciscoUmbrella',
		icon: { light: 'file:umbrella.svg', dark: 'file:umbrella.dark.svg' },
		group: ['transform'],
		version: 1,
		subtitle: '={{$parameter["operation"] + ": " + $parameter["resource"]}}',
		description:
			'Read detections from Cisco Umbrella or Secure Access, look up domains and block destinations',
		defaults: { name: 'Cisco Umbrella' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [
			{ name: 'ciscoRtcUmbrellaApi', required: true, displayOptions: { show: { api: ['current'] } } },
			{
				name: 'ciscoRtcUmbrellaLegacyApi',
				required: true,
				testedBy: 'ciscoRtcUmbrellaLegacyApiTest',
				displayOptions: { show: { api: ['legacy'] } },
			},
		],
		properties: [
			{
				displayName: 'API',
				name: 'api',
				type: 'options',
				noDataExpression: true,
				options: [
					{ name: 'Current', value: 'current', description: 'Keys made under Admin > API Keys' },
					{
						name: 'Legacy',
						value: 'legacy',
						description: 'Reporting v1, Enforcement and Investigate with keys of their own',
					},
				],
				default: 'current',
				description: 'Which of the APIs your keys are for',
			},
			{
				displayName: 'Resource',
				name: 'resource',
				type: 'options',
				noDataExpression: true,
				displayOptions: { show: { api: ['current'] } },
				options: [
					{ name: 'Activity', value: 'activity' },
					{ name: 'Destination', value: 'destination' },
					{ name: 'Destination List', value: 'destinationList' },
					{ name: 'Identity', value: 'identity' },
					{ name: 'Investigate', value: 'investigate' },
					{ name: 'Report', value: 'report' },
				],
				default: 'activity',
			},
			{
				displayName: 'Resource',
				name: 'resource',
				type: 'options',
				noDataExpression: true,
				displayOptions: { show: { api: ['legacy'] } },
				options: [
					{ name: 'Activity', value: 'activity' },
					{ name: 'Destination Report', value: 'destinationReport' },
					{ name: 'Enforcement', value: 'enforcement' },
					{ name: 'Investigate', value: 'investigate' },
				],
				default: 'activity',
			},
			...activity.description,
			...destination.description,
			...destinationList.description,
			...identity.description,
			...investigate.description,
			...report.description,
			...resourceProperties(legacyResources, 'destinationReport').filter(({ name }) => name !== 'resource'),
		],
	};

	methods = {
		credentialTest: { ciscoRtcUmbrellaLegacyApiTest },
		loadOptions: { getCategories },
		listSearch: { searchDestinationLists },
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return this.getNodeParameter('api', 0, 'current') === 'legacy'
			? await runPerItem(this, legacyOperations, await connectLegacy(this))
			: await runPerItem(this, operations, await connect(this));
	}
}
