import type { INodeExecutionData, INodeType, INodeTypeDescription, IPollFunctions } from 'n8n-workflow';
import { NodeConnectionTypes } from 'n8n-workflow';
import { searchRooms } from './methods/listSearch';
import { roomField } from './actions/common';
import { takeReplies } from './replies';

/** For n8n without a public address: asks Webex for answers in the threads of the bot's cards. */
export class CiscoWebexReplyTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Cisco Webex Reply Trigger',
		name: 'ciscoWebexReplyTrigger',
		icon: { light: 'file:webex.svg', dark: 'file:webex.dark.svg' },
		group: ['trigger'],
		version: 1,
		subtitle: 'Answers in the thread',
		description:
			'Starts the workflow when somebody answers a containment card in its thread. Needs no public address.',
		defaults: { name: 'Cisco Webex Reply Trigger' },
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'ciscoRtcWebexBotApi', required: true }],
		polling: true,
		properties: [
			{
				displayName:
					'Webex lists no presses on buttons. People answer in the thread of the card instead: mention the bot, then approve, deny, release or protect, then why.',
				name: 'notice',
				type: 'notice',
				default: '',
			},
			roomField(),
		],
	};

	methods = { listSearch: { searchRooms } };

	async poll(this: IPollFunctions): Promise<INodeExecutionData[][] | null> {
		const roomId = this.getNodeParameter('roomId', '', { extractValue: true }) as string;
		const { decisions, failure } = await takeReplies(this, roomId, Date.now());
		if (decisions.length === 0 && failure) throw failure;
		return decisions.length > 0 ? [decisions.map((json) => ({ json }))] : null;
	}
}
