import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import { isIP } from 'node:net';
import { wantedCount } from '../../../shared/fields';
import { fieldsOf, listOf } from '../../records';
import { type InvestigateAccount, lookUpAll } from '../../transport/investigate';
import { enteredText } from './fields';

/** What resolvers answered for a domain, or with an address: one item per resource record. */
export async function execute(
	this: IExecuteFunctions,
	client: InvestigateAccount,
	itemIndex: number,
): Promise<IDataObject[]> {
	const query = enteredText(this, itemIndex, 'name', 'Domain or IP Address').toLowerCase();
	const path = `/pdns/${isIP(query) === 0 ? 'name' : 'ip'}/${encodeURIComponent(query)}`;
	const wanted = wantedCount(this, itemIndex);
	const records = await lookUpAll(this, client.investigate, path, wanted, itemIndex, recordsOf);
	return records ? records.map((record) => ({ query, found: true, ...record })) : [{ query, found: false }];
}

/** A bare list in the documentation, `{records, pageInfo}` from the servers. */
export function recordsOf(answer: unknown): IDataObject[] {
	return listOf(Array.isArray(answer) ? answer : fieldsOf(answer).records) as IDataObject[];
}
