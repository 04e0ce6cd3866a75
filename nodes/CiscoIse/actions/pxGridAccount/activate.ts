import type { OperationDefinition } from '../../../shared/operations';
import { accountAdvice } from '../../pxgrid/account';
import type { PxGrid } from '../../pxgrid/client';

/** `{ accountState, advice, version }`; `advice` is `null` when the account can be used. Does not wait for the administrator: run it again to see the state. */
export const activate: OperationDefinition<PxGrid> = {
	option: {
		name: 'Activate',
		value: 'activate',
		description: 'Ask for approval, and get the state of the account',
		action: 'Activate pxGrid account',
	},
	fields: [
		{
			displayName: 'Description',
			name: 'accountDescription',
			type: 'string',
			default: 'n8n Rapid Threat Containment',
			description: 'What Cisco ISE shows to the administrator who approves the account',
		},
	],
	async execute(pxGrid, itemIndex) {
		const description = this.getNodeParameter('accountDescription', itemIndex, '') as string;
		const { accountState, version } = await pxGrid.activate(description);
		return {
			nodeName: pxGrid.credential.nodeName,
			accountState,
			advice: accountAdvice(accountState) ?? null,
			version: version ?? null,
		};
	},
};
