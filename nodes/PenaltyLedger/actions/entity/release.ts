import type { IDataObject, IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import type { LedgerService } from '../../../../ledger/service';
import { personActor } from '../../helpers/actor';
import { accountableFields, entityFields } from '../../helpers/fields';
import { entityKey, requiredText } from '../../helpers/parameters';

export const description: INodeProperties[] = [
	{
		displayName: 'Release By',
		name: 'releaseBy',
		type: 'options',
		options: [
			{ name: 'Entity', value: 'entity', description: 'The open episode of this entity' },
			{ name: 'Episode ID', value: 'episode', description: 'This episode' },
		],
		default: 'entity',
		description: 'How to name what is released',
	},
	...entityFields.map((field) => ({ ...field, displayOptions: { show: { releaseBy: ['entity'] } } })),
	{
		displayName: 'Episode ID',
		name: 'episodeId',
		type: 'string',
		required: true,
		default: '={{ $json.episodeId }}',
		description: 'The episode to end',
		displayOptions: { show: { releaseBy: ['episode'] } },
	},
	...accountableFields('requester', 'Requester'),
];

export async function execute(
	this: IExecuteFunctions,
	ledger: LedgerService,
	itemIndex: number,
): Promise<IDataObject> {
	const subject =
		this.getNodeParameter('releaseBy', itemIndex) === 'episode'
			? { episodeId: requiredText(this, 'episodeId', 'Episode ID', itemIndex) }
			: entityKey(this, itemIndex);
	const intent = await ledger.release(
		subject,
		personActor(this, 'requester', itemIndex),
		requiredText(this, 'reason', 'Reason', itemIndex),
	);
	return { ...intent } as unknown as IDataObject;
}
