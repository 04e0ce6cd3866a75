/** Times as each part of the API writes them. */

const QUERY_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;
const REPORT_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}$/;

/** Epoch ms of `2024-01-01T10:00:00Z`, the only form that security event and flow queries take. */
export function parseQueryTime(value: unknown): number | undefined {
	return typeof value === 'string' && QUERY_TIME.test(value) ? valid(Date.parse(value)) : undefined;
}

/** Epoch ms of `2024-01-01T10:00:00.000`, the only form that top reports take: UTC, but without Z. */
export function parseReportTime(value: unknown): number | undefined {
	return typeof value === 'string' && REPORT_TIME.test(value) ? valid(Date.parse(`${value}Z`)) : undefined;
}

function valid(time: number): number | undefined {
	return Number.isNaN(time) ? undefined : time;
}

/** `2021-02-04T13:20:38.000+0000`, as records carry times: whole seconds, and an offset without colon. */
export function recordTime(at: number): string {
	return `${new Date(at).toISOString().slice(0, 19)}.000+0000`;
}

/** `2021-02-04T13:00:00Z`, as headers of reports carry times. */
export function plainTime(at: number): string {
	return `${new Date(at).toISOString().slice(0, 19)}Z`;
}
