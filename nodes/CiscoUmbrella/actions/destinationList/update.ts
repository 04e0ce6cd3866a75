import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import type { UmbrellaClient } from '../../transport/client';
import { callPolicies, listPath } from '../../transport/policies';
import { chosenList } from '../listLocator';

/** Renames a list; Umbrella lets nothing else be changed. */
export async function execute(
	this: IExecuteFunctions,
	client: UmbrellaClient,
	itemIndex: number,
): Promise<IDataObject> {
	return await callPolicies<IDataObject>(this, client.policies, {
		method: 'PATCH',
		path: listPath(chosenList(this, itemIndex)),
		body: { name: this.getNodeParameter('name', itemIndex) as string },
		idempotent: true,
		itemIndex,
	});
}
