import { NodeOperationError } from 'n8n-workflow';
import { NO_RETRY } from '../../shared/credentialTest';
import { type ApiClient, type ApiContext, pause } from '../../shared/http';
import { getData, type NetworkAnalyticsClient, segment, sendCall } from './client';

/** Where a kind of search lives; `{id}` stands for the search. */
export interface JobKind {
	/** For error texts, e.g. `search for flows`. */
	name: string;
	/** Below the tenant. */
	api: string;
	queries: string;
	results: string;
	/** Whether the manager has a call that deletes such a search. */
	deletable: boolean;
}

export const SECURITY_EVENTS: JobKind = {
	name: 'search for security events',
	api: '/sw-reporting/v1',
	queries: '/security-events/queries',
	results: '/security-events/results/{id}',
	deletable: true,
};

export const FLOWS: JobKind = {
	name: 'search for flows',
	api: '/sw-reporting/v2',
	queries: '/flows/queries',
	results: '/flows/queries/{id}/results',
	deletable: true,
};

export const TOP_CONVERSATIONS: JobKind = {
	name: 'report of top conversations',
	api: '/sw-reporting/v1',
	queries: '/flow-reports/top-conversations/queries',
	results: '/flow-reports/top-conversations/results/{id}',
	deletable: false,
};

export interface JobOptions {
	/** How long the search may take, ms. */
	waitMs: number;
	itemIndex?: number;
}

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 5_000;
const PAUSE_GROWTH = 1.5;

type Json = Record<string, unknown>;

/** State of a search. The manager has three envelopes for it. */
interface JobState {
	id: string | undefined;
	status: string;
	percent: number;
}

/**
 * Starts a search, waits for its end with growing pauses, and fetches what it found. The search is deleted at the
 * manager whatever happened, where it can be, so that it does not count against the searches that a user may run.
 *
 * @returns `data` of the results
 * @throws NodeOperationError when the search fails, or takes longer than `waitMs`
 */
export async function runJob(
	context: ApiContext,
	client: NetworkAnalyticsClient,
	kind: JobKind,
	body: object,
	{ waitMs, itemIndex }: JobOptions,
): Promise<Json> {
	const deadline = Date.now() + waitMs;
	const { api } = client;
	const tenant = `${kind.api}/tenants/${segment(await client.tenantId(itemIndex))}`;
	const path = `${tenant}${kind.queries}`;
	const answer = await getData<unknown>(context, api, {
		method: 'POST',
		path,
		body,
		idempotent: true,
		itemIndex,
	});
	const started = stateOf(answer);
	if (started.id === undefined) {
		throw jobError(context, `The manager did not start the ${kind.name}`, itemIndex, 'It gave no ID.');
	}
	const jobPath = `${path}/${segment(started.id)}`;
	try {
		await waitForEnd(context, api, kind, jobPath, started, { deadline, waitMs, itemIndex });
		const resultsPath = tenant + kind.results.replace('{id}', segment(started.id));
		return fields(await getData<unknown>(context, api, { method: 'GET', path: resultsPath, itemIndex }));
	} finally {
		if (kind.deletable) await deleteJob(context, api, jobPath);
	}
}

async function waitForEnd(
	context: ApiContext,
	api: ApiClient,
	kind: JobKind,
	path: string,
	started: JobState,
	{ deadline, waitMs, itemIndex }: JobOptions & { deadline: number },
): Promise<void> {
	let state = started;
	for (let pauseMs = FIRST_PAUSE_MS; !isOver(state); pauseMs *= PAUSE_GROWTH) {
		if (hasFailed(state)) {
			const reason = `Its status is ${state.status}.`;
			throw jobError(context, `The ${kind.name} failed at the manager`, itemIndex, reason);
		}
		const left = deadline - Date.now();
		if (left <= 0) throw tooSlow(context, kind, waitMs, state, itemIndex);
		await pause(context, Math.min(pauseMs, LONGEST_PAUSE_MS, left));
		state = stateOf(await getData<unknown>(context, api, { method: 'GET', path, itemIndex }));
	}
}

/** Best effort: an abandoned search ends by itself, and what it found must not be lost for this. */
async function deleteJob(context: ApiContext, api: ApiClient, path: string): Promise<void> {
	const impatient: ApiClient = { ...api, retry: NO_RETRY, canRefresh: false, timeoutMs: 10_000 };
	const call = { method: 'DELETE' as const, path, evenWhenCancelled: true };
	await sendCall(context, impatient, call).catch(() => undefined);
}

/** Security events say `searchJob.searchJobStatus` first and `status` later, flows `query`, reports neither. */
function stateOf(data: unknown): JobState {
	const envelope = fields(data);
	const state = { ...envelope, ...fields(envelope.query), ...fields(envelope.searchJob) };
	const id = state.id ?? state.queryId;
	return {
		id: typeof id === 'string' || typeof id === 'number' ? String(id) : undefined,
		status: String(state.status ?? state.searchJobStatus ?? '').toUpperCase(),
		percent: Number(state.percentComplete ?? 0),
	};
}

const hasFailed = ({ status }: JobState): boolean => /FAIL|CANCEL|ERROR|ABORT|EXPIRED/.test(status);

const isOver = (state: JobState): boolean =>
	!hasFailed(state) && (state.status === 'COMPLETED' || state.percent >= 100);

const fields = (value: unknown): Json =>
	typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {};

function tooSlow(
	context: ApiContext,
	kind: JobKind,
	waitMs: number,
	{ percent }: JobState,
	itemIndex?: number,
): Error {
	const seconds = Math.round(waitMs / 1_000);
	return jobError(
		context,
		`The ${kind.name} was not over after ${seconds} seconds`,
		itemIndex,
		`It was done to ${Math.floor(percent)} %. Ask for a shorter span of time, or raise "Wait At Most".`,
	);
}

function jobError(
	context: ApiContext,
	message: string,
	itemIndex: number | undefined,
	description: string,
): Error {
	return new NodeOperationError(context.getNode(), message, { itemIndex, description });
}
