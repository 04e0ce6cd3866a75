import { createHash } from 'node:crypto';
import type { IDataObject, IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';
import { DateTime } from '../../../shared/vendor/luxon';
import type { LedgerService } from '../../../../ledger/service';
import { requiredText } from '../../helpers/parameters';

export const description: INodeProperties[] = [
	{
		displayName: 'Keep Records For',
		name: 'auditDays',
		type: 'number',
		typeOptions: { minValue: 1 },
		default: 365,
		description: 'Days. Records that are older are exported.',
	},
	{
		displayName: 'Put Output File in Field',
		name: 'binaryPropertyName',
		type: 'string',
		required: true,
		default: 'data',
		hint: 'The name of the output binary field to put the file in',
	},
];

/** One item with the segment, its file and the fingerprint of the file; no item when no record is that old. */
export async function executeBatch(
	this: IExecuteFunctions,
	ledger: LedgerService,
): Promise<INodeExecutionData[][]> {
	const days = this.getNodeParameter('auditDays', 0) as number;
	const field = requiredText(this, 'binaryPropertyName', 'Put Output File in Field', 0);
	const segment = await ledger.getAuditSegment(DateTime.utc().minus({ days }).toISO());
	if (!segment) return [[]];
	const lines: Buffer[] = [];
	for await (const line of ledger.exportAuditSegment(segment)) lines.push(Buffer.from(`${line}\n`));
	const file = Buffer.concat(lines);
	const fileName = `cisco-rtc-audit-${segment.fromSeq}-${segment.toSeq}.jsonl`;
	const sha256 = createHash('sha256').update(file).digest('hex');
	const binary = await this.helpers.prepareBinaryData(file, fileName, 'application/x-ndjson');
	const json = { segment: { ...segment } as unknown as IDataObject, fileName, sha256 };
	return [[{ json, binary: { [field]: binary }, pairedItem: { item: 0 } }]];
}
