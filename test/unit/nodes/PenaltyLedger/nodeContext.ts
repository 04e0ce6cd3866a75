import {
	NodeHelpers,
	type IDataObject,
	type IExecuteFunctions,
	type INode,
	type INodeExecutionData,
} from 'n8n-workflow';
import type { LedgerService } from '../../../../ledger/service';
import { PenaltyLedger } from '../../../../nodes/PenaltyLedger/PenaltyLedger.node';
import { run } from '../../../../nodes/PenaltyLedger/actions/router';
import { fakeExecute, fakeNode, type FakeSetup } from '../support/fakeContext';

const { description } = new PenaltyLedger();

export interface NodeSetup extends Omit<FakeSetup, 'items'> {
	/** What the field holds before expressions are resolved; default: the same as `parameters`. */
	raw?: IDataObject;
	items?: INodeExecutionData[];
	onError?: INode['onError'];
}

/**
 * The node with the parameters that n8n would keep: defaults filled in, fields that the user can't see left out.
 */
export function nodeContext({
	raw = {},
	items,
	onError,
	parameters = {},
	...setup
}: NodeSetup): IExecuteFunctions {
	const tables = (Array.isArray(parameters) ? parameters : [parameters]).map(asStored);
	const context = fakeExecute({ ...setup, parameters: tables });
	const resolved = context.getNodeParameter.bind(context) as (...args: unknown[]) => unknown;
	return Object.assign(context, {
		getNode: () => ({ ...fakeNode, onError }),
		getInputData: () => items ?? tables.map(() => ({ json: {} })),
		getNodeParameter: (name: string, itemIndex: number, fallback?: unknown, options: IDataObject = {}) =>
			options.rawExpressions && name in raw ? raw[name] : resolved(name, itemIndex, fallback, options),
	});
}

function asStored(parameters: IDataObject): IDataObject {
	const node = { ...fakeNode, parameters: parameters as never };
	return NodeHelpers.getNodeParameters(
		description.properties,
		node.parameters,
		true,
		false,
		node,
		description,
	) as IDataObject;
}

/** Runs the node on a ledger that has only the methods given; the others are errors. */
export async function runNode(
	setup: NodeSetup,
	ledger: Partial<LedgerService>,
): Promise<INodeExecutionData[][]> {
	return await run(nodeContext(setup), async (_context, work) => await work(ledger as LedgerService));
}
