import type { IDataObject, IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import type { LedgerService } from '../../../../ledger/service';
import { workflowActor } from '../../helpers/actor';
import { optionsField } from '../../helpers/fields';

export const description: INodeProperties[] = [
	{
		displayName: 'Keep Detections For',
		name: 'detectionDays',
		type: 'number',
		typeOptions: { minValue: 1 },
		default: 90,
		description:
			'Days. Older detections are removed unless they still count for a score, or their host has an open episode.',
	},
	optionsField({
		displayName: 'Chunk Size',
		name: 'chunkSize',
		type: 'number',
		typeOptions: { minValue: 1 },
		default: 500,
		description: 'How many detections to look at in one transaction; scoring waits no longer than one takes',
	}),
];

export async function execute(
	this: IExecuteFunctions,
	ledger: LedgerService,
	itemIndex: number,
): Promise<IDataObject> {
	const { chunkSize } = this.getNodeParameter('options', itemIndex, {}) as { chunkSize?: number };
	const result = await ledger.applyRetention({
		actor: workflowActor(this, itemIndex),
		detectionDays: this.getNodeParameter('detectionDays', itemIndex) as number,
		...(chunkSize !== undefined && { chunkSize }),
	});
	return { ...result };
}
