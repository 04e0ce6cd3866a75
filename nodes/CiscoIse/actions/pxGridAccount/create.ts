import type { OperationDefinition } from '../../../shared/operations';
import type { PxGrid } from '../../pxgrid/client';

/** `{ nodeName, password }`; the password is told only now. */
export const create: OperationDefinition<PxGrid> = {
	option: {
		name: 'Create',
		value: 'create',
		description: 'Create an account with a password, under the client name of the credential',
		action: 'Create pxGrid account',
	},
	fields: [
		{
			displayName:
				'The answer holds the password of the account, and it is given only once. Put it into the credential, and turn off saving of execution data in the settings of this workflow.',
			name: 'passwordNotice',
			type: 'notice',
			default: '',
		},
	],
	async execute(pxGrid) {
		const { nodeName, password } = await pxGrid.createAccount();
		return { nodeName, password };
	},
};
