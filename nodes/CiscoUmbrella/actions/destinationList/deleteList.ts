import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import type { UmbrellaClient } from '../../transport/client';
import { callPolicies, listPath } from '../../transport/policies';
import { chosenList } from '../listLocator';

/** Deletes a list with its destinations. Umbrella refuses for global lists and lists that a policy uses. */
export async function execute(
	this: IExecuteFunctions,
	client: UmbrellaClient,
	itemIndex: number,
): Promise<IDataObject> {
	const id = chosenList(this, itemIndex);
	await callPolicies(this, client.policies, { method: 'DELETE', path: listPath(id), itemIndex });
	return { deleted: true, id: Number(id) };
}
