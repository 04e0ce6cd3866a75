import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import { wantedCount } from '../../../shared/fields';
import type { UmbrellaClient } from '../../transport/client';
import { destinationsPath, listAll } from '../../transport/policies';
import { chosenList } from '../listLocator';

/** Destinations of a list: `{id, destination, type, comment, createdAt}`. */
export async function execute(
	this: IExecuteFunctions,
	client: UmbrellaClient,
	itemIndex: number,
): Promise<IDataObject[]> {
	const path = destinationsPath(chosenList(this, itemIndex));
	return await listAll<IDataObject>(this, client.policies, path, wantedCount(this, itemIndex), itemIndex);
}
