import type { IDataObject, IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import { NodeApiError, NodeOperationError } from 'n8n-workflow';
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
 *
 * @throws NodeApiError and NodeOperationError that name what the list holds now and what it does not
 */
export async function execute(
	this: IExecuteFunctions,
	client: UmbrellaClient,
	itemIndex: number,
): Promise<IDataObject> {
	const listId = chosenList(this, itemIndex);
	const entered = enteredDestinations(this, 'Destinations', itemIndex).map((entry) => classified(this, entry, itemIndex));
	const present = this.getNodeParameter('options.skipExisting', itemIndex, false)
		? await presentKeys(this, client, listId, itemIndex)
		: new Set<string>();
	const missing = entered.filter(({ destination }) => !present.has(destinationKey(destination)));
	const list = await addAll(this, { client, listId, wanted: missing, itemIndex });
	return {
		destinationListId: Number(listId),
		added: missing.map(({ destination, type }) => ({ destination, type })),
		skipped: entered.filter((entry) => !missing.includes(entry)).map(({ destination }) => destination),
		...(list?.meta?.destinationCount !== undefined && { destinationCount: list.meta.destinationCount }),
	};
}

/** Where destinations are to be added, and which. */
interface Wish {
	client: UmbrellaClient;
	listId: string;
	wanted: readonly Destination[];
	itemIndex: number;
}

/** Adds batch after batch, and looks what became of them where an answer does not tell. */
async function addAll(context: IExecuteFunctions, wish: Wish): Promise<DestinationList | undefined> {
	let list: DestinationList | undefined;
	for (const batch of inBatches(wish.wanted, BATCH_SIZE)) {
		const sent = await addBatch(context, wish, batch).then(
			(answer) => ({ answer }),
			(error: Error) => ({ error }),
		);
		if ('answer' in sent) {
			list = sent.answer;
			continue;
		}
		const error = await explained(context, wish, sent.error);
		if (error) throw error;
		return list;
	}
	await checkAddresses(context, wish);
	return list;
}

async function addBatch(
	context: IExecuteFunctions,
	{ client, listId, itemIndex }: Wish,
	batch: readonly Destination[],
): Promise<DestinationList> {
	const comment = context.getNodeParameter('options.comment', itemIndex, '') as string;
	return await callPolicies<DestinationList>(context, client.policies, {
		method: 'POST',
		path: destinationsPath(listId),
		body: batch.map(({ destination }) => ({ destination, ...(comment && { comment }) })),
		idempotent: true,
		itemIndex,
	});
}

/**
 * The error, with what the list holds all the same: Umbrella may have added a part of what it refuses (400), or of what
 * is more than a list can hold (409). None when nothing is missing.
 */
async function explained(context: IExecuteFunctions, wish: Wish, error: Error): Promise<Error | undefined> {
	if (!(error instanceof NodeApiError) || !['400', '409'].includes(error.httpCode ?? '')) return error;
	const outcome = await outcomeOf(context, wish).catch(() => undefined);
	if (outcome?.absent.length === 0) return undefined;
	if (outcome) error.description = [error.description, inWords(outcome)].filter(Boolean).join(' ');
	return error;
}

/** Block lists of Umbrella take addresses without a word and do not keep them; those of Secure Access do. */
async function checkAddresses(context: IExecuteFunctions, wish: Wish): Promise<void> {
	if (!wish.wanted.some(({ type }) => type === 'ipv4')) return;
	const outcome = await outcomeOf(context, wish);
	if (outcome.absent.length === 0) return;
	throw new NodeOperationError(context.getNode(), 'Cisco Umbrella did not put all destinations on the list', {
		itemIndex: wish.itemIndex,
		description: `Block lists of Umbrella hold domains and URLs; IPv4 addresses and networks are for allow lists. ${inWords(outcome)}`,
	});
}

interface Outcome {
	onList: string[];
	absent: string[];
}

async function outcomeOf(
	context: IExecuteFunctions,
	{ client, listId, wanted, itemIndex }: Wish,
): Promise<Outcome> {
	const present = await presentKeys(context, client, listId, itemIndex);
	const names = wanted.map(({ destination }) => destination);
	const isThere = (name: string) => present.has(destinationKey(name));
	return { onList: names.filter(isThere), absent: names.filter((name) => !isThere(name)) };
}

const NAMED = 20;

function inWords({ onList, absent }: Outcome): string {
	const all = (names: string[]) => {
		const more = names.length > NAMED ? ` and ${names.length - NAMED} more` : '';
		return names.slice(0, NAMED).join(', ') + more;
	};
	const there = onList.length > 0 ? `On the list: ${all(onList)}.` : 'None is on the list.';
	return `${there} Not on the list: ${all(absent)}.`;
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
