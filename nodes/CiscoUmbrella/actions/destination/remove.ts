import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import { destinationKey, inBatches } from '../../destinations';
import type { UmbrellaClient } from '../../transport/client';
import { callPolicies, destinationsPath, listAll, type ListedDestination } from '../../transport/policies';
import { chosenList } from '../listLocator';
import { BATCH_SIZE, enteredDestinations } from './destinationsField';

/**
 * Removes destinations by value or id. Values are looked up by reading the list once; those that are not in it
 * are named in `notFound` and are no error, so removing twice does no harm.
 * Answers `{destinationListId, removed, notFound}`.
 */
export async function execute(
	this: IExecuteFunctions,
	client: UmbrellaClient,
	itemIndex: number,
): Promise<IDataObject> {
	const listId = chosenList(this, itemIndex);
	const entries = enteredDestinations(this, 'Destinations or IDs', itemIndex);
	const values = entries.filter((entry) => !isId(entry));
	const path = destinationsPath(listId);
	const listed =
		values.length > 0
			? await listAll<ListedDestination>(this, client.policies, path, Infinity, itemIndex)
			: [];
	const idsByKey = idsByDestination(listed);
	const idsOf = (entry: string) =>
		isId(entry) ? [Number(entry)] : (idsByKey.get(destinationKey(entry)) ?? []);
	const found = entries.filter((entry) => idsOf(entry).length > 0);
	const ids = [...new Set(found.flatMap(idsOf))];
	for (const batch of inBatches(ids, BATCH_SIZE)) {
		await callPolicies(this, client.policies, {
			method: 'DELETE',
			path: `${path}/remove`,
			body: batch,
			itemIndex,
		});
	}
	return {
		destinationListId: Number(listId),
		removed: found,
		notFound: entries.filter((entry) => !found.includes(entry)),
	};
}

const isId = (entry: string): boolean => /^\d+$/.test(entry);

/** One destination can be listed more than once, in different spellings. */
function idsByDestination(listed: readonly ListedDestination[]): Map<string, number[]> {
	const ids = new Map<string, number[]>();
	for (const { id, destination } of listed) {
		const key = destinationKey(String(destination));
		ids.set(key, [...(ids.get(key) ?? []), Number(id)]);
	}
	return ids;
}
