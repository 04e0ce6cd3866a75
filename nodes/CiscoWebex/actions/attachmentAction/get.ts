import type { OperationDefinition } from '../../../shared/operations';
import { requiredText } from '../../../shared/parameters';
import type { WebexClient } from '../../transport/client';
import { idSegment, webexJson } from '../../transport/request';
import { idField } from '../common';

export const get: OperationDefinition<WebexClient> = {
	option: {
		name: 'Get',
		value: 'get',
		description: 'Get who pressed a button of a card, with the data of the button and the inputs',
		action: 'Get attachment action',
	},
	fields: [
		{
			...idField('Attachment Action ID', 'attachmentActionId'),
			description: 'The field data.id of the webhook for attachment actions',
		},
	],
	async execute(client, itemIndex) {
		const path = `/attachment/actions/${idSegment(requiredText(this, 'attachmentActionId', 'Attachment Action ID', itemIndex))}`;
		return await webexJson(this, client, { method: 'GET', path, itemIndex });
	},
};
