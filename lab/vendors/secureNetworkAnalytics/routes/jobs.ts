import { misuse, Refusal } from '../../shared/refusal';
import { type Job, type JobKind, MAX_RUNNING, statusOf } from '../jobs';
import type { Call, Span } from '../route';

/**
 * Starts a search for the user.
 *
 * @throws Refusal 429 when the user has as many running as are allowed. Since no document gives the number, reaching
 * it is no violation.
 */
export function startJob({ manager, account, now }: Call, kind: JobKind, span: Span, run: Job['run']): Job {
	if (manager.jobs.running(now, account.username).length >= MAX_RUNNING) {
		throw new Refusal(429, `More than ${MAX_RUNNING} searches of one user at once`);
	}
	return manager.jobs.start(kind, account.username, now, span, run);
}

export function jobOf({ manager, params, now }: Call, kind: JobKind): Job {
	const job = manager.jobs.find(kind, params.id, now);
	if (!job) throw new Refusal(404, `No search ${params.id}`);
	return job;
}

/** Marks answers to those who don't wait: the appliance shows nothing yet, and so hides what it will find. */
export function earlyReading(job: Job, now: number): { violation?: string } {
	return statusOf(job, now) === 'IN_PROGRESS'
		? { violation: 'results were read before the search had ended' }
		: {};
}

/** A whole number per id of a list in the body. */
export function idList(value: unknown, name: string): number[] {
	if (value === undefined) return [];
	const fits = Array.isArray(value) && value.every((id) => Number.isInteger(id));
	if (!fits) throw misuse(400, `${name} must be a list of numbers`);
	return value as number[];
}
