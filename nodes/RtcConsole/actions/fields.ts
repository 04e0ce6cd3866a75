import { parseDuration } from '../../../ledger/duration';
import { ROLES, type Role } from '../pages/page';
import type { ActionDefinition, ActionField } from './catalogue';

/** Names in a form that are not fields of an action. */
const ENVELOPE: readonly string[] = ['action', 'object', 'token'];

export type FieldValues = Record<string, string | boolean>;
export type FieldResult = { values: FieldValues } | { status: 400 | 403; problem: string };

/** Whether a role may do what another one may. */
export function reaches(role: Role, lowest: Role): boolean {
	return ROLES.indexOf(role) >= ROLES.indexOf(lowest);
}

/** The values of an action's fields in a form that was sent. Anything that the action does not know is refused. */
export function readFields(definition: ActionDefinition, form: URLSearchParams, role: Role): FieldResult {
	for (const name of form.keys()) {
		if (!ENVELOPE.includes(name) && !Object.hasOwn(definition.fields, name)) {
			return { status: 400, problem: `The action has no field "${name.slice(0, 40)}"` };
		}
		if (form.getAll(name).length > 1) return { status: 400, problem: `The field "${name}" came more than once` };
	}
	const values: FieldValues = {};
	for (const [name, field] of Object.entries(definition.fields)) {
		const text = (form.get(name) ?? '').trim();
		const problem = problemOf(field, text);
		if (problem) return { status: 400, problem: `${field.label}: ${problem}` };
		if (text === '') continue;
		if (field.role && !reaches(role, field.role)) return { status: 403, problem: `${field.label}: needs the role ${field.role}` };
		values[name] = field.type === 'flag' ? true : text;
	}
	return { values };
}

function problemOf({ type, required, maxLength = 500, choices }: ActionField, text: string): string | undefined {
	if (text === '') return required ? 'is empty' : undefined;
	if (text.length > maxLength) return `is longer than ${maxLength} characters`;
	if (type !== 'longText' && /\p{Cc}/u.test(text)) return 'has characters that cannot be shown';
	if (type === 'choice' && choices && !choices.includes(text)) return `must be one of ${choices.join(', ')}`;
	if (type === 'flag' && !['on', 'true'].includes(text)) return 'must be on or absent';
	if (type === 'duration' && parseDuration(text) === undefined) return 'is not an ISO 8601 duration such as PT4H';
	return undefined;
}
