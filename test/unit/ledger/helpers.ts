import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openLedger, PRESETS, type Detection, type LedgerService, type Policy } from '../../../ledger';

export const ACTOR = { name: 'workflow' };
export const PERSON = { name: 'ann' };
export const START_MS = Date.UTC(2026, 0, 15, 12);
export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;

export interface TestLedger {
	ledger: LedgerService;
	file: string;
	clock: { nowMs: number };
	close(): Promise<void>;
}

/** A ledger in a new file, with a clock that stands still until it is moved. */
export async function newLedger(policy?: Policy): Promise<TestLedger> {
	const folder = mkdtempSync(join(tmpdir(), 'ledger-'));
	const file = join(folder, 'ledger.db');
	const clock = { nowMs: START_MS };
	const ledger = await openLedger({ file, now: () => clock.nowMs });
	if (policy) await ledger.updatePolicy(policy, { name: 'test' }, 'for a test');
	return {
		ledger,
		file,
		clock,
		close: async () => {
			await ledger.close();
			rmSync(folder, { recursive: true, force: true });
		},
	};
}

/** A policy with one rule per penalty: event type `p40` of any source costs 40. */
export function plainPolicy(changes: Partial<Policy> = {}): Policy {
	return {
		...structuredClone(PRESETS.balanced),
		name: 'plain',
		rules: [5, 10, 25, 40, 50, 90].map((penalty) => ({
			source: '*',
			eventType: `p${penalty}`,
			penalty,
			reason: `Costs ${penalty}`,
		})),
		repeat: { mode: 'every' },
		guards: { minimumSources: 1, breaker: null, grace: 'PT30M' },
		...changes,
	};
}

let counter = 0;

/** A valid detection; every one has a new id unless it is given. */
export function detection(changes: Partial<Detection> & { penalty?: number; atMs?: number } = {}): Detection {
	const { penalty = 50, atMs = START_MS, ...rest } = changes;
	const source = rest.source ?? 'secureEndpoint';
	counter++;
	return {
		id: `${source}:${counter}`,
		source,
		eventType: { id: `p${penalty}`, name: `Event worth ${penalty}` },
		categories: [],
		severity: 'High',
		occurredAt: new Date(atMs).toISOString(),
		observables: [{ type: 'sha256', value: `hash-${counter}` }],
		targets: [{ mac: '00:11:22:33:44:55', hostname: 'pc1' }],
		...rest,
	};
}
