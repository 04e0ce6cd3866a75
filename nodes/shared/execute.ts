import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { NodeApiError, NodeOperationError } from 'n8n-workflow';
import { isTemporary } from './errors';

/** One operation of a node: its answer for one input item. */
export interface Operation<Client> {
	(this: IExecuteFunctions, client: Client, itemIndex: number): Promise<IDataObject | IDataObject[]>;
	/** How many items it may work on at the same time; default: one after the other. */
	concurrency?: number;
}

/** Operations by resource and operation value. */
export type OperationMap<Client> = Record<string, Record<string, Operation<Client>>>;

/**
 * Runs the chosen operation for every input item. With "On Error: continue" a failing item gives an item with
 * an `error` field and the others go on; otherwise the first error ends the node and names its item.
 */
export async function runPerItem<Client>(
	context: IExecuteFunctions,
	operations: OperationMap<Client>,
	client: Client,
): Promise<INodeExecutionData[][]> {
	const outputs: INodeExecutionData[][] = context.getInputData().map(() => []);
	let failure: { error: Error; itemIndex: number } | undefined;
	let next = 0;
	const worker = async () => {
		while (next < outputs.length && !failure) {
			const itemIndex = next++;
			try {
				const operation = chooseOperation(context, operations, itemIndex);
				outputs[itemIndex] = toItems(await operation.call(context, client, itemIndex), itemIndex);
			} catch (error) {
				if (context.continueOnFail()) outputs[itemIndex] = [failedItem(context, error as Error, itemIndex)];
				else failure ??= { error: error as Error, itemIndex };
			}
		}
	};
	await Promise.all(Array.from({ length: concurrencyOf(context, operations, outputs.length) }, worker));
	if (failure) throw atItem(context, failure.error, failure.itemIndex);
	return [outputs.flat()];
}

/** As many at a time as every operation that was chosen bears. */
function concurrencyOf<Client>(context: IExecuteFunctions, operations: OperationMap<Client>, items: number): number {
	let most = items;
	for (let itemIndex = 0; itemIndex < items && most > 1; itemIndex++) {
		const resource = context.getNodeParameter('resource', itemIndex) as string;
		const operation = context.getNodeParameter('operation', itemIndex) as string;
		most = Math.min(most, operations[resource]?.[operation]?.concurrency ?? 1);
	}
	return most;
}

function chooseOperation<Client>(
	context: IExecuteFunctions,
	operations: OperationMap<Client>,
	itemIndex: number,
): Operation<Client> {
	const resource = context.getNodeParameter('resource', itemIndex) as string;
	const operation = context.getNodeParameter('operation', itemIndex) as string;
	const chosen = operations[resource]?.[operation];
	if (!chosen) {
		throw new NodeOperationError(
			context.getNode(),
			`The operation "${operation}" of "${resource}" is not known`,
			{
				itemIndex,
			},
		);
	}
	return chosen;
}

export function toItems(result: IDataObject | IDataObject[], itemIndex: number): INodeExecutionData[] {
	return (Array.isArray(result) ? result : [result]).map((json) => ({
		json,
		pairedItem: { item: itemIndex },
	}));
}

/**
 * The item for "On Error: continue": the input, what was done all the same, and what went wrong. n8n sends an item
 * to the error output only when it holds nothing but the error, and adds the input itself. In the regular output
 * `temporary` tells that the same may succeed later.
 *
 * @param partial what the operation can tell in spite of the error
 */
export function failedItem(
	context: IExecuteFunctions,
	error: Error,
	itemIndex: number,
	partial?: IDataObject,
): INodeExecutionData {
	const description = 'description' in error && error.description ? String(error.description) : undefined;
	const failure = { error: error.message, ...(description && { details: description }) };
	const toErrorOutput = context.getNode().onError === 'continueErrorOutput';
	return {
		json: toErrorOutput
			? { ...failure, ...(partial && { details: partial }) }
			: {
					...context.getInputData()[itemIndex].json,
					...partial,
					...failure,
					...(isTemporary(error) && { temporary: true }),
				},
		pairedItem: { item: itemIndex },
	};
}

/** Names the item in an error; n8n ignores the index when it wraps its own errors again. */
export function atItem(context: IExecuteFunctions, error: Error, itemIndex: number): Error {
	if (error instanceof NodeApiError || error instanceof NodeOperationError) {
		error.context.itemIndex ??= itemIndex;
		return error;
	}
	return new NodeOperationError(context.getNode(), error, { itemIndex });
}
