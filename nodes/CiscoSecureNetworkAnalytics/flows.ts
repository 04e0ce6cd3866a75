import type { IDataObject } from 'n8n-workflow';
import type { ApiContext } from '../shared/http';
import type { TimeWindow } from '../shared/pollState';
import { searchTime, upToSecond } from './times';
import type { NetworkAnalyticsClient } from './transport/client';
import { FLOWS, type JobOptions, runJob } from './transport/jobs';

/** Addresses of one end of a flow; empty lists stand for any. */
export interface EndFilter {
	includes: readonly string[];
	excludes: readonly string[];
}

export interface FlowFilter {
	subject: EndFilter;
	peer: EndFilter;
	/** Flows that the manager hands out at most. */
	recordLimit: number;
	/** Further criteria of the search, as Cisco documents them; merged into the body. */
	more?: IDataObject;
}

/** Criteria that are applied to what the manager answers; empty lists stand for any. */
export interface FlowSelection {
	/** Ports at either end. */
	ports: readonly string[];
	applicationIds: readonly string[];
}

/** Flows of a span of time, as the manager gives them. */
export async function readFlows(
	context: ApiContext,
	client: NetworkAnalyticsClient,
	window: TimeWindow,
	filter: FlowFilter,
	options: JobOptions,
): Promise<IDataObject[]> {
	const { flows } = await runJob(context, client, FLOWS, flowQuery(window, filter), options);
	return Array.isArray(flows) ? (flows as IDataObject[]) : [];
}

/** Body of POST …/flows/queries. */
export function flowQuery(window: TimeWindow, filter: FlowFilter): IDataObject {
	const { recordLimit, more = {} } = filter;
	return {
		startDateTime: searchTime(window.from),
		endDateTime: searchTime(upToSecond(window.to)),
		recordLimit,
		...more,
		...endQuery('subject', filter.subject, more),
		...endQuery('peer', filter.peer, more),
	};
}

function endQuery(
	end: 'subject' | 'peer',
	{ includes, excludes }: EndFilter,
	more: IDataObject,
): IDataObject {
	if (includes.length === 0 && excludes.length === 0) return {};
	const ipAddresses = { includes: [...includes], excludes: [...excludes] };
	return { [end]: { ...(more[end] as IDataObject | undefined), ipAddresses } };
}

/** Whether a flow is one of those asked for. */
export function isSelected(flow: IDataObject, { ports, applicationIds }: FlowSelection): boolean {
	const flowPorts = [portOf(flow.subject), portOf(flow.peer)];
	return (
		(ports.length === 0 || flowPorts.some((port) => port !== undefined && ports.includes(String(port)))) &&
		(applicationIds.length === 0 || applicationIds.includes(String(flow.applicationId)))
	);
}

/** The ten fields of a flow that tell who talked with whom, and how much. */
export function simpleFlow(flow: IDataObject): IDataObject {
	const { subject, peer, statistics } = flow as Record<string, IDataObject | undefined>;
	return {
		id: flow.id,
		firstActiveTime: statistics?.firstActiveTime,
		lastActiveTime: statistics?.lastActiveTime,
		protocol: flow.protocol,
		applicationId: flow.applicationId,
		subject: simpleEnd(subject),
		peer: simpleEnd(peer),
		byteCount: statistics?.byteCount,
		packetCount: statistics?.packetCount,
		activeDurationMs: statistics?.activeDuration,
	};
}

const simpleEnd = (end: IDataObject | undefined): IDataObject => ({
	ipAddress: end?.ipAddress,
	port: portOf(end),
	orientation: end?.orientation,
	bytes: end?.bytes,
	countryCode: end?.countryCode,
});

function portOf(end: unknown): number | undefined {
	const { portProtocol } = (end ?? {}) as { portProtocol?: { port?: number } };
	return portProtocol?.port;
}

/** What a host did in a span of time, from its flows. */
export interface HostSnapshot extends IDataObject {
	ipAddress: string;
	from: string;
	to: string;
	flowCount: number;
	/** Whether the manager may have more flows than were asked for. */
	truncated: boolean;
	bytesSent: number;
	bytesReceived: number;
	firstActiveTime: string | null;
	lastActiveTime: string | null;
	/** Most bytes first. */
	peers: IDataObject[];
	/** Ports at the serving end, most bytes first. */
	services: IDataObject[];
	hostGroupIds: number[];
}

const TOP = 10;

/** @param flows of the host as subject */
export function snapshotOf(
	ipAddress: string,
	window: TimeWindow,
	flows: readonly IDataObject[],
	recordLimit: number,
): HostSnapshot {
	const sides = flows.map((flow) => ({ flow, own: endOf(flow, 'subject'), other: endOf(flow, 'peer') }));
	const times = (name: string) => flows.flatMap(({ statistics }) => textOf(statistics, name) ?? []).sort();
	return {
		ipAddress,
		from: new Date(window.from).toISOString(),
		to: new Date(window.to).toISOString(),
		flowCount: flows.length,
		truncated: flows.length >= recordLimit,
		bytesSent: sum(sides.map(({ own }) => own.bytes)),
		bytesReceived: sum(sides.map(({ other }) => other.bytes)),
		firstActiveTime: times('firstActiveTime')[0] ?? null,
		lastActiveTime: times('lastActiveTime').at(-1) ?? null,
		peers: totals(sides, ({ other }) => ({ ipAddress: other.ipAddress, countryCode: other.countryCode })),
		services: totals(sides, ({ flow, own, other }) => ({
			port: portOf(own.orientation === 'server' ? own : other) ?? null,
			protocol: flow.protocol,
			served: own.orientation === 'server',
		})),
		hostGroupIds: [...new Set(sides.flatMap(({ own }) => (own.hostGroupIds as number[] | undefined) ?? []))],
	};
}

interface FlowSides {
	flow: IDataObject;
	own: IDataObject;
	other: IDataObject;
}

/** Sums of bytes and flows by what identifies a row; the ten rows with most bytes. */
function totals(sides: readonly FlowSides[], identify: (sides: FlowSides) => IDataObject): IDataObject[] {
	const rows = new Map<string, IDataObject & { bytes: number; flows: number }>();
	for (const side of sides) {
		const identity = identify(side);
		const key = JSON.stringify(identity);
		const row = rows.get(key) ?? { ...identity, bytes: 0, flows: 0 };
		row.bytes += sum([side.own.bytes, side.other.bytes]);
		row.flows += 1;
		rows.set(key, row);
	}
	return [...rows.values()].sort((a, b) => b.bytes - a.bytes).slice(0, TOP);
}

const endOf = (flow: IDataObject, end: string): IDataObject => (flow[end] as IDataObject | undefined) ?? {};

const textOf = (fields: unknown, name: string): string | undefined => {
	const value = (fields as IDataObject | undefined)?.[name];
	return typeof value === 'string' ? value : undefined;
};

const sum = (values: readonly unknown[]): number =>
	values.reduce<number>((total, value) => total + (Number(value) || 0), 0);
