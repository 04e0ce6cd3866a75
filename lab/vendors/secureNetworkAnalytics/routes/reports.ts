import { isIP } from 'node:net';
import { misuse } from '../../shared/refusal';
import { ACCOUNTS, TENANT } from '../accounts';
import { inRanges } from '../addresses';
import { CATEGORY_IDS } from '../catalogue';
import { flowOf } from '../flows';
import { isInside } from '../hostGroups';
import { type Call, data, type Route } from '../route';
import type { SecurityEvent } from '../securityEvents';
import { plainTime } from '../times';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const INTERNAL = '/sw-reporting/v1/tenants/:tenant/internalHosts';

/** Points that count as severity 1; the lab's choice. */
const THRESHOLD = 10_000;

function lastDay({ manager, now }: Call): SecurityEvent[] {
	return manager.events
		.all()
		.filter(({ visibleAt, lastActive }) => visibleAt <= now && lastActive > now - DAY);
}

/** Points per category that the events add up to, in the form of the report. */
function categoryEvents(events: readonly SecurityEvent[], everyone: number): unknown[] {
	const points = new Map<number, number>();
	for (const event of events) {
		const own = event.type.category ? [CATEGORY_IDS[event.type.category]] : [];
		for (const typeId of [everyone, ...own]) points.set(typeId, (points.get(typeId) ?? 0) + event.points);
	}
	return [...points].map(([typeId, sum]) => ({ alwaysBadCount: 0, severity: sum / THRESHOLD, typeId }));
}

/** Inside hosts with events, the worst first. */
function alarmingHosts(call: Call): unknown[] {
	const events = lastDay(call);
	const ips = new Set(events.flatMap(({ source, target }) => [source.ip, target.ip]).filter(isInside));
	const points = (ip: string) =>
		events.filter(({ source }) => source.ip === ip).reduce((sum, event) => sum + event.points, 0);
	return [...ips]
		.sort((a, b) => points(b) - points(a) || a.localeCompare(b))
		.map((ip) => ({
			hostGroupIds: [1, ...call.manager.groups.of(ip).map(({ id }) => id)],
			ipAddress: ip,
			sourceCategoryEvents: categoryEvents(
				events.filter(({ source }) => source.ip === ip),
				CATEGORY_IDS['high-concern-index'],
			),
			sourceSecurityEvents: [],
			targetCategoryEvents: categoryEvents(
				events.filter(({ target }) => target.ip === ip),
				CATEGORY_IDS['high-target-index'],
			),
			targetSecurityEvents: [],
		}));
}

/** Traffic behind security events per hour, the newest hour first. Everyday traffic is left out. */
function hourlyTraffic(call: Call): unknown {
	const { ranges } = call.manager.groups.find(call.params.id);
	const end = Math.floor(call.now / HOUR) * HOUR;
	const flows = lastDay(call).map(flowOf);
	const hours = Array.from({ length: 24 }, (_, index) => {
		const start = end - (index + 1) * HOUR;
		const value = { inboundByteCount: 0, outboundByteCount: 0, withinByteCount: 0 };
		for (const flow of flows.filter((one) => one.start >= start && one.start < start + HOUR)) {
			const [client, server] = [inRanges(flow.client, ranges), inRanges(flow.server, ranges)];
			if (client && server) value.withinByteCount += flow.clientBytes + flow.serverBytes;
			else if (client) value.outboundByteCount += flow.clientBytes;
			else if (server) value.inboundByteCount += flow.clientBytes;
		}
		return { timestamp: plainTime(start), value };
	});
	return { data: hours, header: { endTime: plainTime(end), startTime: plainTime(end - DAY) } };
}

/** Tenants, ready-made reports, users. */
export const reportRoutes: Route[] = [
	{ method: 'GET', path: '/sw-reporting/v1/tenants', handle: () => data([TENANT]) },
	{
		method: 'GET',
		path: `${INTERNAL}/tags`,
		handle: ({ manager: { groups } }) =>
			data(
				groups
					.all()
					.filter(({ location }) => location === 'INSIDE')
					.map(({ id, name }) => ({ displayName: name, id })),
			),
	},
	{
		method: 'GET',
		path: `${INTERNAL}/tags/:id/traffic/hourly`,
		handle: (call) => data(hourlyTraffic(call)),
	},
	{
		method: 'GET',
		path: `${INTERNAL}/alarms/topHosts`,
		handle: (call) =>
			data({
				data: alarmingHosts(call),
				header: { endTime: plainTime(call.now), startTime: plainTime(call.now - DAY) },
			}),
	},
	{
		method: 'GET',
		path: '/sw-reporting/v2/tenants/:anyTenant/incidents',
		query: ['ipAddress'],
		handle: ({ params, query }) => {
			if (params.anyTenant !== '0') throw misuse(400, 'Incidents are asked for with tenant 0');
			if (isIP(query.get('ipAddress') ?? '') === 0) throw misuse(400, 'ipAddress must be an address');
			return data([]);
		},
	},
	{
		method: 'GET',
		path: '/smc-users/rest/v1/users',
		handle: () =>
			data(
				ACCOUNTS.map(({ id, username, fullName, readOnly }) => ({
					id,
					userName: username,
					fullName,
					dataRoleId: readOnly ? 2 : 1,
					isAdmin: false,
				})),
			),
	},
	{
		method: 'GET',
		path: '/smc-users/rest/v1/roles/data-roles',
		handle: () =>
			data([
				{ id: 1, name: 'All Data (Read & Write)' },
				{ id: 2, name: 'All Data (Read Only)' },
			]),
	},
];
