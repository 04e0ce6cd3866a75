import type { IDataObject } from 'n8n-workflow';
import type { ApiContext } from '../../shared/http';
import { canonicalIp } from '../../../ledger/network';
import { objectsIn } from '../../shared/json';
import { usableMac } from '../../shared/identity';
import { pathSegment } from '../transport/ers';
import { mntGet } from '../transport/mnt';
import type { NodeGroup } from '../transport/nodeGroup';
import { child, textOf, textsIn, type XmlElement } from '../transport/xml';
import type { SessionDirectory, SessionRecord } from './directory';
import { utc, type Session } from './session';

const SESSION = 'sessionParameters';

/** Root elements of the active list: ISE 2.x and later, and before. */
const ACTIVE_LISTS = ['activeList', 'activeSessionList'];

/** About 80,000 sessions. n8n does nothing else while it reads them, which takes about two seconds. */
const MAX_LIST_MEGABYTES = 32;

/** Session look-ups of the monitoring node, which answers XML. */
export function mntDirectory(context: ApiContext, mnt: NodeGroup): SessionDirectory {
	const one = async (kind: string, value: string) => {
		const path = `/Session/${kind}/${pathSegment(value)}`;
		const document = await mntGet(context, mnt, path, { roots: [SESSION] });
		const parameters = document && child(document, SESSION);
		return parameters && Object.keys(parameters).length > 0
			? toRecord(parameters, stateOf(parameters))
			: undefined;
	};
	return {
		byMac: async (mac) => await one('MACAddress', mac),
		// "IPAddress" without "EndPoint" would search by the network device's address.
		byIp: async (ip) => await one('EndPointIPAddress', ip),
		byUser: async (userName) => await one('UserName', userName),
		active: async () => {
			const options = { maxMegabytes: MAX_LIST_MEGABYTES, roots: ACTIVE_LISTS };
			const document = (await mntGet(context, mnt, '/Session/ActiveList', options)) ?? {};
			const rows = ACTIVE_LISTS.flatMap((name) => objectsIn(child(document, name).activeSession));
			return (rows as XmlElement[]).map((row) => ({ ...toRecord(row, 'AUTHENTICATED'), isBrief: true }));
		},
	};
}

/** Reads `sessionParameters` and `activeSession` elements, which share their field names. */
function toRecord(element: XmlElement, state: Session['state']): SessionRecord {
	const read = (...names: string[]) => names.map((name) => textOf(element, name)).find(Boolean) ?? null;
	return {
		session: {
			macAddress: usableMac(read('calling_station_id') ?? '') ?? null,
			ipAddresses: ipAddresses(element),
			userName: read('user_name'),
			state,
			nasIpAddress: read('nas_ip_address'),
			nasPortId: read('nas_port_id'),
			server: read('acs_server', 'server'),
			endpointProfile: read('endpoint_policy'),
			identityGroup: read('identity_group'),
			securityGroup: read('cts_security_group', 'security_group'),
			auditSessionId: read('audit_session_id'),
			startedAt: utc(read('auth_acs_timestamp', 'auth_acsview_timestamp')),
		},
		raw: element as IDataObject,
	};
}

function ipAddresses(element: XmlElement): string[] {
	const texts = [element.framed_ip_address, element.framed_ipv6_address].flatMap((value) => textsIn(value));
	const ips = texts.flatMap((text) => text.split(/[\s,;]+/)).map((text) => canonicalIp(text));
	return [...new Set(ips.filter((ip) => ip !== undefined))];
}

/** ISE 3.x writes 1 and 0, before it was true and false. */
function stateOf(element: XmlElement): Session['state'] {
	const isTrue = (name: string) => ['1', 'true'].includes(textOf(element, name)?.toLowerCase() ?? '');
	const accounting = textOf(element, 'acct_status_type')?.toLowerCase();
	if (isTrue('stopped') || accounting === 'stop') return 'DISCONNECTED';
	if (isTrue('started') || accounting === 'start' || accounting === 'interim-update') return 'STARTED';
	if (isTrue('passed')) return 'AUTHENTICATED';
	return isTrue('failed') ? 'FAILED' : null;
}
