import { checkToken } from '../http/token';
import type { ConsoleUser, Role } from '../pages/page';
import { ACTIONS, isActionName, type ActionName } from './catalogue';
import { reaches, readFields, type FieldValues } from './fields';
import { parseObject, type ActionObject } from './objects';

/** An action that a user may do and asked for; what the workflow behind the console gets. */
export interface ActionRequest {
	action: ActionName;
	/** As in the form, for the audit trail. */
	subject: string;
	object: ActionObject;
	fields: FieldValues;
	/** Why, in the user's words; empty for actions that ask for none. */
	reason: string;
	actor: { name: string; role: Role };
	/** Different for every form drawn. */
	requestId: string;
	/** When the form was drawn, ms. */
	drawnMs: number;
}

export interface Refusal {
	status: 400 | 403;
	problem: string;
	action?: ActionName;
	subject?: string;
}

export type RequestResult = { request: ActionRequest } | Refusal;

const TOKEN_PROBLEMS = {
	malformed: 'The form came without a valid token. Open the page again and send its form.',
	forged: 'The token does not belong to you, this action and this object. Open the page again and send its form.',
	expired: 'The form was open for too long. Open the page again and send its form.',
} as const;

/** What a form is for whose token and role are right. */
export interface Authorised {
	action: ActionName;
	/** The object as the form writes it. */
	text: string;
	requestId: string;
	drawnMs: number;
}

/** Whether a form that was sent is one that this user was given, and may send. */
export function authorise(form: URLSearchParams, user: ConsoleUser, secret: string, nowMs: number): Authorised | Refusal {
	const action = form.get('action') ?? '';
	if (!isActionName(action)) return { status: 400, problem: 'There is no such action' };
	const definition = ACTIONS[action];
	const text = form.get('object') ?? '';
	const refused = { action, subject: text.slice(0, 300) };
	const token = checkToken(secret, { user: user.name, action, object: text }, form.get('token') ?? '', nowMs);
	if (!token.ok) return { status: 403, problem: TOKEN_PROBLEMS[token.problem], ...refused };
	if (!reaches(user.role, definition.role)) return { status: 403, problem: `${definition.title}: needs the role ${definition.role}`, ...refused };
	return { action, text, requestId: token.id, drawnMs: token.issuedMs };
}

/** Reads a form that was sent: token first, then role, object and fields. */
export function readRequest(form: URLSearchParams, user: ConsoleUser, secret: string, nowMs: number): RequestResult {
	const authorised = authorise(form, user, secret, nowMs);
	if ('problem' in authorised) return authorised;
	const { action, text, requestId, drawnMs } = authorised;
	const definition = ACTIONS[action];
	const refused = { action, subject: text.slice(0, 300) };
	const read = readFields(definition, form, user.role);
	if ('problem' in read) return { ...read, ...refused };
	const named = action === 'protect' && text === '' ? `${String(read.values.type ?? '')}:${String(read.values.value ?? '')}` : text;
	const object = parseObject(definition.object, named);
	if (!object || (object.type === 'protected' && object.value === undefined)) {
		return { status: 400, problem: `${definition.title}: "${named.slice(0, 80)}" does not name anything that this can be done to`, ...refused };
	}
	return {
		request: {
			action,
			subject: named,
			object,
			fields: read.values,
			reason: String(read.values.reason ?? read.values.comment ?? ''),
			actor: { name: user.name, role: user.role },
			requestId,
			drawnMs,
		},
	};
}
