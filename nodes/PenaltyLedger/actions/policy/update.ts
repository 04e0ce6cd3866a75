import type { IDataObject, IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import type { LedgerService } from '../../../../ledger/service';
import { workflowActor } from '../../helpers/actor';
import { optionsField } from '../../helpers/fields';
import { jsonObject, requiredText } from '../../helpers/parameters';

export const description: INodeProperties[] = [
	{
		displayName: 'Policy',
		name: 'policy',
		type: 'json',
		typeOptions: { rows: 10 },
		required: true,
		default: '={{ $json.policy }}',
		description: 'The whole policy as a JSON object, in the form that Get returns in the field policy',
	},
	{
		displayName: 'Comment',
		name: 'comment',
		type: 'string',
		required: true,
		default: '',
		placeholder: 'e.g. Raise the threshold after the pilot',
		description: 'What changed and why; kept with the version',
	},
	optionsField({
		displayName: 'Expected Version',
		name: 'expectedVersion',
		type: 'number',
		typeOptions: { minValue: 1, numberPrecision: 0 },
		default: 1,
		description: 'Version on which the change is based. The update is refused when another one is active.',
	}),
];

export async function execute(
	this: IExecuteFunctions,
	ledger: LedgerService,
	itemIndex: number,
): Promise<IDataObject> {
	const { expectedVersion } = this.getNodeParameter('options', itemIndex, {}) as { expectedVersion?: number };
	const updated = await ledger.updatePolicy(
		jsonObject(this, 'policy', 'Policy', itemIndex),
		workflowActor(this, itemIndex),
		requiredText(this, 'comment', 'Comment', itemIndex),
		expectedVersion === undefined ? {} : { expectedVersion },
	);
	return { ...updated } as unknown as IDataObject;
}
