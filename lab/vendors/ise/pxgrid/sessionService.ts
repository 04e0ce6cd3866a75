import { isIP } from 'node:net';
import type { LabResponse } from '../../../machine/vendor';
import { omit } from '../../shared/omit';
import { misuse } from '../../shared/refusal';
import { MAC_FORM, type IseSession } from '../model';
import type { IseStore } from '../store';
import { knownFieldsOnly, nothing, ok, optionalText, requiredText } from './call';
import { readFilter, type Filter } from './filter';
import { startedRecord, type SessionFeed } from './sessionFeed';
import { sessionView, type SessionRecord } from './sessionView';

/** A call of a REST service: its name is the last part of the path. Throws refusals. */
export type ServiceCall = (body: Record<string, unknown>) => LabResponse;

const ISO_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:?\d\d)$/;

/** Service `com.cisco.ise.session`: the session directory. A look-up without result is answered 204. */
export function sessionCalls(store: IseStore, feed: SessionFeed): Record<string, ServiceCall> {
	const view = (record: SessionRecord) =>
		store.faults.isOn('release33') ? omit(sessionView(record), 'auditSessionId') : sessionView(record);
	const live = () => store.sessions.list().map(startedRecord);
	const one = (matches: (session: IseSession) => boolean) => {
		const session = store.sessions.newest(matches);
		return session ? ok(view(startedRecord(session))) : nothing();
	};
	return {
		getSessions(body) {
			knownFieldsOnly(body, ['startTimestamp', 'filter']);
			return ok({ sessions: within(live(), body).map(view).filter(filterIn(body)) });
		},
		getSessionsForRecovery(body) {
			knownFieldsOnly(body, ['startTimestamp', 'endTimestamp']);
			return ok({ sessions: within([...feed.ended(), ...live()], body).map(view) });
		},
		getSessionByIpAddress(body) {
			knownFieldsOnly(body, ['ipAddress']);
			const address = ipAddressIn(body, 'ipAddress');
			return one(({ ip }) => ip === address);
		},
		getSessionByMacAddress(body) {
			knownFieldsOnly(body, ['macAddress']);
			const address = macAddressIn(body);
			return one(({ mac }) => mac === address);
		},
		getUserGroups(body) {
			knownFieldsOnly(body, []);
			const userNames = [...new Set(store.sessions.list().map(({ userName }) => userName))];
			return ok({ userGroups: userNames.map((userName) => ({ userName, groups: groupsOf(userName) })) });
		},
		getUserGroupByUserName(body) {
			knownFieldsOnly(body, ['userName']);
			const name = requiredText(body, 'userName');
			const known = store.sessions.list().some(({ userName }) => userName === name);
			return known ? ok({ groups: groupsOf(name) }) : nothing();
		},
	};
}

/** A MAC in the form that pxGrid knows; throws a refusal. */
export function macAddressIn(body: Record<string, unknown>): string {
	const mac = requiredText(body, 'macAddress');
	if (MAC_FORM.test(mac)) return mac;
	throw misuse(400, `Invalid MAC Address ${mac}: it must have the form AA:BB:CC:DD:EE:FF`);
}

/** An IP address; throws a refusal. */
export function ipAddressIn(body: Record<string, unknown>, name: string): string {
	const ip = requiredText(body, name);
	if (isIP(ip)) return ip;
	throw misuse(400, `${name} ${ip} is no IP address`);
}

function within(records: SessionRecord[], body: Record<string, unknown>): SessionRecord[] {
	const from = timeIn(body, 'startTimestamp') ?? -Infinity;
	const to = timeIn(body, 'endTimestamp') ?? Infinity;
	return records.filter(({ at }) => at >= from && at <= to);
}

function filterIn(body: Record<string, unknown>): Filter {
	const text = optionalText(body, 'filter');
	if (text === undefined) return () => true;
	try {
		return readFilter(text);
	} catch (error) {
		throw misuse(400, error instanceof Error ? error.message : String(error));
	}
}

function timeIn(body: Record<string, unknown>, name: string): number | undefined {
	if (body[name] === undefined) return undefined;
	const text = requiredText(body, name);
	const time = Date.parse(text);
	if (ISO_TIME.test(text) && Number.isFinite(time)) return time;
	throw misuse(400, `${name} must be an ISO 8601 time with offset`);
}

function groupsOf(userName: string): { name: string; type: string }[] {
	const domain = userName.split('@')[1];
	if (domain === undefined) return [{ name: 'Endpoint Identity Groups:Profiled', type: 'IDENTITY' }];
	return [
		{ name: 'User Identity Groups:Employee', type: 'IDENTITY' },
		{ name: `${domain}/Users/Domain Users`, type: 'ACTIVE_DIRECTORY' },
	];
}
