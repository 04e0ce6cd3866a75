import type { LabContext } from '../../machine/vendor';
import type { Nic, WorldHost } from '../../world/world';
import { createSwitches, type Switches } from '../shared/switches';
import { uuidOf } from '../shared/values';
import { ISE_FAULTS } from './model';
import type { AncBinding, AncPolicy, IseEndpoint, IseFault, NamedObject } from './model';
import { createSessions, type SessionTable } from './sessions';

/** Everything that an ISE deployment keeps; all nodes of it look at the same. */
export interface IseStore {
	now(): number;
	uuid(): string;
	policies: Map<string, AncPolicy>;
	/** By MAC: an endpoint has at most one ANC policy. */
	bindings: Map<string, AncBinding>;
	/** Those that a look shows by now. */
	visibleBindings(): AncBinding[];
	endpoints: Map<string, IseEndpoint>;
	groups: NamedObject[];
	profiles: NamedObject[];
	/** What callers changed at endpoints, in order. */
	endpointChanges: EndpointChange[];
	sessions: SessionTable;
	faults: Switches<IseFault>;
	hostnameOf(mac: string): string | undefined;
	/** Takes over what changed in the world since the last call. */
	sync(): void;
	reset(): void;
}

/** One PUT to an endpoint: fields with their values before and after, and which of them it emptied. */
export interface EndpointChange {
	mac: string;
	changed: { field: string; oldValue: string; newValue: string }[];
	cleared: string[];
}

const BINDING_LATE_MS = 2_000;

const DEFAULT_POLICIES: AncPolicy[] = [
	{ name: 'Quarantine', action: 'QUARANTINE' },
	{ name: 'Shutdown', action: 'SHUTDOWN' },
	{ name: 'Reauth', action: 'RE_AUTHENTICATE' },
];

const GROUPS: NamedObject[] = [
	['Unknown', 'Unknown Identity Group'],
	['Profiled', 'Profiled Identity Group'],
	['Workstation', 'Identity Group for Profile: Workstation'],
	['Blacklist', 'Blacklist Identity Group'],
	['GuestEndpoints', 'Guest Endpoints Identity Group'],
	['RegisteredDevices', 'Asset Registered Endpoints Identity Group'],
	['Protected-Infrastructure', 'Servers and network devices that the business depends on'],
].map(([name, description]) => ({ id: uuidOf(`ise group ${name}`), name, description }));

export const UNKNOWN_GROUP = GROUPS[0];

export function createStore(context: LabContext): IseStore {
	const now = () => context.clock.now('ise');
	const policies = new Map<string, AncPolicy>();
	const bindings = new Map<string, AncBinding>();
	const policyOf = (mac: string, nasIp: string) => {
		const binding = bindings.get(mac);
		if (!binding || (binding.nasIp ?? nasIp) !== nasIp) return undefined;
		return policies.get(binding.policyName);
	};
	const profiled = new Set<string>();
	const store: IseStore = {
		now,
		uuid: () => context.uuid(),
		policies,
		bindings,
		visibleBindings: () => {
			const all = [...bindings.values()];
			if (!store.faults.isOn('bindingsLate')) return all;
			return all.filter(({ appliedAt }) => now() >= appliedAt + BINDING_LATE_MS);
		},
		endpoints: new Map(),
		groups: GROUPS,
		profiles: [],
		endpointChanges: [],
		sessions: createSessions(context, now, policyOf),
		faults: createSwitches(ISE_FAULTS),
		hostnameOf: (mac) => context.world.findByMac(mac)?.host.hostname,
		sync() {
			for (const host of context.world.hosts) {
				for (const nic of host.nics.filter(({ mac }) => !profiled.has(mac))) {
					profiled.add(nic.mac);
					profile(store, host, nic);
				}
			}
			store.sessions.sync();
		},
		reset() {
			policies.clear();
			for (const policy of DEFAULT_POLICIES) policies.set(policy.name, policy);
			bindings.clear();
			store.endpoints.clear();
			store.profiles.length = 0;
			profiled.clear();
			store.endpointChanges.length = 0;
			store.faults.reset();
			store.sessions.reset();
			store.sync();
		},
	};
	store.reset();
	return store;
}

/** Profiles a network card the first time it is seen, as the profiler does. */
function profile(store: IseStore, host: WorldHost, nic: Nic): void {
	const id = uuidOf(`ise endpoint ${nic.mac}`);
	const infrastructure = host.role === 'server' || host.role === 'coreSwitch';
	store.endpoints.set(id, {
		id,
		mac: nic.mac,
		description: '',
		profileId: profileId(store, host.profile),
		staticProfileAssignment: false,
		groupId: groupId(
			infrastructure ? 'Protected-Infrastructure' : host.role === 'laptop' ? 'Workstation' : 'Profiled',
		),
		staticGroupAssignment: infrastructure,
		portalUser: '',
		identityStore: '',
		identityStoreId: '',
		customAttributes: { assetOwner: host.user ?? 'facilities', assetName: host.hostname },
	});
}

function groupId(name: string): string {
	return GROUPS.find((group) => group.name === name)?.id ?? UNKNOWN_GROUP.id;
}

function profileId(store: IseStore, name: string): string {
	const id = uuidOf(`ise profile ${name}`);
	if (!store.profiles.some((profile) => profile.id === id)) {
		store.profiles.push({ id, name, description: `Profile ${name}` });
	}
	return id;
}
