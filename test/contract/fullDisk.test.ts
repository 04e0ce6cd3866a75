import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SmallDisk, smallDiskMissing } from '../../demo/smallDisk';
import { openLedger } from '../../ledger';
import { suiteUnless } from '../support/suite';
import { ACTOR, detection } from '../unit/ledger/helpers';

const MEGABYTES = 3;
const NOW_MS = Date.UTC(2026, 0, 10);

const batch = (number: number) =>
	Array.from({ length: 50 }, (_, index) =>
		detection({ id: `d-${number}-${index}`, occurredAt: new Date(NOW_MS - 60_000).toISOString(), targets: [{ hostname: `pc-${number}-${index}` }] }),
	);

/** The ledger file has a disk of its own, which fills up. */
suiteUnless(smallDiskMissing())('a ledger on a full disk', () => {
	let folder: string;
	let disk: SmallDisk;

	beforeEach(() => {
		folder = mkdtempSync(join(tmpdir(), 'full-disk-'));
		disk = SmallDisk.mount(folder, MEGABYTES);
	});
	afterEach(() => {
		disk.unmount();
		rmSync(folder, { recursive: true, force: true });
	});

	it('refuses a batch as a whole and says why, still answers, and goes on when there is space', async () => {
		const ledger = await openLedger({ file: join(folder, 'ledger.db'), now: () => NOW_MS });
		await ledger.score(batch(0), { actor: ACTOR });
		await disk.kill();
		let number = 1;
		const untilFull = async () => {
			for (; number < 200; number++) await ledger.score(batch(number), { actor: ACTOR, cursor: { source: 'xdr', position: new Date(NOW_MS).toISOString() } });
		};
		await expect(untilFull()).rejects.toMatchObject({ code: 'unavailable', message: expect.stringContaining('disk of the ledger file is full') });
		const { detections } = await ledger.getMetrics();
		expect(Object.values(detections)).toEqual([number * 50]);
		expect((await ledger.getEntities({ limit: 1 })).total).toBe(number * 50);

		await disk.start();
		await ledger.score(batch(number), { actor: ACTOR });
		expect(Object.values((await ledger.getMetrics()).detections)).toEqual([(number + 1) * 50]);
		expect(await ledger.verifyAudit()).toMatchObject({ ok: true });
		expect((await ledger.replay()).equal).toBe(true);
		await ledger.close();
	});

	it('opens again with what was recorded before, while the first connection is still open', async () => {
		const file = join(folder, 'ledger.db');
		const first = await openLedger({ file, now: () => NOW_MS });
		await first.score(batch(0), { actor: ACTOR });
		await disk.kill();
		await expect(first.score(Array.from({ length: 20 }, (_, number) => batch(number + 1)).flat(), { actor: ACTOR })).rejects.toMatchObject({ code: 'unavailable' });
		await disk.start();
		const second = await openLedger({ file, now: () => NOW_MS });
		expect(Object.values((await second.getMetrics()).detections)).toEqual([50]);
		expect(await second.verifyAudit()).toMatchObject({ ok: true });
		await second.close();
		await first.close();
	});
});
