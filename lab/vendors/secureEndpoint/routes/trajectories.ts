import type { WorldHost } from '../../../world/world';
import { misuse } from '../../shared/refusal';
import { computerSummary, computerView } from '../computerView';
import { single } from '../envelope';
import type { StoredEvent } from '../events';
import { answerPage, type Call, computerOf, pageArguments, PAGING, type Route } from '../route';

/** Fields that a trajectory leaves out because its computer says them once. */
const SAID_ONCE = new Set(['computer', 'connector_guid']);

function trajectoryEntry(event: StoredEvent): Record<string, unknown> {
	return Object.fromEntries(Object.entries(event.wire).filter(([name]) => !SAID_ONCE.has(name)));
}

function requiredSearch({ query }: Call): string {
	const search = query.get('q');
	if (!search) throw misuse(400, 'Missing parameter: q');
	return search;
}

/** Whether the event shows the address, hash, file name or part of a URL. */
function mentions(event: StoredEvent, search: string): boolean {
	const { file, network_info: network } = event.wire as {
		file?: { file_name?: string };
		network_info?: { dirty_url?: string; remote_ip?: string; local_ip?: string };
	};
	const wanted = search.toLowerCase();
	if ([event.detectionSha256, event.applicationSha256].includes(wanted)) return true;
	if (file?.file_name?.toLowerCase() === wanted) return true;
	if ([network?.remote_ip, network?.local_ip].includes(wanted)) return true;
	return network?.dirty_url?.toLowerCase().includes(wanted) ?? false;
}

/** Visible events, newest first. */
function visible({ estate, now }: Call): StoredEvent[] {
	return estate.events.filter((event) => event.visibleAt <= now).reverse();
}

function trajectory(call: Call, keep: (event: StoredEvent) => boolean) {
	const host = computerOf(call);
	const { limit } = pageArguments(call, 5000);
	const events = visible(call).filter((event) => event.connectorGuid === host.connectorGuid && keep(event));
	return single(call.url, {
		computer: computerView(call.estate, host, call.now),
		events: events.slice(0, limit).map(trajectoryEntry),
	});
}

const getTrajectory: Route = {
	method: 'GET',
	path: '/computers/:guid/trajectory',
	query: ['q', 'limit'],
	handle(call) {
		const search = call.query.get('q');
		return trajectory(call, (event) => search === null || mentions(event, search));
	},
};

const getUserTrajectory: Route = {
	method: 'GET',
	path: '/computers/:guid/user_trajectory',
	query: ['q', 'limit'],
	handle(call) {
		const user = call.query.get('q')?.toLowerCase();
		return trajectory(
			call,
			(event) => event.user !== undefined && (!user || event.user.toLowerCase().includes(user)),
		);
	},
};

/** Hosts of the estate that have an event of the kind, newest event first. */
function hostsWith(call: Call, keep: (event: StoredEvent) => boolean): WorldHost[] {
	const guids = new Set(
		visible(call)
			.filter(keep)
			.map((event) => event.connectorGuid),
	);
	return [...guids]
		.map((guid) => (guid ? call.estate.computer(guid) : undefined))
		.filter((host) => host !== undefined);
}

const findActivity: Route = {
	method: 'GET',
	path: '/computers/activity',
	query: ['q', ...PAGING],
	handle(call) {
		const search = requiredSearch(call);
		const hosts = hostsWith(call, (event) => mentions(event, search));
		return answerPage(call, hosts, (host) => computerSummary(call.estate, host, search));
	},
};

const findUserActivity: Route = {
	method: 'GET',
	path: '/computers/user_activity',
	query: ['q', ...PAGING],
	handle(call) {
		const user = requiredSearch(call).toLowerCase();
		const active = hostsWith(call, (event) => event.user?.toLowerCase().includes(user) ?? false);
		const signedIn = call.estate.computers().filter((host) => host.user?.toLowerCase().includes(user));
		const hosts = [...new Set([...active, ...signedIn])];
		return answerPage(call, hosts, (host) => computerSummary(call.estate, host));
	},
};

export const trajectoryRoutes: Route[] = [getTrajectory, getUserTrajectory, findActivity, findUserActivity];
