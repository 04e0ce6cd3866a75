import { listed, type Belongs } from './activeList';
import type { SessionDirectory, SessionRecord } from './directory';
import type { Session } from './session';

const CONNECTED: readonly Session['state'][] = ['AUTHENTICATED', 'POSTURED', 'STARTED', null];

/**
 * Before a session began, its user is a mere claim; after it ended, its address or user may be somebody else's next.
 * Its MAC address stays the endpoint. A session whose state nobody tells counts as connected.
 */
export const isConnected = ({ state }: Session): boolean => CONNECTED.includes(state);

/** Whether an IP address is the one of a session. */
export function isAt(ip: string): Belongs {
	return ({ session }) => isConnected(session) && session.ipAddresses.includes(ip);
}

/** The look-up by address; no session when ISE answers with one that has other addresses only. */
export async function sessionByIp(directory: SessionDirectory, ip: string): Promise<SessionRecord | undefined> {
	const record = await directory.byIp(ip);
	const addresses = record?.session.ipAddresses ?? [];
	return addresses.length === 0 || addresses.includes(ip) ? record : undefined;
}

/**
 * The sessions that an IP address has now. A session that never got an accounting stop stays in the list of active
 * sessions while its address goes to another endpoint: of several endpoints with the address, the look-up by address
 * tells which one has it.
 */
export async function sessionsAt(
	directory: SessionDirectory,
	ip: string,
	useActiveList: boolean,
): Promise<SessionRecord[]> {
	const rows = useActiveList ? await listed(directory, isAt(ip)) : undefined;
	if (rows && countEndpoints(rows) < 2) return rows;
	const record = await sessionByIp(directory, ip);
	return record && isConnected(record.session) ? [record] : [];
}

function countEndpoints(rows: SessionRecord[]): number {
	return new Set(rows.map(({ session }) => session.macAddress ?? session)).size;
}
