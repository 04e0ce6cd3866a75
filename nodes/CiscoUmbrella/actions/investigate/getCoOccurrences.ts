import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import { type InvestigateAccount, lookUp } from '../../transport/investigate';
import { enteredDomain } from './fields';

interface Recommendations {
	/** Pairs of domain and score; the documentation shows bare domains. */
	pfs2?: ([string, number] | string)[];
}

/** Domains that the same users asked for shortly before or after: `{domain, found, coOccurrences: [{domain, score}]}`. */
export async function execute(
	this: IExecuteFunctions,
	client: InvestigateAccount,
	itemIndex: number,
): Promise<IDataObject> {
	const domain = enteredDomain(this, itemIndex);
	const path = `/recommendations/name/${encodeURIComponent(domain)}.json`;
	const answer = await lookUp<Recommendations>(this, client.investigate, path, itemIndex);
	const pairs = Array.isArray(answer?.pfs2) ? answer.pfs2 : [];
	return { domain, found: pairs.length > 0, coOccurrences: pairs.map(toCoOccurrence) };
}

function toCoOccurrence(pair: [string, number] | string): IDataObject {
	const [domain, score] = Array.isArray(pair) ? pair : [pair, null];
	return { domain, score };
}
