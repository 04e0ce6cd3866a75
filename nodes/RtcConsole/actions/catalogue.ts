import type { Role } from '../pages/page';

/** What an action is done to, and how it is written in the form field `object`. */
export type ObjectType =
	/** `mac:AA:BB:…`, `user:jdoe`, `ip:10.0.0.1`, `hostname:pc1`. */
	| 'entity'
	/** The intent's id. */
	| 'intent'
	/** GUID of a Secure Endpoint connector. */
	| 'connector'
	/** `domain:bad.example`, `url:…`, `ip:192.0.2.1` (IPv4 only), `sha256:…`. */
	| 'observable'
	/** `<type>:<value>` as in protected entries, e.g. `oui:00:1B:C5`; empty when the fields name it. */
	| 'protected'
	/** Version on which the change is based, e.g. `7`. */
	| 'policy';

/** A value that comes with an action, beside its object. */
export interface ActionField {
	label: string;
	type: 'text' | 'longText' | 'duration' | 'choice' | 'flag';
	required?: boolean;
	/** Characters; default 500. */
	maxLength?: number;
	/** For `choice`. */
	choices?: readonly string[];
	/** Lowest role that may fill it in; default: that of the action. */
	role?: Role;
}

export interface ActionDefinition {
	/** On the button, and in notices. */
	title: string;
	/** Lowest role that may do it. */
	role: Role;
	object: ObjectType;
	/** Fields by name. Others are refused. */
	fields: Readonly<Record<string, ActionField>>;
	/** Takes something off the network or cannot be undone: its button looks the part. */
	dangerous?: boolean;
}

const reason: ActionField = { label: 'Reason', type: 'text', required: true, maxLength: 500 };

export const PROTECTED_TYPES = ['mac', 'ip', 'user', 'hostname', 'cidr', 'oui', 'endpointProfile', 'identityGroup'] as const;

/** Everything that can be done from the console. Nothing else is emitted. */
const CATALOGUE = {
	quarantine: {
		title: 'Quarantine',
		role: 'operator',
		object: 'entity',
		dangerous: true,
		fields: {
			reason,
			duration: { label: 'Release after', type: 'duration', maxLength: 40 },
			overrideProtection: { label: 'Quarantine even if protected', type: 'flag', role: 'approver' },
		},
	},
	release: { title: 'Release', role: 'operator', object: 'entity', fields: { reason } },
	approve: { title: 'Approve', role: 'approver', object: 'intent', dangerous: true, fields: { reason } },
	deny: { title: 'Deny', role: 'approver', object: 'intent', fields: { reason } },
	retryIntent: { title: 'Retry', role: 'operator', object: 'intent', fields: { reason } },
	isolate: {
		title: 'Isolate connector',
		role: 'operator',
		object: 'connector',
		dangerous: true,
		// Of whose host the connector is, as in the object of other actions: a protected host needs an approver.
		fields: { reason, entity: { label: 'Entity', type: 'text', required: true, maxLength: 320 } },
	},
	stopIsolation: { title: 'Stop isolation', role: 'operator', object: 'connector', fields: { reason } },
	blockObservable: {
		title: 'Block',
		role: 'approver',
		object: 'observable',
		dangerous: true,
		fields: { reason },
	},
	protect: {
		title: 'Protect',
		role: 'approver',
		object: 'protected',
		fields: {
			reason,
			type: { label: 'Type', type: 'choice', choices: PROTECTED_TYPES },
			value: { label: 'Value', type: 'text', maxLength: 300 },
		},
	},
	unprotect: { title: 'Unprotect', role: 'approver', object: 'protected', dangerous: true, fields: { reason } },
	lookUp: { title: 'Look up now', role: 'operator', object: 'entity', fields: {} },
	purge: { title: 'Purge score', role: 'admin', object: 'entity', dangerous: true, fields: { reason } },
	updatePolicy: {
		title: 'Save policy',
		role: 'admin',
		object: 'policy',
		dangerous: true,
		fields: {
			policy: { label: 'Policy', type: 'longText', required: true, maxLength: 48_000 },
			comment: { label: 'Comment', type: 'text', required: true },
		},
	},
	restorePolicy: {
		title: 'Restore policy',
		role: 'admin',
		object: 'policy',
		dangerous: true,
		fields: {
			version: { label: 'Version to restore', type: 'text', required: true, maxLength: 10 },
			comment: { label: 'Comment', type: 'text', required: true },
		},
	},
} as const satisfies Record<string, ActionDefinition>;

export type ActionName = keyof typeof CATALOGUE;

export const ACTIONS: Readonly<Record<ActionName, ActionDefinition>> = CATALOGUE;

export const ACTION_NAMES = Object.keys(CATALOGUE) as ActionName[];

export function isActionName(text: string): text is ActionName {
	return Object.hasOwn(CATALOGUE, text);
}
