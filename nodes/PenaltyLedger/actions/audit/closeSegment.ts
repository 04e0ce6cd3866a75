import type { IDataObject, IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import type { AuditSegment } from '../../../../ledger/api';
import type { LedgerService } from '../../../../ledger/service';
import { personActor } from '../../helpers/actor';
import { accountableFields } from '../../helpers/fields';
import { jsonObject, requiredText } from '../../helpers/parameters';

export const description: INodeProperties[] = [
	{
		displayName: 'Segment',
		name: 'segment',
		type: 'json',
		required: true,
		default: '={{ $json.segment }}',
		description: 'The segment, as Export Segment returns it',
	},
	{
		displayName: 'Exported To',
		name: 'exportedTo',
		type: 'string',
		required: true,
		default: '={{ $json.fileName }}',
		description: 'Where the export is kept; noted in the record that closes the segment',
	},
	{
		displayName: 'SHA-256',
		name: 'sha256',
		type: 'string',
		required: true,
		default: '={{ $json.sha256 }}',
		description: 'Fingerprint of the exported file, as Export Segment returns it',
	},
	...accountableFields('approver', 'Approver'),
];

/** Removes the records of the segment. The record that closes it, with who signed it off, stays in the chain. */
export async function execute(
	this: IExecuteFunctions,
	ledger: LedgerService,
	itemIndex: number,
): Promise<IDataObject> {
	const actor = personActor(this, 'approver', itemIndex);
	const segment = jsonObject(this, 'segment', 'Segment', itemIndex) as unknown as AuditSegment;
	const record = await ledger.closeAuditSegment(
		segment,
		{
			by: actor.name,
			reason: requiredText(this, 'reason', 'Reason', itemIndex),
			exportedTo: requiredText(this, 'exportedTo', 'Exported To', itemIndex),
			sha256: requiredText(this, 'sha256', 'SHA-256', itemIndex),
		},
		actor,
	);
	return { ...record } as unknown as IDataObject;
}
