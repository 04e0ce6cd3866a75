import { NodeApiError } from 'n8n-workflow';
import { send, type ApiCall, type ApiClient, type ApiContext, type ApiResponse } from '../../shared/http';

const UNAVAILABLE = ['502', '503', '504'];

/** What became of something that may fail. */
export type Outcome<T> = { answer: T } | { error: Error };

/**
 * The nodes of a deployment that can answer the same calls, preferred one first. The next node is asked when
 * one can't be reached or answers 502, 503 or 504, and is then kept for the rest of the execution.
 * A refusal (4xx) is an answer: no other node is asked.
 */
export class NodeGroup {
	private preferred = 0;

	/** @param alsoUnavailable further statuses after which the next node is asked */
	constructor(
		readonly nodes: readonly ApiClient[],
		private readonly alsoUnavailable: readonly string[] = [],
	) {}

	/** @throws NodeApiError of the last node that was asked. */
	async send(context: ApiContext, call: ApiCall): Promise<ApiResponse> {
		return await this.run(context, call, async (node) => await send(context, node, call));
	}

	/** As {@link send}, with a way of one's own to ask the chosen node. */
	async run<T>(context: ApiContext, call: ApiCall, ask: (node: ApiClient) => Promise<T>): Promise<T> {
		let index = this.preferred;
		for (let tried = 1; ; tried++) {
			const outcome = await outcomeOf(ask(this.nodes[index]));
			if ('answer' in outcome) return outcome.answer;
			if (tried >= this.nodes.length || !this.otherNodeMayAnswer(context, call, outcome.error))
				throw outcome.error;
			const next = (index + 1) % this.nodes.length;
			if (this.preferred === index) this.preferred = next;
			index = next;
		}
	}

	private otherNodeMayAnswer(context: ApiContext, call: ApiCall, error: Error): boolean {
		const repeatable = call.idempotent ?? !['POST', 'PATCH'].includes(call.method);
		if (!repeatable || !(error instanceof NodeApiError) || isCancelled(context)) return false;
		return error.httpCode === null || [...UNAVAILABLE, ...this.alsoUnavailable].includes(error.httpCode);
	}
}

export async function outcomeOf<T>(work: Promise<T>): Promise<Outcome<T>> {
	try {
		return { answer: await work };
	} catch (error) {
		return { error: error as Error };
	}
}

function isCancelled(context: ApiContext): boolean {
	return 'getExecutionCancelSignal' in context && context.getExecutionCancelSignal()?.aborted === true;
}
