import { isIP } from 'node:net';
import { isObject } from '../../shared/body';
import { misuse } from '../../shared/refusal';
import { CATEGORY_IDS, EVENT_TYPES } from '../catalogue';
import { percentOf, resultsOf, statusOf } from '../jobs';
import { type Call, data, requiredFields, type Route, type Span, spanOf } from '../route';
import { recordOf, type SecurityEvent } from '../securityEvents';
import { parseQueryTime } from '../times';
import { earlyReading, idList, jobOf, startJob } from './jobs';

const BASE = '/sw-reporting/v1/tenants/:tenant/security-events';
const KIND = 'securityEvents';

/** Results reach back a little before what was asked for: real ones do. At most so many, from so long before; ms. */
const EARLIER_EVENTS = 3;
const EARLIER_MS = 5 * 60_000;

interface Filter {
	span: Span;
	typeIds: number[];
	categoryId?: number;
	sources: string[];
	targets: string[];
}

function hostsOf(value: unknown): { ipAddress: string; type: 'source' | 'target' }[] {
	if (value === undefined) return [];
	if (!Array.isArray(value)) throw misuse(400, 'hosts must be a list');
	return value.map((host: unknown) => {
		if (!isObject(host)) throw misuse(400, 'hosts must hold objects');
		const { ipAddress, type } = host;
		if (typeof ipAddress !== 'string' || isIP(ipAddress) === 0) {
			throw misuse(400, `hosts: ipAddress ${JSON.stringify(ipAddress)} is no address`);
		}
		if (type !== 'source' && type !== 'target') throw misuse(400, 'hosts: type must be source or target');
		return { ipAddress, type };
	});
}

function filterOf(call: Call): Filter {
	const body = requiredFields(call, ['timeRange', 'alarmCategoryId', 'hosts', 'securityEventTypeIds']);
	const { timeRange, alarmCategoryId } = body;
	if (!isObject(timeRange)) throw misuse(400, 'timeRange is required');
	if (alarmCategoryId !== undefined && typeof alarmCategoryId !== 'number') {
		throw misuse(400, 'alarmCategoryId must be a number');
	}
	const hosts = hostsOf(body.hosts);
	const side = (wanted: string) =>
		hosts.filter(({ type }) => type === wanted).map(({ ipAddress }) => ipAddress);
	return {
		span: spanOf(timeRange, ['from', 'to'], parseQueryTime, '2024-01-01T10:00:00Z'),
		typeIds: idList(body.securityEventTypeIds, 'securityEventTypeIds'),
		...(alarmCategoryId !== undefined && { categoryId: alarmCategoryId }),
		sources: side('source'),
		targets: side('target'),
	};
}

function fits(
	{ type, source, target }: SecurityEvent,
	{ typeIds, categoryId, sources, targets }: Filter,
): boolean {
	return (
		(typeIds.length === 0 || typeIds.includes(type.id)) &&
		(categoryId === undefined || (type.category && CATEGORY_IDS[type.category]) === categoryId) &&
		(sources.length === 0 || sources.includes(source.ip)) &&
		(targets.length === 0 || targets.includes(target.ip))
	);
}

/** The newest first, as the appliance sorts. */
function search({ manager }: Call, filter: Filter, now: number): unknown[] {
	const { from, to } = filter.span;
	const visible = manager.events
		.all()
		.filter((event) => event.visibleAt <= now && event.firstActive <= to && fits(event, filter))
		.sort((a, b) => b.lastActive - a.lastActive || b.id - a.id);
	const asked = visible.filter(({ lastActive }) => lastActive >= from);
	const earlier = visible.filter(({ lastActive }) => lastActive < from && lastActive >= from - EARLIER_MS);
	return [...asked, ...earlier.slice(0, EARLIER_EVENTS)].map((event) =>
		recordOf(event, (ip) => manager.groups.of(ip)),
	);
}

/** Catalogue and searches of security events. */
export const securityEventRoutes: Route[] = [
	{
		method: 'GET',
		path: `${BASE}/templates`,
		handle: () => data(EVENT_TYPES.map(({ id, name, description }) => ({ id, name, description }))),
	},
	{
		method: 'POST',
		path: `${BASE}/queries`,
		handle: (call) => {
			const filter = filterOf(call);
			const job = startJob(call, KIND, filter.span, (now) => search(call, filter, now));
			return data({ searchJob: { id: job.id, searchJobStatus: 'IN_PROGRESS', percentComplete: 0 } });
		},
	},
	{
		method: 'GET',
		path: `${BASE}/queries/:id`,
		handle: (call) => {
			const job = jobOf(call, KIND);
			return data({ percentComplete: percentOf(job, call.now), status: statusOf(job, call.now) });
		},
	},
	{
		method: 'GET',
		path: `${BASE}/results/:id`,
		handle: (call) => {
			const job = jobOf(call, KIND);
			return { ...data({ results: resultsOf(job, call.now) }), ...earlyReading(job, call.now) };
		},
	},
	{
		method: 'DELETE',
		path: `${BASE}/queries/:id`,
		handle: (call) => {
			call.manager.jobs.remove(jobOf(call, KIND));
			return { status: 204 };
		},
	},
];
