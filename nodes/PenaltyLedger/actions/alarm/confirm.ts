import type { IDataObject, IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import type { AlarmMessage } from '../../../../ledger/api';
import type { LedgerService } from '../../../../ledger/service';
import { workflowActor } from '../../helpers/actor';
import { optionsField } from '../../helpers/fields';
import { nameList } from '../../helpers/parameters';

export const description: INodeProperties[] = [
	{
		displayName: 'Alarm Keys',
		name: 'alarmKeys',
		type: 'string',
		required: true,
		default: '={{ $json.alarmKeys }}',
		description: 'Keys of the alarms that the message was about: a list, or keys separated by commas',
	},
	{
		displayName: 'Event',
		name: 'event',
		type: 'options',
		options: [
			{ name: 'Cleared', value: 'cleared', description: 'People were told that it is over' },
			{ name: 'Raised', value: 'raised', description: 'People were told that it began' },
		],
		default: 'raised',
		description: 'What was told',
	},
	optionsField(),
];

export async function execute(
	this: IExecuteFunctions,
	ledger: LedgerService,
	itemIndex: number,
): Promise<IDataObject> {
	const alarmKeys = nameList(this.getNodeParameter('alarmKeys', itemIndex));
	const event = this.getNodeParameter('event', itemIndex) as AlarmMessage['event'];
	const confirmed = await ledger.confirmAlarms(alarmKeys, event, workflowActor(this, itemIndex));
	return { alarmKeys, event, confirmed };
}
