import readline from 'node:readline';
import { Readable } from 'node:stream';
import type { IDataObject, IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import type { LedgerService } from '../../../../ledger/service';
import { workflowActor } from '../../helpers/actor';
import { optionsField } from '../../helpers/fields';
import { requiredText } from '../../helpers/parameters';

export const description: INodeProperties[] = [
	{
		displayName: 'Input Binary Field',
		name: 'binaryPropertyName',
		type: 'string',
		required: true,
		default: 'data',
		hint: 'The name of the input binary field with the exported file',
	},
	optionsField(),
];

export async function execute(
	this: IExecuteFunctions,
	ledger: LedgerService,
	itemIndex: number,
): Promise<IDataObject> {
	const field = requiredText(this, 'binaryPropertyName', 'Input Binary Field', itemIndex);
	const lines = linesOf(await openFile(this, field, itemIndex));
	return await ledger.importAll(lines, workflowActor(this, itemIndex));
}

/** Reading begins with the first line asked for: lines that come before anybody asks would be lost. */
async function* linesOf(input: Readable): AsyncGenerator<string> {
	yield* readline.createInterface({ input, crlfDelay: Infinity });
}

/** n8n keeps large files outside the item, then with an id; small ones may be in the item itself. */
async function openFile(context: IExecuteFunctions, field: string, itemIndex: number): Promise<Readable> {
	const { id, data } = context.helpers.assertBinaryData(itemIndex, field);
	return id ? await context.helpers.getBinaryStream(id) : Readable.from(Buffer.from(data, 'base64'));
}
