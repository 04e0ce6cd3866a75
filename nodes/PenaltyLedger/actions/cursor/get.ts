import type { IDataObject, IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import type { Cursor, PollUnderWay } from '../../../../ledger/api';
import type { CursorOptions, LedgerService } from '../../../../ledger/service';
import { workflowActor } from '../../helpers/actor';
import { requiredText } from '../../helpers/parameters';

const seconds = { type: 'number', typeOptions: { minValue: 0 } } as const;

export const description: INodeProperties[] = [
	{
		displayName: 'Source',
		name: 'source',
		type: 'string',
		required: true,
		default: '',
		placeholder: 'e.g. secureEndpoint',
		description: 'Source to poll, named as in its detections',
	},
	{
		displayName: 'Overlap',
		name: 'overlapSeconds',
		...seconds,
		default: 300,
		description:
			'How many seconds before the last position to read again, for events that arrive late. Detections that were read twice are recorded once.',
	},
	{
		displayName: 'First Look-Back',
		name: 'firstLookbackSeconds',
		...seconds,
		default: 3600,
		description: 'How many seconds the first poll of a source looks back',
	},
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		options: [
			{
				displayName: 'Hourly Look-Back',
				name: 'lateSeconds',
				...seconds,
				default: 86400,
				description:
					'How many seconds to read again with the first poll after each full hour, for events that reach the product long after they occurred, such as those of a laptop that was offline. The position does not move back.',
			},
			{
				displayName: 'Longest Span',
				name: 'longestSpanSeconds',
				...seconds,
				default: 3600,
				description:
					'How many seconds one poll reads at most, besides what it reads again. After an outage several polls then catch up one after the other, and their items say behind: true. 0 means all at once.',
			},
			{
				displayName: 'Poll Lease',
				name: 'leaseSeconds',
				...seconds,
				default: 300,
				description:
					'For how many seconds no other poll of the source may begin: it gets no item. The lease ends sooner when Score keeps the field to of this item as Read Until, when Score gets the error of the poll, and when the process that polls ends. 0 means no lease.',
			},
		],
	},
];

export async function execute(
	this: IExecuteFunctions,
	ledger: LedgerService,
	itemIndex: number,
): Promise<IDataObject | IDataObject[]> {
	const source = requiredText(this, 'source', 'Source', itemIndex);
	const { leaseSeconds = 0, ...limits } = this.getNodeParameter('options', itemIndex, {}) as Options;
	const options: CursorOptions = {
		overlapSeconds: this.getNodeParameter('overlapSeconds', itemIndex) as number,
		firstLookbackSeconds: this.getNodeParameter('firstLookbackSeconds', itemIndex) as number,
		...limits,
	};
	if (leaseSeconds === 0) return { ...(await ledger.getCursor(source, options)) };
	const actor = workflowActor(this, itemIndex);
	const begun = await ledger.beginPoll(source, { ...options, leaseSeconds, actor });
	return isUnderWay(begun) ? sayUnderWay(this, begun) : { ...begun };
}

type Options = Pick<CursorOptions, 'lateSeconds' | 'longestSpanSeconds'> & { leaseSeconds?: number };

const isUnderWay = (begun: Cursor | PollUnderWay): begun is PollUnderWay => 'underWayUntil' in begun;

/** No item: the nodes behind have nothing to do. */
function sayUnderWay(context: IExecuteFunctions, { source, underWayUntil }: PollUnderWay): IDataObject[] {
	const message = `Another poll of ${source} is under way, until ${underWayUntil} at the latest: there is nothing to read for this one`;
	context.logger.info(message);
	context.addExecutionHints({ message, type: 'info', location: 'outputPane' });
	return [];
}
