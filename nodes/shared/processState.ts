import { createHash } from 'node:crypto';
import { Quota, type QuotaWindow } from './quota';

/**
 * The only state that outlives an execution in the product nodes: per credential and per process,
 * tokens (so that logins stay under the vendors' token limits) and call budgets.
 */
interface Token {
	headers: Record<string, string>;
	/** Epoch ms after which the token is not used any more. */
	expiresAt: number;
}

interface KnownValue {
	value: Promise<unknown>;
	/** Epoch ms. */
	askedAt: number;
}

const tokens = new Map<string, Promise<Token>>();
const values = new Map<string, KnownValue>();
const quotas = new Map<string, Quota>();
const gates = new Map<string, Promise<unknown>>();

/** Key for one account of one product. Only a digest of the secrets is kept. */
export function accountKey(product: string, ...parts: unknown[]): string {
	return `${product}:${createHash('sha256').update(JSON.stringify(parts)).digest('hex')}`;
}

/**
 * Authorisation headers of an account. Callers who need a new token at the same time share one login.
 *
 * @param refresh the server refused the cached token: log in again. `refused` says which one, so that
 *   many callers refused together cause one login.
 */
export async function cachedToken(
	key: string,
	login: () => Promise<Token>,
	now: () => number,
	refused?: Record<string, string>,
): Promise<Record<string, string>> {
	const cached = tokens.get(key);
	if (cached) {
		const token = await cached.catch(() => undefined);
		if (token && token.expiresAt > now() && token.headers !== refused) return token.headers;
		if (tokens.get(key) !== cached) return await cachedToken(key, login, now, refused);
	}
	const fresh = login();
	tokens.set(key, fresh);
	fresh.catch(() => tokens.get(key) === fresh && tokens.delete(key));
	return (await fresh).headers;
}

/**
 * What `load` gave at most `maxAgeMs` ago (0: ask again now). Callers at the same time share one call; a failure is
 * not kept.
 */
export async function cachedValue<T>(
	key: string,
	load: () => Promise<T>,
	maxAgeMs: number,
	now: () => number,
): Promise<T> {
	const known = values.get(key);
	const age = known ? now() - known.askedAt : Infinity;
	if (known && age >= 0 && age < maxAgeMs) return (await known.value) as T;
	const fresh = { value: load(), askedAt: now() };
	values.set(key, fresh);
	fresh.value.catch(() => values.get(key) === fresh && values.delete(key));
	return await fresh.value;
}

/** The budget that all nodes of this process share for an account and a family of calls. */
export function sharedQuota(key: string, windows: readonly QuotaWindow[]): Quota {
	const existing = quotas.get(key);
	if (existing) return existing;
	const quota = new Quota(windows);
	quotas.set(key, quota);
	return quota;
}

/** Runs `work` after every earlier work of the same key, whatever became of it. */
export async function oneAtATime<T>(key: string, work: () => Promise<T>): Promise<T> {
	const previous = gates.get(key) ?? Promise.resolve();
	const current = previous.then(work, work);
	gates.set(key, current);
	try {
		return await current;
	} finally {
		if (gates.get(key) === current) gates.delete(key);
	}
}
