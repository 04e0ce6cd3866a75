import { Readable } from 'node:stream';
import type { IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';
import { DateTime } from '../../../shared/vendor/luxon';
import type { LedgerService } from '../../../../ledger/service';
import { requiredText } from '../../helpers/parameters';

export const description: INodeProperties[] = [
	{
		displayName: 'Put Output File in Field',
		name: 'binaryPropertyName',
		type: 'string',
		required: true,
		default: 'data',
		hint: 'The name of the output binary field to put the file in',
	},
];

/** One item with the file, however many items come in: an export is the same for all of them. */
export async function executeBatch(
	this: IExecuteFunctions,
	ledger: LedgerService,
): Promise<INodeExecutionData[][]> {
	const field = requiredText(this, 'binaryPropertyName', 'Put Output File in Field', 0);
	const fileName = `cisco-rtc-ledger-${DateTime.utc().toFormat("yyyyMMdd'T'HHmmss'Z'")}.jsonl`;
	const file = Readable.from(asBytes(ledger.exportAll()), { objectMode: false });
	const binary = await this.helpers.prepareBinaryData(file, fileName, 'application/x-ndjson');
	return [
		[
			{
				json: { fileName },
				binary: { [field]: binary },
				pairedItem: this.getInputData().map((_item, item) => ({ item })),
			},
		],
	];
}

async function* asBytes(lines: AsyncIterable<string>): AsyncIterable<Buffer> {
	for await (const line of lines) yield Buffer.from(`${line.trimEnd()}\n`);
}
