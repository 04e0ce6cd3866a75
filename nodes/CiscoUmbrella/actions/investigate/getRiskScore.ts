import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import { type InvestigateAccount, lookUp } from '../../transport/investigate';
import { enteredDomain } from './fields';

interface RiskScore {
	risk_score?: number;
	indicators?: IDataObject[];
}

/** `{domain, found, riskScore, indicators}`; the score goes from 0 to 100, higher is riskier. */
export async function execute(
	this: IExecuteFunctions,
	client: InvestigateAccount,
	itemIndex: number,
): Promise<IDataObject> {
	const domain = enteredDomain(this, itemIndex);
	const path = `/domains/risk-score/${encodeURIComponent(domain)}`;
	const answer = await lookUp<RiskScore>(this, client.investigate, path, itemIndex);
	if (!answer) return { domain, found: false };
	return { domain, found: true, riskScore: answer.risk_score ?? null, indicators: answer.indicators ?? [] };
}
