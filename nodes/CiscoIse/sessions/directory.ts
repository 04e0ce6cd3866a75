import type { IDataObject } from 'n8n-workflow';
import { isSameUser } from '../addresses';
import type { Alternatives } from '../transport/alternatives';
import type { Session } from './session';

/** A session with the record it was read from. */
export interface SessionRecord {
	session: Session;
	raw: IDataObject;
	/** Whether the list of active sessions left fields out that a look-up by MAC address would give. */
	isBrief?: boolean;
	/** Names of the user besides the one that the session began with. */
	otherUserNames?: string[];
}

/** Whether a session is one of the user, by any name that is known of it. */
export function isSessionOf(user: string, { session, otherUserNames = [] }: SessionRecord): boolean {
	return [session.userName ?? [], otherUserNames].flat().some((name) => isSameUser(user, name));
}

/** Where sessions are looked up. Addresses come in canonical form; no session gives `undefined`. */
export interface SessionDirectory {
	byMac(mac: string): Promise<SessionRecord | undefined>;
	/** By the IP address of the endpoint. */
	byIp(ip: string): Promise<SessionRecord | undefined>;
	/** One session of the user, the last. */
	byUser(userName: string): Promise<SessionRecord | undefined>;
	/** Every active session. */
	active(): Promise<SessionRecord[]>;
}

/** From this many addresses on, one list of all active sessions costs ISE less than a call for each. */
export const ACTIVE_LIST_FROM = 20;

/** Look-ups of one item that are under way at once. */
export const CONCURRENT_LOOKUPS = 8;

/** Several directories, the next asked when one fails. "No session" is an answer. */
export function firstAnswering(directories: Alternatives<SessionDirectory>): SessionDirectory {
	return {
		byMac: async (mac) => await directories.run(async (one) => await one.byMac(mac)),
		byIp: async (ip) => await directories.run(async (one) => await one.byIp(ip)),
		byUser: async (userName) => await directories.run(async (one) => await one.byUser(userName)),
		active: async () => await directories.run(async (one) => await one.active()),
	};
}
