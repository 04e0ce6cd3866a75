import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';
import type { LedgerService } from '../../../ledger/service';
import { runPerItem, type Operation } from '../../shared/execute';
import { asNodeError, failedItems } from '../helpers/errors';
import { withLedger } from '../transport/withLedger';
import { resources } from './index';
import type { BatchOperation, ItemOperation } from './types';

/**
 * Runs the chosen operation with the ledger of the credential.
 *
 * With "On Error: continue" nothing is thrown: n8n would then send the input items to the first output, which
 * for Score means "contain these".
 */
export async function run(
	context: IExecuteFunctions,
	lend: typeof withLedger = withLedger,
): Promise<INodeExecutionData[][]> {
	const operation = chosenOperation(context);
	try {
		return await lend(context, async (ledger) => await runOperation(context, operation, ledger));
	} catch (error) {
		if (!context.continueOnFail()) throw asNodeError(context, error as Error, 0);
		return atOutput(
			'errorOutput' in operation ? (operation.errorOutput ?? 0) : 0,
			failedItems(context, error as Error),
		);
	}
}

async function runOperation(
	context: IExecuteFunctions,
	operation: ItemOperation | BatchOperation,
	ledger: LedgerService,
): Promise<INodeExecutionData[][]> {
	if ('executeBatch' in operation) return await operation.executeBatch.call(context, ledger);
	const { resource, operation: name } = chosenNames(context);
	return await runPerItem(context, { [resource]: { [name]: explained(operation.execute) } }, ledger);
}

/** The operation, with the ledger's refusals as errors that n8n shows in full. */
function explained(execute: ItemOperation['execute']): Operation<LedgerService> {
	return async function (ledger, itemIndex) {
		try {
			return await execute.call(this, ledger, itemIndex);
		} catch (error) {
			throw asNodeError(this, error as Error, itemIndex);
		}
	};
}

function chosenOperation(context: IExecuteFunctions): ItemOperation | BatchOperation {
	const { resource, operation } = chosenNames(context);
	const chosen = resources[resource]?.operations[operation];
	if (!chosen) {
		throw new NodeOperationError(
			context.getNode(),
			`The operation "${operation}" of "${resource}" is not known`,
		);
	}
	return chosen;
}

function chosenNames(context: IExecuteFunctions): { resource: string; operation: string } {
	return {
		resource: context.getNodeParameter('resource', 0) as string,
		operation: context.getNodeParameter('operation', 0) as string,
	};
}

function atOutput(index: number, items: INodeExecutionData[]): INodeExecutionData[][] {
	return [...Array.from({ length: index }, () => []), items];
}
