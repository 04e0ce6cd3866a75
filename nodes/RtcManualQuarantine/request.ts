import { createHash } from 'node:crypto';
import type { IDataObject } from 'n8n-workflow';
import type { RequestKey } from '../../ledger/service';
import { canonicalJson } from '../../ledger/canonicalJson';
import { parseDuration } from '../../ledger/duration';
import { canonicalIp } from '../../ledger/network';
import { refusal, type Answer } from './answers';
import { problemOf, QUARANTINE_SCHEMA, RELEASE_SCHEMA } from './schema';
import type { Caller } from './tokens';

export type RequestedAction = 'quarantine' | 'release';

/** A request that may be carried out: the item that the workflow gets. Holds no token. */
export interface ManualRequest extends IDataObject {
	action: RequestedAction;
	/** What is known of the host; at least one is there. */
	host: { mac?: string; ip?: string; hostname?: string; user?: string };
	reason: string;
	requester: string;
	duration?: string;
	overrideProtection: boolean;
	/** The approvers are asked first. */
	needsApproval: boolean;
	/** Name of the token, for the audit trail. */
	caller: string;
	/** From `Idempotency-Key`, made unique per caller. */
	request?: RequestKey & IDataObject;
}

const MIN_DURATION_MS = 60_000;
const MAX_DURATION_MS = 30 * 86_400_000;
const KEY = /^[\x21-\x7e]{1,200}$/;

/**
 * Checks a request of a known caller: first what the caller may, then the fields.
 *
 * @param idempotencyKey the header, if it was sent
 * @returns the request, or the answer that refuses it
 */
export function readRequest(
	action: RequestedAction,
	caller: Caller,
	body: unknown,
	idempotencyKey: unknown,
): ManualRequest | Answer {
	const problem = problemOf(action === 'quarantine' ? QUARANTINE_SCHEMA : RELEASE_SCHEMA, body) ?? problemOfValues(body);
	if (problem) return refusal(400, 'invalid', `${problem.field || 'body'} ${problem.message}`, problem.field || 'body');
	const given = body as Partial<Record<string, string>> & { overrideProtection?: boolean };
	const overrideProtection = given.overrideProtection === true;
	if (action === 'release' && caller.role === 'requester') {
		return refusal(403, 'forbidden', 'This token may ask for a quarantine, but not release');
	}
	if (overrideProtection && caller.role !== 'approver') {
		return refusal(403, 'forbidden', 'Overriding protection needs a token with the role approver');
	}
	if (idempotencyKey !== undefined && !KEY.test(String(idempotencyKey))) {
		return refusal(400, 'invalid', 'Idempotency-Key must be 1 to 200 visible ASCII characters', 'Idempotency-Key');
	}
	const { mac, ip, hostname, user, reason = '', requester = '', duration } = given;
	return {
		action,
		host: { ...(mac && { mac }), ...(ip && { ip }), ...(hostname && { hostname }), ...(user && { user }) },
		reason,
		requester: requester.trim(),
		...(duration && { duration }),
		overrideProtection,
		needsApproval: caller.role === 'requester',
		caller: caller.name,
		...(idempotencyKey !== undefined && {
			request: {
				key: `${caller.name}\n${String(idempotencyKey)}`,
				fingerprint: createHash('sha256').update(canonicalJson({ action, body })).digest('hex'),
			},
		}),
	};
}

/** What a pattern can't tell. */
function problemOfValues(body: unknown): { field: string; message: string } | undefined {
	const { ip, duration } = body as { ip?: string; duration?: string };
	if (ip !== undefined && canonicalIp(ip) === undefined) return { field: 'ip', message: 'is not an IP address' };
	if (duration === undefined) return undefined;
	const ms = parseDuration(duration);
	if (ms !== undefined && ms >= MIN_DURATION_MS && ms <= MAX_DURATION_MS) return undefined;
	return { field: 'duration', message: 'must be between one minute (PT1M) and 30 days (P30D)' };
}

export function isAnswer(value: ManualRequest | Answer): value is Answer {
	return 'statusCode' in value;
}
