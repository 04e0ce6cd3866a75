import { faultyPage } from '../../shared/faults';
import { misuse, Refusal } from '../../shared/refusal';
import { ORG_ID } from '../accounts';
import type { StoredActivity } from '../activity';
import type { Identity } from '../identities';
import { type Call, json, numberArgument } from '../route';
import type { LegacyRoute } from '.';

const DAY = 86_400_000;
const PAGE = 500;
const DEFAULT_PAGE = 100;
const TOP_IDENTITIES = 10;

/** Numbers from here on are milliseconds that someone took for seconds. */
const FIRST_MS = 100_000_000_000;

function checkOrganisation({ params }: Call): void {
	if (params.organisation === String(ORG_ID)) return;
	throw misuse(403, `The key does not belong to organization ${params.organisation}`);
}

/** Epoch ms of a query parameter in epoch seconds. */
function secondsArgument({ query }: Call, name: string, fallback: number): number {
	const text = query.get(name);
	if (text === null) return fallback;
	if (!/^\d+$/.test(text) || Number(text) >= FIRST_MS)
		throw misuse(400, `${name} must be a time in epoch seconds`);
	return Number(text) * 1000;
}

/** The one identity that version 1 names. */
function originOf({ id, label, type }: Identity) {
	const originType = type.type === 'roaming' ? 'Anyconnect Roaming Client' : type.label;
	return { originId: id, originType, originLabel: label };
}

function row({ at, identities, categories, domain, url, verdict, wire }: StoredActivity) {
	return {
		...(identities[0] ? originOf(identities[0]) : {}),
		internalIp: wire.internalip ?? '',
		externalIp: wire.externalip ?? '',
		destination: domain ?? url ?? '',
		categories: categories.map(({ label }) => label),
		actionTaken: (verdict ?? '').toUpperCase(),
		datetime: new Date(at).toISOString(),
	};
}

const isWeb = ({ kind }: StoredActivity): boolean => kind === 'dns' || kind === 'proxy';

const isBlocked = ({ verdict, categories }: StoredActivity): boolean =>
	verdict === 'blocked' && categories.some(({ type }) => type === 'security');

/** DNS and web activity that the report may show, newest first. */
function visible({ organisation, now }: Call): StoredActivity[] {
	return organisation.activities
		.filter((activity) => isWeb(activity) && activity.visibleAt <= now && activity.at > now - DAY)
		.reverse();
}

/** Blocked requests of the last 24 hours. `stopTimestamp` (ms) ends a further page. */
const securityActivity: LegacyRoute = {
	method: 'GET',
	path: '/v1/organizations/:organisation/security-activity',
	query: ['limit', 'start', 'stop', 'stopTimestamp'],
	handle(call) {
		checkOrganisation(call);
		const limit = numberArgument(call, 'limit', { fallback: DEFAULT_PAGE, min: 1, max: PAGE });
		const start = secondsArgument(call, 'start', 0);
		const stop = secondsArgument(call, 'stop', Infinity);
		if (start > stop) throw misuse(400, 'start must not be after stop');
		const before = call.query.get('stopTimestamp') ?? 'Infinity';
		const matches = visible(call).filter(
			(activity) =>
				isBlocked(activity) && activity.at >= start && activity.at <= stop && activity.at < Number(before),
		);
		const { page } = faultyPage(matches, 0, limit, call.organisation.faults);
		return json({ requests: page.map(row) });
	},
};

function requestsFor(call: Call): StoredActivity[] {
	checkOrganisation(call);
	const wanted = call.params.domain.toLowerCase();
	if (!wanted.includes('.')) throw new Refusal(400, `${wanted} is no destination`);
	return visible(call).filter(({ domain }) => domain === wanted);
}

const destinationActivity: LegacyRoute = {
	method: 'GET',
	path: '/v1/organizations/:organisation/destinations/:domain/activity',
	query: ['limit', 'offset'],
	handle(call) {
		const limit = numberArgument(call, 'limit', { fallback: DEFAULT_PAGE, min: 1, max: PAGE });
		const offset = numberArgument(call, 'offset', { fallback: 0, max: Number.MAX_SAFE_INTEGER });
		const requests = requestsFor(call).map(row);
		return json({ requests: requests.slice(offset, offset + limit) });
	},
};

const destinationIdentities: LegacyRoute = {
	method: 'GET',
	path: '/v1/organizations/:organisation/destinations/:domain/identities',
	handle(call) {
		const counts = new Map<number, { identity: Identity; requests: number }>();
		for (const { identities } of requestsFor(call)) {
			const [identity] = identities;
			if (!identity) continue;
			const requests = (counts.get(identity.id)?.requests ?? 0) + 1;
			counts.set(identity.id, { identity, requests });
		}
		const top = [...counts.values()].sort((a, b) => b.requests - a.requests).slice(0, TOP_IDENTITIES);
		return json({
			identities: top.map(({ identity, requests }) => ({
				...originOf(identity),
				numberOfRequests: requests,
			})),
		});
	},
};

export const reportingRoutes: LegacyRoute[] = [securityActivity, destinationActivity, destinationIdentities];
