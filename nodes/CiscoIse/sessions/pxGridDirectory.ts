import type { IDataObject } from 'n8n-workflow';
import { canonicalIp } from '../../../ledger/network';
import { usableMac } from '../../shared/identity';
import { isSameUser } from '../addresses';
import type { PxGrid } from '../pxgrid/client';
import type { SessionDirectory, SessionRecord } from './directory';
import { utc, type SessionState } from './session';

/** The session directory of pxGrid. */
export const SESSION_SERVICE = 'com.cisco.ise.session';

const STATES: readonly string[] = ['AUTHENTICATING', 'AUTHENTICATED', 'POSTURED', 'STARTED', 'DISCONNECTED'];

/** Session look-ups of pxGrid ("Session Directory" in the pxgrid-rest-ws wiki). */
export function pxGridDirectory(pxGrid: PxGrid): SessionDirectory {
	const one = async (operation: string, body: IDataObject) =>
		latest(recordsOf(await pxGrid.query<IDataObject>(SESSION_SERVICE, operation, body)));
	const active = async () => {
		const answer = await pxGrid.query<IDataObject>(SESSION_SERVICE, 'getSessions');
		return recordsOf(answer).filter(({ session }) => session.state !== 'DISCONNECTED');
	};
	return {
		byMac: async (macAddress) => await one('getSessionByMacAddress', { macAddress }),
		byIp: async (ipAddress) => await one('getSessionByIpAddress', { ipAddress }),
		// pxGrid has no look-up by user.
		byUser: async (userName) =>
			latest(
				(await active()).filter(
					({ session }) => session.userName !== null && isSameUser(userName, session.userName),
				),
			),
		active,
	};
}

/** The sessions of an answer or of a message on the session topic: `{ sessions: [...] }`, or one session alone. */
export function recordsOf(answer: IDataObject | undefined): SessionRecord[] {
	if (!answer) return [];
	if (Array.isArray(answer.sessions)) return (answer.sessions as IDataObject[]).map(toRecord);
	return Object.keys(answer).length > 0 && answer.sessions === undefined ? [toRecord(answer)] : [];
}

function toRecord(raw: IDataObject): SessionRecord {
	const text = (name: string) => (typeof raw[name] === 'string' && raw[name] !== '' ? raw[name] : null);
	const state = text('state');
	return {
		session: {
			macAddress: usableMac(text('macAddress') ?? text('callingStationId') ?? '') ?? null,
			ipAddresses: ipAddresses(raw),
			userName: text('userName'),
			state: state !== null && STATES.includes(state) ? (state as SessionState) : null,
			nasIpAddress: text('nasIpAddress'),
			nasPortId: text('nasPortId'),
			server: null,
			endpointProfile: text('endpointProfile'),
			identityGroup: null,
			securityGroup: text('ctsSecurityGroup'),
			auditSessionId: text('auditSessionId'),
			startedAt: utc(text('timestamp')),
		},
		raw,
	};
}

function ipAddresses(raw: IDataObject): string[] {
	const texts = Array.isArray(raw.ipAddresses) ? raw.ipAddresses : [];
	const ips = texts.map((text) => canonicalIp(String(text)));
	return [...new Set(ips.filter((ip) => ip !== undefined))];
}

function latest(records: SessionRecord[]): SessionRecord | undefined {
	const time = ({ session }: SessionRecord) => session.startedAt ?? '';
	return records.reduce<SessionRecord | undefined>(
		(last, record) => (last === undefined || time(record) >= time(last) ? record : last),
		undefined,
	);
}
