import { MAC_FORM, type AncPolicy } from './model';
import type { IseStore } from './store';

/** Why an operation can't be done, whatever the words of the API that was asked. */
export type AncObstacle = 'noSession' | 'unknownPolicy' | 'alreadyBound' | 'notBound';

/** Why an ANC operation was refused. `violation` is set when the call itself was wrong. */
export interface AncRefusal {
	status: number;
	title: string;
	obstacle?: AncObstacle;
	violation?: string;
}

/** The endpoint that an ANC operation is about, by MAC or by the IP of an active session. */
export function resolveMac(
	store: IseStore,
	target: { macAddress?: string; ipAddress?: string },
): { mac: string } | AncRefusal {
	if (target.macAddress !== undefined) {
		if (MAC_FORM.test(target.macAddress)) return { mac: target.macAddress };
		const title = `Invalid MAC address ${target.macAddress}`;
		return { status: 400, title, violation: `${title}: it must have the form AA:BB:CC:DD:EE:FF` };
	}
	if (target.ipAddress === undefined) {
		const title = 'Either macAddress or ipAddress must be given';
		return { status: 400, title, violation: title };
	}
	const session = store.sessions.newest(({ ip }) => ip === target.ipAddress);
	if (session) return { mac: session.mac };
	const title = `No active session found for IP address ${target.ipAddress}`;
	return { status: 400, title, obstacle: 'noSession' };
}

/**
 * Assigns a policy. It takes effect by a change of authorization when there is a session, otherwise at the next
 * authentication. ISE refuses a second policy: with 400 when it is the same, with 500 when it is another one
 * (both are reported from the field; callers have to read the text). With `nasIp` the policy holds only while
 * the endpoint is connected to that device.
 */
export function applyPolicy(
	store: IseStore,
	mac: string,
	policyName: string | undefined,
	nasIp?: string,
): AncRefusal | undefined {
	if (!policyName)
		return { status: 400, title: 'Policy name is missing', violation: 'policyName must be given' };
	const policy = store.policies.get(policyName);
	if (!policy) {
		return { status: 400, title: `ANC policy ${policyName} does not exist`, obstacle: 'unknownPolicy' };
	}
	const bound = store.bindings.get(mac);
	if (bound) {
		const title = `Endpoint ${mac} is already associated with policy ${bound.policyName}`;
		return { status: bound.policyName === policyName ? 400 : 500, title, obstacle: 'alreadyBound' };
	}
	store.bindings.set(mac, {
		id: store.uuid(),
		mac,
		policyName,
		appliedAt: store.now(),
		...(nasIp !== undefined && { nasIp }),
	});
	if (nasIp === undefined || store.sessions.byMac(mac)?.nasIp === nasIp) enforce(store, mac, policy);
	return undefined;
}

/**
 * Takes the policy off; one that was applied for a network device, only for the same `nasIp`. A port that a
 * SHUTDOWN policy closed stays closed: it is opened at the switch.
 */
export function clearPolicy(store: IseStore, mac: string, nasIp?: string): AncRefusal | undefined {
	const bound = store.bindings.get(mac);
	if (!bound || bound.nasIp !== nasIp) {
		const title = `Endpoint ${mac} is not associated with any ANC policy`;
		return { status: 400, title, obstacle: 'notBound' };
	}
	store.bindings.delete(mac);
	if (!store.faults.isOn('coaIgnored')) store.sessions.reauthenticate(mac);
	return undefined;
}

function enforce(store: IseStore, mac: string, policy: AncPolicy): void {
	if (store.faults.isOn('coaIgnored')) return;
	if (policy.action === 'SHUTDOWN') store.sessions.shutPort(mac);
	else if (policy.action === 'PORTBOUNCE') store.sessions.bounce(mac);
	else store.sessions.reauthenticate(mac);
}
