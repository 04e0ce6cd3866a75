import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import type { Actor } from '../../../../ledger/api';
import { LedgerError } from '../../../../ledger/errors';
import { toItems } from '../../../shared/execute';
import { workflowActor } from '../../helpers/actor';
import { asNodeError, failure } from '../../helpers/errors';

/** What an operation does with intents, for {@link settleBatch}. */
export interface SettleAction<Given, Result> {
	/** Reads the fields of one item. */
	read(context: IExecuteFunctions, itemIndex: number): Given;
	/** Tells the ledger in one change; gives a result for each, in the same order. */
	settle(given: readonly Given[], actor: Actor): Promise<(Result | LedgerError)[]>;
	toJson(result: Result): IDataObject;
}

interface Readable<Given> {
	itemIndex: number;
	given: Given;
	actor: Actor;
}

/**
 * Settles the intents of all input items in one change of the ledger, or one for each that is acted for. An item that
 * can't be read or is refused leaves the others: it is an item with an error, or the node's error after they are done.
 */
export async function settleBatch<Given, Result>(
	context: IExecuteFunctions,
	action: SettleAction<Given, Result>,
): Promise<INodeExecutionData[][]> {
	const outputs: INodeExecutionData[][] = context.getInputData().map(() => []);
	const errors: Error[] = [];
	const failed = (error: Error, itemIndex: number) => {
		errors.push(asNodeError(context, error, itemIndex));
		outputs[itemIndex] = [failure(context, error, itemIndex)];
	};
	for (const readable of byActor(readAll(context, action, failed))) {
		const results = await settleAll(action, readable);
		readable.forEach(({ itemIndex }, index) => {
			const result = results[index];
			if (result instanceof Error) failed(result, itemIndex);
			else outputs[itemIndex] = toItems(action.toJson(result), itemIndex);
		});
	}
	if (errors.length > 0 && !context.continueOnFail()) throw errors[0];
	return [outputs.flat()];
}

/** Together; when that fails for a reason that the ledger does not know, each alone, so that one can't keep the others. */
async function settleAll<Given, Result>(
	{ settle }: SettleAction<Given, Result>,
	group: readonly Readable<Given>[],
): Promise<(Result | Error)[]> {
	const [{ actor }] = group;
	const all = group.map(({ given }) => given);
	const together = await settle(all, actor).catch((error: Error) => error);
	if (!(together instanceof Error)) return together;
	if (together instanceof LedgerError || group.length === 1) return group.map(() => together);
	const results: (Result | Error)[] = [];
	for (const given of all) {
		const [result] = await settle([given], actor).catch((error: Error) => [error]);
		results.push(result);
	}
	return results;
}

function readAll<Given, Result>(
	context: IExecuteFunctions,
	action: SettleAction<Given, Result>,
	failed: (error: Error, itemIndex: number) => void,
): Readable<Given>[] {
	return context.getInputData().flatMap((_, itemIndex) => {
		try {
			return [
				{ itemIndex, given: action.read(context, itemIndex), actor: workflowActor(context, itemIndex) },
			];
		} catch (error) {
			failed(error as Error, itemIndex);
			return [];
		}
	});
}

function byActor<Given>(all: readonly Readable<Given>[]): Readable<Given>[][] {
	const groups = new Map<string, Readable<Given>[]>();
	for (const one of all) groups.set(one.actor.name, [...(groups.get(one.actor.name) ?? []), one]);
	return [...groups.values()];
}
