import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import { type Categorization, categorize, type InvestigateAccount } from '../../transport/investigate';
import { enteredDomains } from './fields';

const STATUS: Record<string, string> = { '-1': 'malicious', '0': 'unclassified', '1': 'benign' };

/** Per domain: `{domain, found, status, securityCategories, contentCategories}`, categories by name. */
export async function execute(
	this: IExecuteFunctions,
	client: InvestigateAccount,
	itemIndex: number,
): Promise<IDataObject[]> {
	const domains = enteredDomains(this, itemIndex);
	const found = await categorize(this, client.investigate, domains, itemIndex);
	return domains.map((domain) => toItem(domain, found.get(domain)));
}

function toItem(domain: string, categorization: Categorization | undefined): IDataObject {
	if (!categorization) return { domain, found: false };
	return {
		domain,
		found: true,
		status: STATUS[String(categorization.status)] ?? 'unclassified',
		securityCategories: categorization.security_categories ?? [],
		contentCategories: categorization.content_categories ?? [],
	};
}
