import { XMLBuilder } from 'fast-xml-parser';
import { DateTime } from 'luxon';
import type { LabResponse } from '../../machine/vendor';
import type { IseSession, NamedObject } from './model';
import { POLICY_SERVICE_NODE } from './model';

const DECLARATION = { '?xml': { '@version': '1.0', '@encoding': 'UTF-8', '@standalone': 'yes' } };

/** MnT writes the node's local time with its offset, not UTC. */
export const NODE_ZONE = 'UTC+2';

const BOOLEAN = {
	'@xsi:type': 'xs:boolean',
	'@xmlns:xs': 'http://www.w3.org/2001/XMLSchema',
	'@xmlns:xsi': 'http://www.w3.org/2001/XMLSchema-instance',
};

export function xml(document: Record<string, unknown>, status = 200): LabResponse {
	const builder = new XMLBuilder({
		ignoreAttributes: false,
		attributeNamePrefix: '@',
		suppressEmptyNode: false,
	});
	return {
		status,
		headers: { 'Content-Type': 'application/xml' },
		body: builder.build({ ...DECLARATION, ...document }),
	};
}

/** MnT's answer to whatever it can't do, a missing session included: HTTP 500. */
export function mntError(reason: string, violation?: string): LabResponse {
	const response = xml(
		{
			'mnt-rest-result': {
				'http-code': '500',
				'cpm-code': '34110',
				description: 'Server has encountered error while processing the REST request',
				'module-name': 'MnT',
				'internal-error-info': `Error in generating XML output. Error message = ${reason}`,
				'requested-operation': 'Get By Type',
				'resource-id': 'N/A',
				'resource-name': 'N/A',
				'resource-type': 'RESTSDStatus',
				status: 'SERVER_ERROR',
			},
		},
		500,
	);
	return { ...response, ...(violation && { violation }) };
}

export function activeList(sessions: IseSession[]): LabResponse {
	return xml({
		activeList: {
			'@noOfActiveSession': String(sessions.length),
			activeSession: sessions.map((session) => ({
				user_name: session.userName,
				calling_station_id: session.mac,
				nas_ip_address: session.nasIp,
				acct_session_id: session.auditSessionId.slice(-8),
				audit_session_id: session.auditSessionId,
				server: POLICY_SERVICE_NODE,
				framed_ip_address: session.ip,
				framed_ipv6_address: '',
			})),
		},
	});
}

/**
 * Elements of a session in the form of ISE 3.1 and before: `passed` and `failed` are booleans.
 *
 * @param group none leaves the element out
 */
export function sessionFields(session: IseSession, group: Pick<NamedObject, 'name'> | undefined): Record<string, unknown> {
	const quarantined = session.ancPolicy?.action === 'QUARANTINE';
	const mab = session.userName === session.mac;
	return {
		passed: { '#text': 'true', ...BOOLEAN },
		failed: { '#text': 'false', ...BOOLEAN },
		user_name: session.userName,
		nas_ip_address: session.nasIp,
		nas_port_id: session.nasPort,
		nas_port_type: session.medium === 'wireless' ? 'Wireless - IEEE 802.11' : 'Ethernet',
		calling_station_id: session.mac,
		...(group && { identity_group: group.name }),
		network_device_name: `nad-${session.nasIp.replaceAll('.', '-')}`,
		acs_server: POLICY_SERVICE_NODE,
		authentication_method: mab ? 'mab' : 'dot1x',
		authentication_protocol: mab ? 'Lookup' : 'PEAP (EAP-MSCHAPv2)',
		framed_ip_address: session.ip,
		auth_acs_timestamp: DateTime.fromMillis(session.authenticatedAt, { zone: NODE_ZONE }).toISO(),
		endpoint_policy: session.profile,
		audit_session_id: session.auditSessionId,
		cts_security_group: quarantined ? 'Quarantined_Systems' : 'Employees',
		posture_status: '',
		selected_azn_profiles: quarantined ? 'Quarantine_Access' : 'PermitAccess',
		identity_store: mab ? 'Internal Endpoints' : 'corp.example',
		response_time: '21',
		other_attr_string:
			`AuthenticationStatus=AuthenticationPassed:!:Protocol=Radius:!:` +
			(session.ancPolicy ? `ANCPolicy=${session.ancPolicy.name}:!:` : '') +
			`ISEPolicySetName=Default`,
	};
}
