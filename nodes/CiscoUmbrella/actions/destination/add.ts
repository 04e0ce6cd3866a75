import type { IDataObject, IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import { parameterError } from '../../../shared/errors';
import { classifyDestination, type Destination, destinationKey, inBatches } from '../../destinations';
import type { UmbrellaClient } from '../../transport/client';
import {
	callPolicies,
	type DestinationList,
	destinationsPath,
	listAll,
	type ListedDestination,
} from '../../transport/policies';
import { chosenList } from '../listLocator';
import { BATCH_SIZE, enteredDestinations } from './destinationsField';

const show = { resource: ['destination'], operation: ['add'] };

export const description: INodeProperties[] = [
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		displayOptions: { show },
		options: [
			{
				displayName: 'Comment',
				name: 'comment',
				type: 'string',
				default: '',
				placeholder: 'e.g. Malware seen on LAPTOP-7',
				description: 'Kept with each destination',
			},
			{
				displayName: 'Skip Existing',
				name: 'skipExisting',
				type: 'boolean',
				default: false,
				description:
					'Whether to read the list first and send only what it lacks. Reading takes one call per 100 destinations; without it, Umbrella takes a destination that is already there without a word.',
			},
		],
	},
];

/**
 * Adds destinations in batches of 500, after checking every one of them.
 * Answers `{destinationListId, added, skipped, destinationCount}`.
 */
export async function execute(
	this: IExecuteFunctions,
	client: UmbrellaClient,
	itemIndex: number,
): Promise<IDataObject> {
	const listId = chosenList(this, itemIndex);
	const entered = enteredDestinations(this, 'Destinations', itemIndex).map((entry) => classified(this, entry, itemIndex));
	const comment = this.getNodeParameter('options.comment', itemIndex, '') as string;
	const present = this.getNodeParameter('options.skipExisting', itemIndex, false)
		? await presentKeys(this, client, listId, itemIndex)
		: new Set<string>();
	const missing = entered.filter(({ destination }) => !present.has(destinationKey(destination)));
	let list: DestinationList | undefined;
	for (const batch of inBatches(missing, BATCH_SIZE)) {
		list = await callPolicies<DestinationList>(this, client.policies, {
			method: 'POST',
			path: destinationsPath(listId),
			body: batch.map(({ destination }) => ({ destination, ...(comment && { comment }) })),
			idempotent: true,
			itemIndex,
		});
	}
	return {
		destinationListId: Number(listId),
		added: missing.map(({ destination, type }) => ({ destination, type })),
		skipped: entered.filter((entry) => !missing.includes(entry)).map(({ destination }) => destination),
		...(list?.meta?.destinationCount !== undefined && { destinationCount: list.meta.destinationCount }),
	};
}

function classified(context: IExecuteFunctions, entry: string, itemIndex: number): Destination {
	try {
		return classifyDestination(entry);
	} catch (error) {
		const message = `The field "Destinations" can't be used: ${(error as Error).message}`;
		throw parameterError(context.getNode(), message, itemIndex, 'Nothing was added.');
	}
}

async function presentKeys(
	context: IExecuteFunctions,
	client: UmbrellaClient,
	listId: string,
	itemIndex: number,
): Promise<Set<string>> {
	const path = destinationsPath(listId);
	const listed = await listAll<ListedDestination>(context, client.policies, path, Infinity, itemIndex);
	return new Set(listed.map(({ destination }) => destinationKey(String(destination))));
}
