import { setImmediate as nextTurn } from 'node:timers/promises';
import type { UnratedEventType } from './api';
import { iso } from './time';
import type { CompiledPolicy } from './compiledPolicy';
import type { Detection } from './detection';
import type { UnratedRow, WriteTransaction } from './store/store';

/** Detections fetched at a time. */
const PAGE = 2_000;

/** Counts detections without a matching rule, by source and event type. */
export class UnratedTally {
	private readonly types = new Map<string, UnratedRow>();

	add({ source, eventType }: Pick<Detection, 'source' | 'eventType'>, occurredMs: number): void {
		const name = JSON.stringify([source, eventType.id, eventType.name]);
		const known = this.types.get(name);
		if (known) {
			known.detections++;
			known.firstSeenMs = Math.min(known.firstSeenMs, occurredMs);
			known.lastSeenMs = Math.max(known.lastSeenMs, occurredMs);
			return;
		}
		this.types.set(name, {
			source,
			eventTypeId: eventType.id,
			eventTypeName: eventType.name,
			detections: 1,
			firstSeenMs: occurredMs,
			lastSeenMs: occurredMs,
		});
	}

	async save(tx: WriteTransaction): Promise<void> {
		if (this.types.size > 0) await tx.addUnrated([...this.types.values()]);
	}
}

/** Counts anew from all kept detections: which types have no rule depends on the policy. */
export async function recountUnrated(tx: WriteTransaction, policy: CompiledPolicy): Promise<void> {
	const tally = new UnratedTally();
	for (let after = 0; ; ) {
		const rows = await tx.detectionsAfter(after, PAGE);
		if (rows.length === 0) break;
		for (const { body, occurredMs } of rows) {
			const detection = JSON.parse(body) as Detection;
			if (policy.matching(detection).length === 0) tally.add(detection, occurredMs);
		}
		after = rows[rows.length - 1].seq;
		await nextTurn();
	}
	await tx.clearUnrated();
	await tally.save(tx);
}

export function toUnratedEventType(row: UnratedRow): UnratedEventType {
	return {
		source: row.source,
		eventType: { id: row.eventTypeId, name: row.eventTypeName },
		detections: row.detections,
		firstSeenAt: iso(row.firstSeenMs),
		lastSeenAt: iso(row.lastSeenMs),
	};
}
