import type { IExecuteFunctions, INodeExecutionData, INodeType, INodeTypeDescription } from 'n8n-workflow';
import { NodeConnectionTypes } from 'n8n-workflow';
import { runPerItem } from '../shared/execute';
import { operationMap, resourceProperties } from '../shared/operations';
import { resources } from './actions';
import { searchRooms } from './methods/listSearch';
import { webexClient } from './transport/client';

/** Cisco Webex messaging with the token of a bot: messages and cards, rooms, members, webhooks. */
export class CiscoWebex implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Cisco Webex (Bot)',
		name: 'ciscoWebex',
		icon: { light: 'file:webex.svg', dark: 'file:webex.dark.svg' },
		group: ['output'],
		version: 1,
		subtitle: '={{$parameter["operation"] + ": " + $parameter["resource"]}}',
		description: 'Send messages and cards with a Cisco Webex bot, and read the answers',
		defaults: { name: 'Cisco Webex (Bot)' },
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		usableAsTool: true,
		credentials: [{ name: 'ciscoRtcWebexBotApi', required: true }],
		properties: resourceProperties(resources, 'message'),
	};

	methods = { listSearch: { searchRooms } };

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await runPerItem(this, operationMap(resources), await webexClient(this));
	}
}
