import { NodeApiError, NodeOperationError } from 'n8n-workflow';
import type { ApiContext } from '../../shared/http';
import { outcomeOf, type Outcome } from './nodeGroup';

/** One of several interfaces that give the same thing. */
export interface Alternative<T> {
	/** As the user knows it, for errors. */
	name: string;
	by: T;
}

/**
 * Several interfaces to the same thing, preferred one first. When one fails, the next is asked, and kept for the rest
 * of the execution. One that refused the account is not asked again: further wrong logins would lock the account.
 */
export class Alternatives<T> {
	private preferred = 0;

	private readonly refused = new Map<Alternative<T>, Error>();

	constructor(
		private readonly context: ApiContext,
		private readonly all: readonly Alternative<T>[],
	) {}

	/** @throws the error of the only interface, or one that tells what each of them said. */
	async run<R>(work: (by: T) => Promise<R>): Promise<R> {
		const failures: { name: string; error: Error }[] = [];
		for (const alternative of this.inOrder()) {
			const outcome = await this.ask(alternative, work);
			if ('answer' in outcome) {
				this.preferred = this.all.indexOf(alternative);
				return outcome.answer;
			}
			if (this.isCancelled()) throw outcome.error;
			failures.push({ name: alternative.name, error: outcome.error });
		}
		throw this.failure(failures);
	}

	private async ask<R>(alternative: Alternative<T>, work: (by: T) => Promise<R>): Promise<Outcome<R>> {
		const refusal = this.refused.get(alternative);
		if (refusal) return { error: refusal };
		const outcome = await outcomeOf(work(alternative.by));
		if ('error' in outcome && isAccountRefusal(outcome.error)) this.refused.set(alternative, outcome.error);
		return outcome;
	}

	private inOrder(): Alternative<T>[] {
		return [...this.all.slice(this.preferred), ...this.all.slice(0, this.preferred)];
	}

	private failure(failures: { name: string; error: Error }[]): Error {
		if (failures.length === 1) return failures[0].error;
		const names = failures.map(({ name }) => name).join(' and ');
		return new NodeOperationError(
			this.context.getNode(),
			`${names} both failed: ${failures.map(({ error }) => error.message).join('; ')}`,
			{ description: failures.map(({ name, error }) => `${name}: ${descriptionOf(error)}`).join(' ') },
		);
	}

	private isCancelled(): boolean {
		return (
			'getExecutionCancelSignal' in this.context && this.context.getExecutionCancelSignal()?.aborted === true
		);
	}
}

/** Whether an interface did not take the account, which it may lock after more wrong logins. */
export function isAccountRefusal(error: unknown): error is NodeApiError {
	return error instanceof NodeApiError && ['401', '403'].includes(error.httpCode ?? '');
}

function descriptionOf(error: Error): string {
	return 'description' in error && error.description ? String(error.description) : error.message;
}
