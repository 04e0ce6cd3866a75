import type { LabContext } from '../../machine/vendor';
import type { Nic, WorldHost } from '../../world/world';
import { sha256Of } from '../shared/values';
import type { AncPolicy, IseSession } from './model';

/** Sessions of the network cards that are connected now. */
export interface SessionTable {
	/** Starts and ends sessions as cards were connected and disconnected. Called before every look at the table. */
	sync(): void;
	list(): IseSession[];
	byMac(mac: string): IseSession | undefined;
	/** Newest session that the predicate holds for; MnT answers look-ups with one session only. */
	newest(matches: (session: IseSession) => boolean): IseSession | undefined;
	/** Change of authorization, type reauth: the ANC policy in force is looked up anew. False without a session. */
	reauthenticate(mac: string): boolean;
	/** Ends the session; the device comes back with a new one at once. False without a session. */
	bounce(mac: string): boolean;
	/** Shuts the switch port. It stays shut until somebody opens it at the switch (a reset of the lab). */
	shutPort(mac: string): boolean;
	shutPorts(): string[];
	reset(): void;
}

/** `policyOf` tells which ANC policy a MAC is bound to at the moment it authenticates at a device. */
export function createSessions(
	context: LabContext,
	now: () => number,
	policyOf: (mac: string, nasIp: string) => AncPolicy | undefined,
): SessionTable {
	const sessions = new Map<string, IseSession>();
	const shut = new Set<string>();

	const start = (host: WorldHost, nic: Nic) => {
		const at = now();
		sessions.set(nic.mac, {
			...addressing(host, nic),
			auditSessionId: sha256Of(`${nic.mac} ${at} ${sessions.size}`).slice(0, 24).toUpperCase(),
			authenticatedAt: at,
			ancPolicy: policyOf(nic.mac, nic.nasIp),
		});
	};

	const table: SessionTable = {
		sync() {
			const connected = new Set<string>();
			for (const host of context.world.hosts) {
				for (const nic of host.nics.filter((card) => card.connected && !shut.has(card.mac))) {
					connected.add(nic.mac);
					const session = sessions.get(nic.mac);
					if (session) Object.assign(session, addressing(host, nic));
					else start(host, nic);
				}
			}
			for (const mac of [...sessions.keys()].filter((known) => !connected.has(known))) sessions.delete(mac);
		},
		list: () => [...sessions.values()],
		byMac: (mac) => sessions.get(mac),
		newest: (matches) =>
			[...sessions.values()].filter(matches).sort((a, b) => b.authenticatedAt - a.authenticatedAt)[0],
		reauthenticate(mac) {
			const session = sessions.get(mac);
			if (!session) return false;
			session.authenticatedAt = now();
			session.ancPolicy = policyOf(mac, session.nasIp);
			return true;
		},
		bounce(mac) {
			if (!sessions.delete(mac)) return false;
			table.sync();
			return true;
		},
		shutPort(mac) {
			if (!sessions.delete(mac)) return false;
			shut.add(mac);
			return true;
		},
		shutPorts: () => [...shut],
		reset() {
			sessions.clear();
			shut.clear();
			table.sync();
		},
	};
	return table;
}

function addressing(host: WorldHost, nic: Nic) {
	return {
		mac: nic.mac,
		ip: nic.ip,
		userName: host.user ?? nic.mac,
		hostname: host.hostname,
		medium: nic.medium,
		nasIp: nic.nasIp,
		nasPort: nic.nasPort,
		profile: host.profile,
	};
}
