import type { IDataObject } from 'n8n-workflow';
import { canonicalIp } from '../../../ledger/network';
import { listParameter, usableMac } from '../../shared/identity';
import { isObject, objectsIn } from '../../shared/json';
import type { PxGrid } from '../pxgrid/client';
import { isConnected } from './atAddress';
import { isSessionOf, type SessionDirectory, type SessionRecord } from './directory';
import { SESSION_STATES, utc } from './session';

/** The session directory of pxGrid. */
export const SESSION_SERVICE = 'com.cisco.ise.session';

/** Session look-ups of pxGrid ("Session Directory" in the pxgrid-rest-ws wiki). */
export function pxGridDirectory(pxGrid: PxGrid): SessionDirectory {
	const rows = async (operation: string, body: IDataObject) =>
		recordsOf(await pxGrid.query<unknown>(SESSION_SERVICE, operation, body));
	const active = async () => {
		const answer = await pxGrid.query<unknown>(SESSION_SERVICE, 'getSessions');
		return recordsOf(answer).filter(({ session }) => session.state !== 'DISCONNECTED');
	};
	return {
		byMac: async (macAddress) => latest(await rows('getSessionByMacAddress', { macAddress })),
		byIp: async (ipAddress) => latestConnected(await rows('getSessionByIpAddress', { ipAddress })),
		// pxGrid has no look-up by user.
		byUser: async (userName) =>
			latestConnected((await active()).filter((record) => isSessionOf(userName, record))),
		active,
	};
}

/**
 * The sessions of an answer or of a message on the session topic: `{ sessions: [...] }`, or one session alone. What is
 * no session is left out.
 */
export function recordsOf(answer: unknown): SessionRecord[] {
	const sessions = isObject(answer) && 'sessions' in answer ? answer.sessions : answer;
	return objectsIn(sessions)
		.filter((row) => Object.keys(row).length > 0)
		.map(toRecord);
}

function toRecord(raw: IDataObject): SessionRecord {
	const text = (name: string) => (typeof raw[name] === 'string' && raw[name] !== '' ? raw[name] : null);
	return {
		session: {
			macAddress: macAddressOf(raw),
			ipAddresses: ipAddresses(raw),
			userName: text('userName'),
			state: SESSION_STATES.find((state) => state === text('state')?.toUpperCase()) ?? null,
			nasIpAddress: text('nasIpAddress'),
			nasPortId: text('nasPortId'),
			server: null,
			endpointProfile: text('endpointProfile'),
			identityGroup: null,
			securityGroup: text('ctsSecurityGroup'),
			auditSessionId: text('auditSessionId'),
			startedAt: utc(raw.timestamp),
		},
		raw,
		otherUserNames: ['adNormalizedUser', 'adUserSamAccountName'].flatMap((name) => text(name) ?? []),
	};
}

/** Remote access VPN has an IP address for the calling station; there the device management may know the endpoint. */
function macAddressOf({ macAddress, callingStationId, mdmMacAddress }: IDataObject): string | null {
	return usableMac(macAddress) ?? usableMac(callingStationId) ?? usableMac(mdmMacAddress) ?? null;
}

function ipAddresses(raw: IDataObject): string[] {
	const ips = listParameter(raw.ipAddresses).map((text) => canonicalIp(text));
	return [...new Set(ips.filter((ip) => ip !== undefined))];
}

function latestConnected(records: SessionRecord[]): SessionRecord | undefined {
	return latest(records.filter(({ session }) => isConnected(session))) ?? latest(records);
}

function latest(records: SessionRecord[]): SessionRecord | undefined {
	const time = ({ session }: SessionRecord) => session.startedAt ?? '';
	return records.reduce<SessionRecord | undefined>(
		(last, record) => (last === undefined || time(record) >= time(last) ? record : last),
		undefined,
	);
}
