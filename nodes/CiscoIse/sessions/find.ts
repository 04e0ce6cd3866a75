import { mapConcurrently } from '../concurrency';
import { listed, type Belongs } from './activeList';
import { isAt, isConnected, sessionsAt } from './atAddress';
import { CONCURRENT_LOOKUPS, isSessionOf, type SessionDirectory, type SessionRecord } from './directory';
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
	const { useActiveList, details } = options;
	const lookup = (value: string, belongs: Belongs, ask: () => Promise<SessionRecord[]>): Lookup => ({
		value,
		find: async () => (details ? await withDetails(directory, await ask(), belongs) : await ask()),
	});
	return [
		...query.ips.map((ip) =>
			lookup(ip, isAt(ip), async () => await sessionsAt(directory, ip, useActiveList)),
		),
		...query.macs.map((mac) =>
			lookup(mac, hasMac(mac), async () => await sessionsWithMac(directory, mac, useActiveList)),
		),
		...query.users.map((user) =>
			lookup(user, isOf(user), async () => await sessionsOf(directory, user, options)),
		),
	];
}

async function sessionsWithMac(
	directory: SessionDirectory,
	mac: string,
	useActiveList: boolean,
): Promise<SessionRecord[]> {
	const rows = useActiveList ? await listed(directory, hasMac(mac)) : undefined;
	return rows ?? existing(await directory.byMac(mac));
}

async function sessionsOf(
	directory: SessionDirectory,
	user: string,
	{ useActiveList, allUserSessions }: FindOptions,
): Promise<SessionRecord[]> {
	const belongs = isOf(user);
	// Without the list only the last session could be found, and the others would be missing without a word.
	if (allUserSessions) return (await directory.active()).filter(belongs);
	const rows = useActiveList ? await listed(directory, belongs) : undefined;
	return rows ?? existing(await directory.byUser(user)).filter(({ session }) => isConnected(session));
}

function hasMac(mac: string): Belongs {
	return ({ session }) => session.macAddress === mac;
}

function isOf(user: string): Belongs {
	return (record) => isConnected(record.session) && isSessionOf(user, record);
}

function existing(record: SessionRecord | undefined): SessionRecord[] {
	return record ? [record] : [];
}

/** The details are newer than the list: the session may have ended since, or belong to another address or user. */
async function withDetails(
	directory: SessionDirectory,
	rows: SessionRecord[],
	belongs: Belongs,
): Promise<SessionRecord[]> {
	const completed = rows.map(async (row) => {
		const mac = row.isBrief && row.session.macAddress;
		const detailed = mac ? await directory.byMac(mac) : undefined;
		if (!detailed) return [row];
		return belongs(detailed) ? [detailed] : [];
	});
	return (await Promise.all(completed)).flat();
}

function distinct(sessions: Session[]): Session[] {
	const key = (session: Session) =>
		session.auditSessionId ?? JSON.stringify([session.macAddress, session.ipAddresses, session.userName]);
	return [...new Map(sessions.map((session) => [key(session), session])).values()];
}
