import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';
import { LedgerError, PolicyError } from '../../../ledger/errors';
import { atItem, failedItem } from '../../shared/execute';

/** The ledger's refusals in n8n's form: what, and for a policy every problem with its path, one a line. */
export function asNodeError(context: IExecuteFunctions, error: Error, itemIndex: number): Error {
	if (error instanceof PolicyError) {
		const description = error.problems
			.map(({ path, problem }) => `${path || 'policy'}: ${problem}`)
			.join('\n');
		return new NodeOperationError(context.getNode(), 'The policy is not valid', { itemIndex, description });
	}
	if (error instanceof LedgerError) {
		return new NodeOperationError(context.getNode(), error.message, {
			itemIndex,
			description: `The ledger refused this (${error.code}).`,
		});
	}
	return atItem(context, error, itemIndex);
}

/** Every input item with the same error, for "On Error: continue" when the whole batch failed. */
export function failedItems(context: IExecuteFunctions, error: Error): INodeExecutionData[] {
	return context.getInputData().map((_item, itemIndex) => failure(context, error, itemIndex));
}

/** One failed item, with details of its own instead of the input. */
export function failure(
	context: IExecuteFunctions,
	error: Error,
	itemIndex: number,
	details?: IDataObject,
): INodeExecutionData {
	const item = failedItem(context, asNodeError(context, error, itemIndex), itemIndex);
	const toErrorOutput = context.getNode().onError === 'continueErrorOutput';
	return details && !toErrorOutput ? { ...item, json: { ...details, error: item.json.error } } : item;
}
