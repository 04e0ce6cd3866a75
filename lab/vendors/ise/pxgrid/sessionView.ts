import type { IseSession } from '../model';
import { sha256Of } from '../../shared/values';
import { pxGridTime } from './model';

export type SessionState = 'STARTED' | 'DISCONNECTED';

/** A session with what happened to it. */
export interface SessionRecord {
	session: IseSession;
	state: SessionState;
	/** Epoch ms. */
	at: number;
}

/**
 * A session as the session service and its topic give it, after `Session.java` of pxgrid-rest-ws. Fields without
 * value are left out. A device let in by MAC address (MAB) has its MAC as user name and no `ad…` field of a user.
 */
export function sessionView({ session, state, at }: SessionRecord): Record<string, unknown> {
	const quarantined = session.ancPolicy?.action === 'QUARANTINE';
	const wireless = session.medium === 'wireless';
	const mab = session.userName === session.mac;
	return {
		timestamp: pxGridTime(at),
		state,
		userName: session.userName,
		callingStationId: session.mac,
		calledStationId: stationOf(session),
		auditSessionId: session.auditSessionId,
		ipAddresses: [session.ip],
		macAddress: session.mac,
		nasIpAddress: session.nasIp,
		nasPortId: session.nasPort,
		nasIdentifier: `nad-${session.nasIp.replaceAll('.', '-')}`,
		nasPortType: wireless ? 'Wireless - IEEE 802.11' : 'Ethernet',
		...(session.ancPolicy && { ancPolicy: session.ancPolicy.name }),
		endpointProfile: session.profile,
		ctsSecurityGroup: quarantined ? 'Quarantined_Systems' : 'Employees',
		...identityOf(session, mab),
		providers: ['None'],
		endpointCheckResult: 'none',
		identitySourcePortStart: 0,
		identitySourcePortEnd: 0,
		identitySourcePortFirst: 0,
		serviceType: mab ? 'Call Check' : 'Framed',
		networkDeviceProfileName: 'Cisco',
		radiusFlowType: `${wireless ? 'Wireless' : 'Wired'}${mab ? 'MAB' : '802_1x'}`,
		...(wireless && { ssid: 'corp' }),
		mdmRegistered: false,
		mdmCompliant: false,
		mdmDiskEncrypted: false,
		mdmJailBroken: false,
		mdmPinLocked: false,
		selectedAuthzProfiles: [quarantined ? 'Quarantine_Access' : 'PermitAccess'],
	};
}

function identityOf(session: IseSession, mab: boolean): Record<string, unknown> {
	if (mab) return { adNormalizedUser: session.mac };
	const [account, domain] = session.userName.split('@');
	return {
		adNormalizedUser: account,
		adUserDomainName: domain,
		adUserNetBiosName: domain.split('.')[0].toUpperCase(),
		adUserSamAccountName: account,
		adUserQualifiedName: session.userName,
		adUserResolvedIdentities: session.userName,
		isMachineAuthentication: 'false',
	};
}

/** MAC of the switch port or access point that the endpoint called. */
function stationOf(session: IseSession): string {
	const hex = sha256Of(`station ${session.nasIp} ${session.nasPort}`).slice(0, 6).toUpperCase();
	return ['88:5A:92', ...(hex.match(/../g) ?? [])].join(':');
}
