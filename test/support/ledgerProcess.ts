import { openLedger, type LedgerPlace } from '../../ledger';
import { ACTOR, detection, START_MS } from '../unit/ledger/helpers';

/** Another process on the same ledger, whose place comes through the environment: passwords are no arguments. */
async function main([task, rounds]: string[]): Promise<void> {
	const place = JSON.parse(process.env.RTC_LEDGER as string) as LedgerPlace;
	const ledger = await openLedger({ ...place, now: () => START_MS });
	if (task === 'claimAndDie') {
		const [intent] = await ledger.claimIntents({ actor: ACTOR, kinds: ['contain'], limit: 1, leaseSeconds: 60 });
		await ledger.recordStep(intent.id, { anc: 'applied' }, ACTOR);
		process.kill(process.pid, 'SIGKILL');
	}
	if (task === 'pollAndDie') {
		await ledger.beginPoll('umbrella', { overlapSeconds: 0, firstLookbackSeconds: 60, leaseSeconds: 300, actor: ACTOR });
		process.kill(process.pid, 'SIGKILL');
	}
	let recorded = 0;
	for (let round = 0; round < Number(rounds); round++) {
		const batch = Array.from({ length: 20 }, (_, i) =>
			detection({ id: `x:${round}-${i}`, penalty: 5, targets: [{ hostname: `pc${i % 5}`, user: 'shared' }] }),
		);
		const { outcomes } = await ledger.score(batch, { actor: ACTOR });
		recorded += outcomes.filter(({ outcome }) => outcome === 'recorded').length;
	}
	await ledger.close();
	process.stdout.write(String(recorded));
}

void main(process.argv.slice(2));
