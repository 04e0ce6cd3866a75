import type { IExecuteFunctions } from 'n8n-workflow';
import type { Actor } from '../../../ledger/api';
import { parameterError } from '../../shared/errors';

/** For the audit trail: the name in "Acting For", else `workflow`, and the execution that did it. */
export function workflowActor(context: IExecuteFunctions, itemIndex: number): Actor {
	const { actingFor } = context.getNodeParameter('options', itemIndex, {}) as { actingFor?: string };
	return { name: actingFor?.trim() || 'workflow', execution: execution(context) };
}

/** A person who answers for the operation: the value of a required field. */
export function personActor(
	context: IExecuteFunctions,
	field: 'approver' | 'requester',
	itemIndex: number,
): Actor {
	const name = String(context.getNodeParameter(field, itemIndex) ?? '').trim();
	if (!name) {
		const label = field === 'approver' ? 'Approver' : 'Requester';
		throw parameterError(context.getNode(), `"${label}" is empty: say who answers for this`, itemIndex);
	}
	return { name, execution: execution(context) };
}

function execution(context: IExecuteFunctions): string {
	const { name, id } = context.getWorkflow();
	return `${name ?? id}#${context.getExecutionId()}`;
}
