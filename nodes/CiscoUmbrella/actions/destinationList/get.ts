import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import type { UmbrellaClient } from '../../transport/client';
import { callPolicies, listPath } from '../../transport/policies';
import { chosenList } from '../listLocator';

/** One destination list, with the number of its destinations under `meta`. */
export async function execute(
	this: IExecuteFunctions,
	client: UmbrellaClient,
	itemIndex: number,
): Promise<IDataObject> {
	const path = listPath(chosenList(this, itemIndex));
	return await callPolicies<IDataObject>(this, client.policies, { method: 'GET', path, itemIndex });
}
