import { isSameUser } from '../addresses';
import { mapConcurrently } from '../concurrency';
import type { SessionDirectory, SessionRecord } from './directory';
import type { Session } from './session';

/** Whom sessions are looked for; addresses in canonical form. */
export interface SessionQuery {
	ips: string[];
	macs: string[];
	users: string[];
}

export interface FoundSessions {
	sessions: Session[];
	/** MAC addresses of the sessions, without repetition. */
	macs: string[];
	/** Values that were asked for and have no session. */
	notFound: string[];
}

export interface FindOptions {
	/** Read the list of all active sessions once instead of asking for each address. */
	useActiveList: boolean;
	/** Find every session of a user, which only the active list knows. */
	allUserSessions: boolean;
	/** Complete what the active list leaves out with one more look-up per session. */
	details: boolean;
}

const CONCURRENT_LOOKUPS = 8;

type Lookup = { value: string; find: () => Promise<SessionRecord[]> };

/** Finds the sessions of addresses and users in any session directory. */
export async function findSessions(
	directory: SessionDirectory,
	query: SessionQuery,
	options: FindOptions,
): Promise<FoundSessions> {
	const lookups = lookupsFor(directory, query, options);
	const results = await mapConcurrently(lookups, CONCURRENT_LOOKUPS, async (lookup) => await lookup.find());
	const sessions = distinct(results.flat().map(({ session }) => session));
	return {
		sessions,
		macs: [...new Set(sessions.map(({ macAddress }) => macAddress).filter((mac) => mac !== null))],
		notFound: lookups.filter((_, index) => results[index].length === 0).map(({ value }) => value),
	};
}

function lookupsFor(directory: SessionDirectory, query: SessionQuery, options: FindOptions): Lookup[] {
	const inList = (matches: (session: Session) => boolean) => async () => {
		const rows = (await directory.active()).filter(({ session }) => matches(session));
		return options.details
			? await Promise.all(rows.map(async (row) => await withDetails(directory, row)))
			: rows;
	};
	const byList = options.useActiveList;
	return [
		...query.ips.map((ip) => ({
			value: ip,
			find: byList
				? inList(({ ipAddresses }) => ipAddresses.includes(ip))
				: alone(() => directory.byIp(ip), isConnected),
		})),
		...query.macs.map((mac) => ({
			value: mac,
			find: byList ? inList(({ macAddress }) => macAddress === mac) : alone(() => directory.byMac(mac)),
		})),
		...query.users.map((user) => ({
			value: user,
			find:
				byList || options.allUserSessions
					? inList(({ userName }) => userName !== null && isSameUser(user, userName))
					: alone(() => directory.byUser(user), isConnected),
		})),
	];
}

function alone(ask: () => Promise<SessionRecord | undefined>, accept?: (session: Session) => boolean) {
	return async () => {
		const record = await ask();
		return record && (accept?.(record.session) ?? true) ? [record] : [];
	};
}

/** After a session ended, its address or user may be somebody else's next; its MAC address stays the endpoint. */
const isConnected = ({ state }: Session) => state !== 'DISCONNECTED';

async function withDetails(directory: SessionDirectory, row: SessionRecord): Promise<SessionRecord> {
	const mac = row.isBrief && row.session.macAddress;
	return (mac && (await directory.byMac(mac))) || row;
}

function distinct(sessions: Session[]): Session[] {
	const key = (session: Session) =>
		session.auditSessionId ?? JSON.stringify([session.macAddress, session.ipAddresses, session.userName]);
	return [...new Map(sessions.map((session) => [key(session), session])).values()];
}
