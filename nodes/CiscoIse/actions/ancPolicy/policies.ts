import type { IDataObject, IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import { requiredText } from '../../../shared/parameters';
import type { IseClient } from '../../transport/client';
import { pathSegment, withoutLink } from '../../transport/ers';

export const ANC_POLICY_PATH = '/ers/config/ancpolicy';

export const policyField: INodeProperties = {
	displayName: 'ANC Policy Name or ID',
	name: 'policyName',
	type: 'options',
	typeOptions: { loadOptionsMethod: 'getAncPolicies' },
	default: '',
	required: true,
	description:
		'Choose from the list, or specify an ID using an <a href="https://docs.n8n.io/code/expressions/">expression</a>',
};

/** `{ id, name, actions }` of the policy that the field "ANC Policy Name or ID" names. */
export async function readPolicy(
	context: IExecuteFunctions,
	client: IseClient,
	itemIndex: number,
): Promise<IDataObject> {
	const name = requiredText(context, policyField.name, policyField.displayName, itemIndex);
	const path = `${ANC_POLICY_PATH}/name/${pathSegment(name)}`;
	const answer = await client.ers.getJson<{ ErsAncPolicy: IDataObject }>(context, { path, itemIndex });
	return withoutLink(answer.ErsAncPolicy);
}
