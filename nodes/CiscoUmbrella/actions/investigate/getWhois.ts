import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import { type InvestigateAccount, lookUp } from '../../transport/investigate';
import { enteredDomain } from './fields';

/** The current registration of a domain, as Investigate names its fields. */
export async function execute(
	this: IExecuteFunctions,
	client: InvestigateAccount,
	itemIndex: number,
): Promise<IDataObject> {
	const domain = enteredDomain(this, itemIndex);
	const path = `/whois/${encodeURIComponent(domain)}`;
	const answer = await lookUp<IDataObject>(this, client.investigate, path, itemIndex);
	return answer ? { domain, found: true, ...answer } : { domain, found: false };
}
