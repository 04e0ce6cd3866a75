import type { LedgerService } from '../../ledger';

const BATCHES = 30;
const PER_BATCH = 20;
const OPTIONS = { actor: { name: 'poll' } };

const detections = (batch: number) =>
	Array.from({ length: PER_BATCH }, (_, index) => ({
		id: `secureEndpoint:${batch}-${index}`,
		source: 'secureEndpoint',
		eventType: { id: '1090519054', name: 'Threat Detected' },
		categories: [],
		severity: 'High',
		occurredAt: new Date(Date.now() - 60_000).toISOString(),
		observables: [{ type: 'sha256', value: `${batch}` }],
		targets: [{ hostname: `pc-${index % 7}` }],
	}));

const countOf = async (ledger: LedgerService) => (await ledger.getDetections({ limit: 5_000 })).items.length;

/** Scores batch after batch until all are in; the snapshot is begun after the tenth. */
export async function snapshotUnderLoad(ledger: LedgerService, snapshot: () => Promise<void>): Promise<void> {
	let copying: Promise<void> | undefined;
	for (let batch = 0; batch < BATCHES; batch++) {
		await ledger.score(detections(batch), OPTIONS);
		if (batch === BATCHES / 3) copying = snapshot();
		await new Promise((resolve) => setImmediate(resolve));
	}
	await copying;
	expect(await countOf(ledger)).toBe(BATCHES * PER_BATCH);
}

/** Whole batches, right in themselves; and what came after the snapshot is read again: none is lost, none counts twice. */
export async function expectConsistent(copy: LedgerService): Promise<void> {
	expect(await copy.verifyAudit()).toMatchObject({ ok: true });
	expect(await copy.replay()).toMatchObject({ equal: true });
	const count = await countOf(copy);
	expect(count).toBeGreaterThanOrEqual((BATCHES / 3) * PER_BATCH);
	expect(count % PER_BATCH).toBe(0);
	for (let batch = 0; batch < BATCHES; batch++) await copy.score(detections(batch), OPTIONS);
	expect(await countOf(copy)).toBe(BATCHES * PER_BATCH);
	expect(await copy.replay()).toMatchObject({ equal: true });
}
