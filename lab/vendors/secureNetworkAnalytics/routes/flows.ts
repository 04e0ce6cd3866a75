import { TENANT } from '../accounts';
import { flowRecord, searchFlows } from '../flows';
import { type Job, percentOf, resultsOf, statusOf } from '../jobs';
import { addressFilter, countOf, data, requiredFields, type Route, spanOf } from '../route';
import { parseQueryTime } from '../times';
import { earlyReading, jobOf, startJob } from './jobs';

const BASE = '/sw-reporting/v2/tenants/:tenant/flows/queries';
const KIND = 'flows';
const FIELDS = [
	'searchName',
	'startDateTime',
	'endDateTime',
	'recordLimit',
	'subject',
	'peer',
	'flow',
	'protocol',
] as const;

const DEFAULT_RECORDS = 1_000;
const MAX_RECORDS = 50_000;

/** The domain is a text in this part of the API, a number in the others. */
function queryOf(job: Job, now: number): Record<string, unknown> {
	return {
		query: {
			domainId: String(TENANT.id),
			id: job.id,
			percentComplete: percentOf(job, now),
			status: statusOf(job, now),
		},
	};
}

/** Searches of flows. Filters by address are played; `flow` and `protocol` are accepted. */
export const flowRoutes: Route[] = [
	{
		method: 'POST',
		path: BASE,
		handle: (call) => {
			const body = requiredFields(call, FIELDS);
			const span = spanOf(body, ['startDateTime', 'endDateTime'], parseQueryTime, '2024-01-01T10:00:00Z');
			const limit = countOf(body, 'recordLimit', DEFAULT_RECORDS, MAX_RECORDS);
			const [subject, peer] = [addressFilter(body, 'subject'), addressFilter(body, 'peer')];
			const { manager } = call;
			const job = startJob(call, KIND, span, (now) =>
				searchFlows(manager.flows(span, now), span, subject, peer)
					.slice(0, limit)
					.map((sided) => flowRecord(sided, (ip) => manager.groups.of(ip))),
			);
			return data(queryOf(job, call.now), 201);
		},
	},
	{ method: 'GET', path: `${BASE}/:id`, handle: (call) => data(queryOf(jobOf(call, KIND), call.now)) },
	{
		method: 'GET',
		path: `${BASE}/:id/results`,
		handle: (call) => {
			const job = jobOf(call, KIND);
			return { ...data({ flows: resultsOf(job, call.now) }), ...earlyReading(job, call.now) };
		},
	},
	{
		method: 'DELETE',
		path: `${BASE}/:id`,
		handle: (call) => {
			call.manager.jobs.remove(jobOf(call, KIND));
			return { status: 204 };
		},
	},
];
