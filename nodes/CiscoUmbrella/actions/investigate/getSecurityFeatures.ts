import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import { type InvestigateAccount, lookUp } from '../../transport/investigate';
import { enteredDomain } from './fields';

/** Scores and features that Investigate derives of a domain, as it names them: `dga_score`, `fastflux`, `geodiversity`, … */
export async function execute(
	this: IExecuteFunctions,
	client: InvestigateAccount,
	itemIndex: number,
): Promise<IDataObject> {
	const domain = enteredDomain(this, itemIndex);
	const path = `/security/name/${encodeURIComponent(domain)}`;
	const answer = await lookUp<IDataObject>(this, client.investigate, path, itemIndex);
	return answer ? { domain, found: true, ...answer } : { domain, found: false };
}
