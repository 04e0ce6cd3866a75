import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import { wantedCount } from '../../../shared/fields';
import { fieldsOf, listOf } from '../../records';
import { type InvestigateAccount, lookUpAll } from '../../transport/investigate';
import { enteredText } from './fields';

/** Malware samples seen with a domain, address or URL, highest threat score first. Needs a Malware Analytics license. */
export async function execute(
	this: IExecuteFunctions,
	client: InvestigateAccount,
	itemIndex: number,
): Promise<IDataObject[]> {
	const query = enteredText(this, itemIndex, 'name', 'Domain, IP Address or URL');
	const path = `/samples/${encodeURIComponent(query)}?sortby=score`;
	const wanted = wantedCount(this, itemIndex);
	const samples = await lookUpAll(this, client.investigate, path, wanted, itemIndex, samplesOf);
	return samples ? samples.map((sample) => ({ query, found: true, ...sample })) : [{ query, found: false }];
}

const samplesOf = (answer: unknown): IDataObject[] => listOf(fieldsOf(answer).samples) as IDataObject[];
