import type { IDataObject, IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';
import type { IntentKind } from '../../../../ledger/api';
import type { LedgerService } from '../../../../ledger/service';
import { workflowActor } from '../../helpers/actor';
import { optionsField } from '../../helpers/fields';
import { readIds } from './ids';

export const description: INodeProperties[] = [
	{
		displayName: 'Kinds',
		name: 'kinds',
		type: 'multiOptions',
		options: [
			{ name: 'Contain', value: 'contain', description: 'Take a host off the network' },
			{ name: 'Notify', value: 'notify', description: 'Tell people: message, ticket' },
			{ name: 'Release', value: 'release', description: 'Let a host back on the network' },
		],
		default: ['contain', 'release'],
		required: true,
		description: 'Which intents to claim',
	},
	{
		displayName: 'Intent IDs',
		name: 'ids',
		type: 'string',
		default: '',
		placeholder: 'e.g. 0f8fad5b-d9cb-469f-a165-70867728950e',
		description:
			'Only these: IDs separated by commas, or an expression with an ID or a list for each item. Leave empty to claim whatever is due.',
	},
	{
		displayName: 'Max Intents',
		name: 'maxIntents',
		type: 'number',
		typeOptions: { minValue: 1 },
		default: 100,
		description: 'How many intents to claim at most. The others stay for the next claim.',
	},
	{
		displayName: 'Lease',
		name: 'leaseSeconds',
		type: 'number',
		typeOptions: { minValue: 1 },
		default: 120,
		description:
			'How many seconds this execution has to record a step of an intent, complete or fail it, before others may claim it',
	},
	optionsField(),
];

/**
 * One claim for all input items; one item per claimed intent, paired with the input item that asked for it.
 * IDs that nobody may claim now (claimed by others, not due, done) are left out.
 */
export async function executeBatch(
	this: IExecuteFunctions,
	ledger: LedgerService,
): Promise<INodeExecutionData[][]> {
	const wanted = readIds(this);
	if (wanted?.size === 0) return [[]];
	const intents = await ledger.claimIntents({
		actor: workflowActor(this, 0),
		kinds: this.getNodeParameter('kinds', 0) as IntentKind[],
		...(wanted && { ids: [...wanted.keys()] }),
		limit: this.getNodeParameter('maxIntents', 0) as number,
		leaseSeconds: this.getNodeParameter('leaseSeconds', 0) as number,
	});
	return [
		intents.map((intent) => ({
			json: { ...intent } as unknown as IDataObject,
			pairedItem: { item: wanted?.get(intent.id) ?? 0 },
		})),
	];
}
