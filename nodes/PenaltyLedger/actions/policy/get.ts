import type { IDataObject, IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import { PRESETS } from '../../../../ledger/presets';
import type { LedgerService } from '../../../../ledger/service';
import { chosenVersion, versionField } from './version';

export const description: INodeProperties[] = [
	{
		displayName: 'Policy',
		name: 'origin',
		type: 'options',
		options: [
			{ name: 'Of the Ledger', value: 'ledger', description: 'The active policy or an earlier version' },
			{
				name: 'Preset Balanced',
				value: 'balanced',
				description: 'What a new ledger starts with: scores fade, and guards ask a person when in doubt',
			},
			{
				name: 'Preset Classic',
				value: 'classic',
				description: 'Penalties are added up for ever, and nothing guards',
			},
		],
		default: 'ledger',
		description: 'Which policy to get. A preset comes as a document to edit and to give to Update; the ledger keeps its own.',
	},
	{ ...versionField, displayOptions: { show: { origin: ['ledger'] } } },
];

export async function execute(
	this: IExecuteFunctions,
	ledger: LedgerService,
	itemIndex: number,
): Promise<IDataObject> {
	const origin = this.getNodeParameter('origin', itemIndex, 'ledger') as 'ledger' | keyof typeof PRESETS;
	const found = origin === 'ledger' ? await ledger.getPolicy(chosenVersion(this, itemIndex)) : { preset: origin, policy: PRESETS[origin] };
	return structuredClone(found) as unknown as IDataObject;
}
