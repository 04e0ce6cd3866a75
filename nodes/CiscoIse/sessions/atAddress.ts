import { listed, type Belongs } from './activeList';
import type { SessionDirectory, SessionRecord } from './directory';
import type { Session } from './session';

/** After a session ended, its address or user may be somebody else's next; its MAC address stays the endpoint. */
export const isConnected = ({ state }: Session): boolean => state !== 'DISCONNECTED';

/** Whether an IP address is the one of a session. */
export function isAt(ip: string): Belongs {
	return (session) => isConnected(session) && session.ipAddresses.includes(ip);
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
	const record = await directory.byIp(ip);
	return record && isConnected(record.session) ? [record] : [];
}

function countEndpoints(rows: SessionRecord[]): number {
	return new Set(rows.map(({ session }) => session.macAddress ?? session)).size;
}
