import type { IDataObject, IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';
import type { AncBinding } from '../../../../ledger/api';
import type { LedgerService, ReconcileOptions } from '../../../../ledger/service';
import { parameterError } from '../../../shared/errors';
import { workflowActor } from '../../helpers/actor';
import { optionsField } from '../../helpers/fields';
import { isoTime, nameList } from '../../helpers/parameters';

export const description: INodeProperties[] = [
	{
		displayName: 'Read At',
		name: 'readAt',
		type: 'string',
		required: true,
		default: '',
		placeholder: 'e.g. {{ $("Settings").first().json.readAt }}',
		description:
			'When reading the bindings began. What the ledger has changed since then is left for the next run.',
	},
	{
		displayName: 'When ISE Has Lost a Binding',
		name: 'onLost',
		type: 'options',
		options: [
			{ name: 'Apply Again', value: 'reapply', description: 'Contain the host once more, once per episode' },
			{ name: 'Report', value: 'report', description: 'Tell people, who know whether it was cleared on purpose' },
		],
		default: 'report',
	},
	{
		displayName: 'When a Binding with Our Policy Is Unknown',
		name: 'onOurs',
		type: 'options',
		options: [
			{ name: 'Adopt', value: 'adopt', description: 'Make it an episode, with a ticket and a time to be released' },
			{ name: 'Report', value: 'report', description: 'Tell people, who can adopt it' },
		],
		default: 'report',
	},
	optionsField({
		displayName: 'Policies to Ignore',
		name: 'ignorePolicies',
		type: 'string',
		default: '',
		description: "ANC policies that are none of the ledger's business, separated by commas",
	}),
];

/**
 * Compares all input items, as ISE's bindings, with the open episodes. One item with `kind` per thing to do:
 * `message` to send, `contain` and `notify` intents.
 */
export async function executeBatch(
	this: IExecuteFunctions,
	ledger: LedgerService,
): Promise<INodeExecutionData[][]> {
	const items = this.getInputData();
	const failed = items.find(({ json, error }) => error !== undefined || Boolean(json.error));
	if (failed) throw parameterError(this.getNode(), 'The bindings were not read, so nothing was compared', 0);
	const bindings = items.map(({ json }) => json).filter((json) => Object.keys(json).length > 0);
	const { ignorePolicies } = this.getNodeParameter('options', 0, {}) as IDataObject;
	const readAt = isoTime(this, this.getNodeParameter('readAt', 0, ''), 'Read At', 0);
	if (!readAt) throw parameterError(this.getNode(), '"Read At" is empty', 0);
	const result = await ledger.reconcileAnc(bindings as unknown as AncBinding[], {
		actor: workflowActor(this, 0),
		readAt,
		onLost: this.getNodeParameter('onLost', 0) as ReconcileOptions['onLost'],
		onOurs: this.getNodeParameter('onOurs', 0) as ReconcileOptions['onOurs'],
		ignorePolicies: nameList(ignorePolicies),
	});
	const { messages, contain, notices, ...summary } = result;
	const toDo = [
		...messages.map((message) => ({ ...message, kind: 'message' })),
		...[...contain, ...notices].map((intent) => ({ ...intent })),
		{ ...summary, kind: 'summary' },
	];
	const pairedItem = items.map((_item, item) => ({ item }));
	return [toDo.map((json) => ({ json: json as unknown as IDataObject, pairedItem }))];
}
