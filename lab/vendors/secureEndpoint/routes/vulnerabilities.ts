import { computerSummary } from '../computerView';
import { single } from '../envelope';
import type { StoredEvent } from '../events';
import {
	answerPage,
	type Call,
	computerOf,
	PAGING,
	type Route,
	sha256Argument,
	timeArgument,
} from '../route';

interface Vulnerability {
	application: string;
	version: string;
	sha256: string;
	fileName: string;
	cves: { id: string; link: string; cvss: number }[];
	latest: StoredEvent;
	connectorGuids: Set<string>;
}

const WINDOW = ['start_time', 'end_time'];

function vulnerabilityEvents({ estate, query, now }: Call): StoredEvent[] {
	const start = query.get('start_time');
	const end = query.get('end_time');
	const from = start === null ? Number.NEGATIVE_INFINITY : timeArgument(start, 'start_time');
	const to = end === null ? Number.POSITIVE_INFINITY : timeArgument(end, 'end_time');
	return estate.events.filter(
		({ type, at, visibleAt }) => type.shape === 'vulnerable' && visibleAt <= now && at >= from && at <= to,
	);
}

/** Vulnerable programs by file hash, each with the newest event and all computers that have it. */
function vulnerabilities(events: StoredEvent[]): Vulnerability[] {
	const found = new Map<string, Vulnerability>();
	for (const event of events) {
		const { file, vulnerabilities: list } = event.wire as {
			file: { file_name: string };
			vulnerabilities: { name: string; version: string; cves: Vulnerability['cves'] }[];
		};
		const sha256 = event.detectionSha256 as string;
		const { name, version, cves } = list[0];
		const connectorGuids = found.get(sha256)?.connectorGuids ?? new Set<string>();
		connectorGuids.add(event.connectorGuid as string);
		const fileName = file.file_name;
		found.set(sha256, { application: name, version, sha256, fileName, cves, latest: event, connectorGuids });
	}
	return [...found.values()].reverse();
}

function vulnerabilityView(vulnerability: Vulnerability): Record<string, unknown> {
	const { application, version, sha256, fileName, cves, latest } = vulnerability;
	return {
		application,
		version,
		file: { filename: fileName, identity: { sha256 } },
		cves,
		latest_timestamp: Math.floor(latest.at / 1000),
		latest_date: latest.wire.date,
	};
}

function computersOf({ estate }: Call, { connectorGuids }: Vulnerability) {
	return [...connectorGuids].map((guid) => estate.computer(guid)).filter((host) => host !== undefined);
}

const listVulnerabilities: Route = {
	method: 'GET',
	path: '/vulnerabilities',
	query: ['group_guid', 'group_guid[]', ...WINDOW, ...PAGING],
	handle(call) {
		const groups = [...call.query.getAll('group_guid[]'), ...call.query.getAll('group_guid')];
		const events = vulnerabilityEvents(call).filter(
			({ groupGuid }) => groups.length === 0 || groups.includes(groupGuid ?? ''),
		);
		return answerPage(call, vulnerabilities(events), (vulnerability) => {
			const hosts = computersOf(call, vulnerability);
			const own = new Set(hosts.map((host) => call.estate.groupOf(host)));
			return {
				...vulnerabilityView(vulnerability),
				groups: [...own].map(({ name, guid }) => ({ name, guid })),
				computers_total_count: hosts.length,
				computers: hosts.slice(0, 10).map((host) => computerSummary(call.estate, host)),
			};
		});
	},
};

const listVulnerableComputers: Route = {
	method: 'GET',
	path: '/vulnerabilities/:sha256/computers',
	query: [...WINDOW, ...PAGING],
	handle(call) {
		const sha256 = sha256Argument(call.params.sha256, 'sha256');
		const found = vulnerabilities(vulnerabilityEvents(call)).find((entry) => entry.sha256 === sha256);
		const hosts = found ? computersOf(call, found) : [];
		return answerPage(call, hosts, (host) => computerSummary(call.estate, host));
	},
};

const listOfComputer: Route = {
	method: 'GET',
	path: '/computers/:guid/vulnerabilities',
	query: WINDOW,
	handle(call) {
		const host = computerOf(call);
		const events = vulnerabilityEvents(call).filter(
			({ connectorGuid }) => connectorGuid === host.connectorGuid,
		);
		return single(call.url, {
			...computerSummary(call.estate, host),
			vulnerabilities: vulnerabilities(events).map(vulnerabilityView),
		});
	},
};

export const vulnerabilityRoutes: Route[] = [listVulnerabilities, listVulnerableComputers, listOfComputer];
