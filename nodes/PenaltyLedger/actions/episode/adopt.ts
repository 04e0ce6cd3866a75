import type { IDataObject, IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import type { LedgerService } from '../../../../ledger/service';
import { personActor } from '../../helpers/actor';
import { accountableFields } from '../../helpers/fields';
import { requiredText } from '../../helpers/parameters';

export const description: INodeProperties[] = [
	{
		displayName: 'MAC Address',
		name: 'macAddress',
		type: 'string',
		required: true,
		default: '',
		placeholder: 'e.g. 00:11:22:33:44:55',
		description: 'The address that has an ANC policy in Cisco ISE',
	},
	{
		displayName: 'ANC Policy',
		name: 'policyName',
		type: 'string',
		required: true,
		default: '',
		description: 'The policy that it has; a release clears it',
	},
	...accountableFields('requester', 'Requester'),
];

/** The intent as done, and the notice to send. */
export async function execute(
	this: IExecuteFunctions,
	ledger: LedgerService,
	itemIndex: number,
): Promise<IDataObject> {
	const adopted = await ledger.adoptBinding(
		{
			macAddress: requiredText(this, 'macAddress', 'MAC Address', itemIndex),
			policyName: requiredText(this, 'policyName', 'ANC Policy', itemIndex),
		},
		personActor(this, 'requester', itemIndex),
		requiredText(this, 'reason', 'Reason', itemIndex),
	);
	return { ...adopted } as unknown as IDataObject;
}
