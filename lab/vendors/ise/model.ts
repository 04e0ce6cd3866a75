/** Actions of an ANC policy, as the ERS schema spells them. */
export const ANC_ACTIONS = ['QUARANTINE', 'PORTBOUNCE', 'SHUTDOWN', 'RE_AUTHENTICATE'] as const;
export type AncAction = (typeof ANC_ACTIONS)[number];

/** An ANC policy. ISE uses the name as id, too. */
export interface AncPolicy {
	name: string;
	action: AncAction;
}

/** An ANC policy assigned to an endpoint. It stays until it is cleared: ISE never cleans up. */
export interface AncBinding {
	id: string;
	/** Upper-case colon form. */
	mac: string;
	policyName: string;
	/** Epoch ms. */
	appliedAt: number;
	/** Set when it was applied through pxGrid for this network device only. */
	nasIp?: string;
}

/** Name and id of an endpoint identity group or of a profiler profile. */
export interface NamedObject {
	id: string;
	name: string;
	description: string;
}

/** An endpoint of the ERS resource `endpoint`. */
export interface IseEndpoint {
	id: string;
	mac: string;
	description: string;
	profileId: string;
	staticProfileAssignment: boolean;
	groupId: string;
	staticGroupAssignment: boolean;
	portalUser: string;
	identityStore: string;
	identityStoreId: string;
	customAttributes: Record<string, string>;
}

/** A live RADIUS session. */
export interface IseSession {
	mac: string;
	ip: string;
	/** The signed-in account, or the MAC when the device was let in by MAC address (MAB). */
	userName: string;
	hostname: string;
	medium: 'wired' | 'wireless' | 'dock';
	nasIp: string;
	nasPort: string;
	profile: string;
	auditSessionId: string;
	/** Epoch ms of the last authentication. */
	authenticatedAt: number;
	/** ANC policy that was in force at the last authentication. */
	ancPolicy?: AncPolicy;
}

/** Behaviour that can be switched on; see `createIse`. */
export const ISE_FAULTS = [
	'csrf',
	'coaIgnored',
	'primaryDown',
	'secondaryPromoted',
	'release33',
	'bindingGone500',
	'bindingsLate',
] as const;
export type IseFault = (typeof ISE_FAULTS)[number];

/** Host of the primary administration node; the other one takes no changes until it is promoted. */
export const PRIMARY = 'ise.lab.example';

/** Name of the policy service node that all sessions belong to; `{node}` in CoA paths. */
export const POLICY_SERVICE_NODE = 'ise-psn-1';

/** Host name in ERS links: the node's own name, which a caller outside can't resolve. */
export const INTERNAL_HOST = 'ise-pan-1.corp.internal:9060';

/** MnT and ERS know a MAC only in this form. */
export const MAC_FORM = /^([0-9A-F]{2}:){5}[0-9A-F]{2}$/;
