import { randomHex } from '../shared/values';
import type { Span } from './route';

/** Searches that a user may have running at once. The document names no number: the lab's choice. */
export const MAX_RUNNING = 5;

const SECOND = 1_000;
const HOUR = 3_600_000;
const SHORTEST_MS = 1_000;
const LONGEST_MS = 3_000;

/** How long results can be fetched; ms. The lab's choice as well. */
const KEPT_MS = 10 * 60_000;

export type JobKind = 'securityEvents' | 'flows' | `flowReport:${string}`;

export type JobStatus = 'IN_PROGRESS' | 'COMPLETED' | 'FAILED';

/** A search that runs in the background. */
export interface Job {
	id: string;
	kind: JobKind;
	owner: string;
	startedAt: number;
	/** Infinity for one that hangs. */
	endsAt: number;
	fails: boolean;
	/** Answers the search. Called once, when it is over. */
	run(now: number): unknown[];
	results?: unknown[];
}

/** Misbehaviour of searches that a fault asks for. */
export interface JobFaults {
	/** Searches end without a result. */
	jobsFail: boolean;
	/** Searches never end. */
	jobsHang: boolean;
	/** Searches take so many seconds for each hour of their span; 0: a moment. */
	jobsSlow: number;
}

/** The manager's searches. */
export class Jobs {
	readonly faults: JobFaults = { jobsFail: false, jobsHang: false, jobsSlow: 0 };

	private jobs: Job[] = [];

	constructor(private readonly random: () => number) {}

	running(now: number, owner?: string): Job[] {
		return this.jobs.filter((job) => now < job.endsAt && (owner === undefined || job.owner === owner));
	}

	start(kind: JobKind, owner: string, now: number, { from, to }: Span, run: Job['run']): Job {
		const momentMs = Math.round(SHORTEST_MS + this.random() * (LONGEST_MS - SHORTEST_MS));
		const lastsMs = momentMs + (this.faults.jobsSlow * SECOND * (to - from)) / HOUR;
		const job: Job = {
			id: randomHex(this.random, 24),
			kind,
			owner,
			startedAt: now,
			endsAt: this.faults.jobsHang ? Number.POSITIVE_INFINITY : now + lastsMs,
			fails: this.faults.jobsFail,
			run,
		};
		this.jobs.push(job);
		return job;
	}

	find(kind: JobKind, id: string, now: number): Job | undefined {
		this.jobs = this.jobs.filter(({ endsAt }) => now < endsAt + KEPT_MS);
		return this.jobs.find((job) => job.id === id && job.kind === kind);
	}

	remove(job: Job): void {
		this.jobs = this.jobs.filter((other) => other !== job);
	}
}

export function statusOf(job: Job, now: number): JobStatus {
	if (now < job.endsAt) return 'IN_PROGRESS';
	return job.fails ? 'FAILED' : 'COMPLETED';
}

/** 0 to 99 while it runs, 100 at its end. */
export function percentOf(job: Job, now: number): number {
	if (now >= job.endsAt) return 100;
	return Math.min(99, Math.floor(((now - job.startedAt) / (job.endsAt - job.startedAt)) * 100));
}

/** What was found; nothing while the search runs or when it failed. Later calls get the same. */
export function resultsOf(job: Job, now: number): unknown[] {
	if (statusOf(job, now) !== 'COMPLETED') return [];
	job.results ??= job.run(now);
	return job.results;
}
