import { type Sided, searchFlows, sidesOf } from '../flows';
import { type JobKind, resultsOf, statusOf } from '../jobs';
import { addressFilter, countOf, data, requiredFields, type Route, spanOf } from '../route';
import { parseReportTime } from '../times';
import { earlyReading, jobOf, startJob } from './jobs';

const BASE = '/sw-reporting/v1/tenants/:tenant/flow-reports';
const FIELDS = ['startTime', 'endTime', 'subject', 'peer', 'maxRows'] as const;
const DEFAULT_ROWS = 50;
const MAX_ROWS = 5_000;

const SERVICE_NAMES: Record<number, string> = { 445: 'smb', 443: 'https', 80: 'http', 53: 'dns', 22: 'ssh' };

/** What identifies a row of each report. The document gives no shapes of rows: these are the lab's. */
const REPORTS: Record<string, (sided: Sided) => Record<string, unknown>> = {
	'top-ports': ({ flow }) => ({ port: flow.serverPort, protocol: flow.protocol }),
	'top-applications': ({ flow }) => ({ name: SERVICE_NAMES[flow.serverPort] ?? 'undefined' }),
	'top-services': ({ flow }) => ({ name: SERVICE_NAMES[flow.serverPort] ?? 'undefined' }),
	'top-protocols': ({ flow }) => ({ protocol: flow.protocol }),
	'top-hosts': (sided) => ({ ipAddress: sidesOf(sided).subject.ip }),
	'top-peers': (sided) => ({ ipAddress: sidesOf(sided).peer.ip }),
	'top-conversations': (sided) => {
		const { subject, peer } = sidesOf(sided);
		return {
			subject: { ipAddress: subject.ip },
			peer: { ipAddress: peer.ip },
			port: sided.flow.serverPort,
			protocol: sided.flow.protocol,
		};
	},
};

interface Total {
	bytes: number;
	flows: number;
}

/** Rows with the most bytes first. */
function rowsOf(report: string, found: readonly Sided[], limit: number): unknown[] {
	const rows = new Map<string, Record<string, unknown> & Total>();
	for (const sided of found) {
		const identity = REPORTS[report](sided);
		const key = JSON.stringify(identity);
		const row = rows.get(key) ?? { ...identity, bytes: 0, flows: 0 };
		row.bytes += sided.flow.clientBytes + sided.flow.serverBytes;
		row.flows += 1;
		rows.set(key, row);
	}
	const sum = [...rows.values()].reduce((total, { bytes }) => total + bytes, 0);
	return [...rows.values()]
		.sort((a, b) => b.bytes - a.bytes)
		.slice(0, limit)
		.map((row) => ({ ...row, percent: sum === 0 ? 0 : (row.bytes / sum) * 100 }));
}

function routesOf(report: string): Route[] {
	const kind: JobKind = `flowReport:${report}`;
	return [
		{
			method: 'POST',
			path: `${BASE}/${report}/queries`,
			handle: (call) => {
				const body = requiredFields(call, FIELDS);
				const span = spanOf(body, ['startTime', 'endTime'], parseReportTime, '2024-01-01T10:00:00.000');
				const limit = countOf(body, 'maxRows', DEFAULT_ROWS, MAX_ROWS);
				const [subject, peer] = [addressFilter(body, 'subject'), addressFilter(body, 'peer')];
				const job = startJob(call, kind, span, (now) =>
					rowsOf(report, searchFlows(call.manager.flows(span, now), span, subject, peer), limit),
				);
				return data({ queryId: job.id, status: statusOf(job, call.now) });
			},
		},
		{
			method: 'GET',
			path: `${BASE}/${report}/queries/:id`,
			handle: (call) => {
				const job = jobOf(call, kind);
				return data({ queryId: job.id, status: statusOf(job, call.now) });
			},
		},
		{
			method: 'GET',
			path: `${BASE}/${report}/results/:id`,
			handle: (call) => {
				const job = jobOf(call, kind);
				return { ...data({ results: resultsOf(job, call.now) }), ...earlyReading(job, call.now) };
			},
		},
	];
}

/** Top reports over flows. */
export const flowReportRoutes: Route[] = Object.keys(REPORTS).flatMap(routesOf);
