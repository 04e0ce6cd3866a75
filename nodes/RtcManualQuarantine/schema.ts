/** The part of JSON Schema 2020-12 that requests need; `docs/openapi.yaml` holds the same documents. */
export interface RequestSchema {
	type: 'object';
	additionalProperties: false;
	required: string[];
	/** At least one of these has to be there. */
	anyOf: { required: string[] }[];
	properties: Record<string, FieldSchema>;
}

export interface FieldSchema {
	type: 'string' | 'boolean';
	description: string;
	minLength?: number;
	maxLength?: number;
	pattern?: string;
	example?: string | boolean;
	default?: boolean;
}

const HOST_FIELDS: Record<string, FieldSchema> = {
	mac: {
		type: 'string',
		description: 'MAC address in any usual form',
		maxLength: 17,
		pattern: '^([0-9A-Fa-f]{2}([:-]?)[0-9A-Fa-f]{2}(\\2[0-9A-Fa-f]{2}){4}|([0-9A-Fa-f]{4}\\.){2}[0-9A-Fa-f]{4})$',
		example: '00:11:22:33:44:55',
	},
	ip: {
		type: 'string',
		description: 'IPv4 or IPv6 address',
		maxLength: 45,
		pattern: '^(\\d{1,3}(\\.\\d{1,3}){3}|[0-9A-Fa-f:]*:[0-9A-Fa-f:.]*)$',
		example: '10.1.2.3',
	},
	hostname: {
		type: 'string',
		description: 'Host name, with or without domain',
		maxLength: 253,
		pattern: '^[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?$',
		example: 'pc-7',
	},
	user: {
		type: 'string',
		description: 'Whoever is signed in at the host',
		maxLength: 256,
		pattern: '^[^\\s\\p{Cc}]+$',
		example: 'jdoe',
	},
};

const ACCOUNT_FIELDS: Record<string, FieldSchema> = {
	reason: {
		type: 'string',
		description: 'Why; kept in the audit trail and shown on the card',
		minLength: 3,
		maxLength: 500,
		pattern: '^\\P{Cc}*$',
		example: 'Reported stolen, ticket INC0012345',
	},
	requester: {
		type: 'string',
		description: 'The person who asks, best by mail address; kept in the audit trail',
		minLength: 1,
		maxLength: 200,
		pattern: '^[^\\p{Cc}]+$',
		example: 'ann@corp.example',
	},
};

const anyOf = Object.keys(HOST_FIELDS).map((name) => ({ required: [name] }));

/** Body of `POST …/quarantine`. */
export const QUARANTINE_SCHEMA: RequestSchema = {
	type: 'object',
	additionalProperties: false,
	required: ['reason', 'requester'],
	anyOf,
	properties: {
		...HOST_FIELDS,
		...ACCOUNT_FIELDS,
		duration: {
			type: 'string',
			description: 'ISO 8601 duration after which the host is released; without it, as long as the policy says',
			maxLength: 40,
			pattern: '^P(?=[\\dT])(\\d{1,3}W)?(\\d{1,4}D)?(T(?=\\d)(\\d{1,4}H)?(\\d{1,5}M)?(\\d{1,6}S)?)?$',
			example: 'PT4H',
		},
		overrideProtection: {
			type: 'boolean',
			description: 'Quarantine the host even though it is protected; needs the role approver',
			default: false,
			example: false,
		},
	},
};

/** Body of `POST …/release`. */
export const RELEASE_SCHEMA: RequestSchema = {
	type: 'object',
	additionalProperties: false,
	required: ['reason', 'requester'],
	anyOf,
	properties: { ...HOST_FIELDS, ...ACCOUNT_FIELDS },
};

/** One wrong field. `field` is empty when it is the body as a whole. */
export interface FieldProblem {
	field: string;
	message: string;
}

/** The first thing that is wrong with a body, if any. */
export function problemOf(schema: RequestSchema, body: unknown): FieldProblem | undefined {
	if (typeof body !== 'object' || body === null || Array.isArray(body)) {
		return { field: '', message: 'The body must be a JSON object' };
	}
	const given = body as Record<string, unknown>;
	for (const [field, value] of Object.entries(given)) {
		const rules = Object.hasOwn(schema.properties, field) ? schema.properties[field] : undefined;
		if (!rules) return { field: field.slice(0, 100), message: 'is not a known field' };
		const message = problemOfField(rules, value);
		if (message) return { field, message };
	}
	const missing = schema.required.find((field) => !Object.hasOwn(given, field));
	if (missing) return { field: missing, message: 'is missing' };
	if (schema.anyOf.some(({ required }) => required.every((field) => Object.hasOwn(given, field)))) return undefined;
	const names = schema.anyOf.map(({ required }) => required.join(' and '));
	return { field: names[0], message: `is missing: name the host by ${names.join(', ')}` };
}

function problemOfField(rules: FieldSchema, value: unknown): string | undefined {
	if (typeof value !== rules.type) return rules.type === 'string' ? 'must be text' : 'must be true or false';
	if (typeof value !== 'string') return undefined;
	const { minLength = 0, maxLength = Infinity, pattern } = rules;
	const length = [...value].length;
	if (length < minLength || value.trim() === '') return `must have at least ${Math.max(1, minLength)} characters`;
	if (length > maxLength) return `must not have more than ${maxLength} characters`;
	if (pattern && !new RegExp(pattern, 'u').test(value)) return `is not valid: ${rules.description}, e.g. ${rules.example}`;
	return undefined;
}
