import type { ApiClient, ApiResponse } from './http';
import type { Quota } from './quota';

/** What this process has asked of one product since it started. */
export interface ApiUse {
	product: string;
	/** Calls by the status that came back; `none` without an answer. Repetitions count. */
	calls: Record<string, number>;
	/** Calls that were answered 429. */
	throttled: number;
	/** What the vendor said is left, in its last answer that said so. */
	quotaRemaining?: number;
	/** What is left of the limits that are kept here: per limit, that of the account which has least. */
	budgets: { limit: number; windowSeconds: number; remaining: number }[];
}

interface Use {
	calls: Map<string, number>;
	quotaRemaining?: number;
	quotas: Set<Quota>;
}

const uses = new Map<string, Use>();

/** Counts one call. `response` is absent when none came. */
export function countCall({ product, quota }: Pick<ApiClient, 'product' | 'quota'>, response?: ApiResponse): void {
	let use = uses.get(product);
	if (!use) uses.set(product, (use = { calls: new Map(), quotas: new Set() }));
	const status = response ? String(response.status) : 'none';
	use.calls.set(status, (use.calls.get(status) ?? 0) + 1);
	if (quota) use.quotas.add(quota);
	const remaining = response && remainingIn(response.headers);
	if (remaining !== undefined && /^\d+$/.test(remaining)) use.quotaRemaining = Number(remaining);
}

/** How many calls the vendor says are left, as it says it. */
export function remainingIn(headers: Record<string, string>): string | undefined {
	return headers['x-ratelimit-remaining'] ?? headers['x-rate-limit-remaining'];
}

/** @param now epoch ms */
export function apiUse(now: number): ApiUse[] {
	return [...uses].sort(([a], [b]) => (a < b ? -1 : 1)).map(([product, { calls, quotaRemaining, quotas }]) => ({
		product,
		calls: Object.fromEntries([...calls].sort()),
		throttled: calls.get('429') ?? 0,
		...(quotaRemaining !== undefined && { quotaRemaining }),
		budgets: leastOf([...quotas].flatMap((quota) => quota.remaining(now))),
	}));
}

function leastOf(windows: ReturnType<Quota['remaining']>): ApiUse['budgets'] {
	const least = new Map<string, ApiUse['budgets'][number]>();
	for (const { limit, windowMs, remaining } of windows) {
		const known = least.get(`${limit}/${windowMs}`);
		if (!known || remaining < known.remaining) least.set(`${limit}/${windowMs}`, { limit, windowSeconds: windowMs / 1000, remaining });
	}
	return [...least.values()];
}
