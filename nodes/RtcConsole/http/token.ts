import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

/** What an anti-forgery token stands for. */
export interface TokenScope {
	user: string;
	action: string;
	object: string;
}

export type TokenVerdict =
	/** `id` is different for every form drawn; whoever spends it keeps it. */
	| { ok: true; id: string; issuedMs: number }
	| { ok: false; problem: 'malformed' | 'expired' | 'forged' };

/** A form can be sent for so long after it was drawn. */
export const TOKEN_LIFE_MS = 2 * 60 * 60_000;
/** Clocks of processes that share the secret differ. */
export const CLOCK_SKEW_MS = 60_000;

/** A token for one form: who may send it, for which action on which object, from now on. */
export function issueToken(secret: string, scope: TokenScope, nowMs: number): string {
	const id = randomBytes(12).toString('base64url');
	return `${nowMs.toString(36)}.${id}.${signature(secret, scope, nowMs, id)}`;
}

export function checkToken(secret: string, scope: TokenScope, token: string, nowMs: number): TokenVerdict {
	const match = /^([0-9a-z]{1,11})\.([\w-]{16})\.([\w-]{43})$/.exec(token);
	if (!match) return { ok: false, problem: 'malformed' };
	const [, issued, id, given] = match;
	const issuedMs = parseInt(issued, 36);
	if (!timingSafeEqual(Buffer.from(given), Buffer.from(signature(secret, scope, issuedMs, id)))) {
		return { ok: false, problem: 'forged' };
	}
	const ageMs = nowMs - issuedMs;
	return ageMs > TOKEN_LIFE_MS || ageMs < -CLOCK_SKEW_MS ? { ok: false, problem: 'expired' } : { ok: true, id, issuedMs };
}

function signature(secret: string, { user, action, object }: TokenScope, issuedMs: number, id: string): string {
	return createHmac('sha256', secret).update(JSON.stringify(['rtc-console', user, action, object, issuedMs, id])).digest('base64url');
}
