import { setTimeout as wait } from 'node:timers/promises';
import { runScenario, type RunReport } from '../../demo/run';
import { withLedger } from '../../demo/scenario';
import type { Session } from '../../demo/session';

const KILLS = 10;
const run = { scenario: 'ransomware', seed: 7, speed: 1.5, pollSeconds: 5 };
const quiet = () => {};

type Penalties = Record<string, number>;

/** n8n dies ten times in the middle of the attack; nobody may notice afterwards. */
describe('SIGKILL of n8n during ransomware', () => {
	let undisturbed: RunReport;
	let crashed: RunReport;
	const penalties: { undisturbed?: Penalties; crashed?: Penalties } = {};

	beforeAll(async () => {
		undisturbed = await runScenario(run, quiet, async (session) => keepPenalties(session, 'undisturbed'));
		crashed = await runScenario(run, quiet, async (session) => {
			keepPenalties(session, 'crashed');
			await killRepeatedly(session);
		});
	}, 1_200_000);

	function keepPenalties(session: Session, which: keyof typeof penalties): void {
		const close = session.close;
		session.close = async () => {
			penalties[which] = await penaltiesOf(session.n8n.ledgerFile);
			await close();
		};
	}

	it('leaves nobody uncontained, and no second card or incident', () => {
		expect(crashed.verdict.failures).toEqual([]);
		expect(crashed.verdict.contained).toEqual(undisturbed.verdict.contained);
	});

	it('loses no detection and counts none twice', () => {
		for (const { failures } of [undisturbed, crashed]) expect(failures).toEqual([]);
		expect(crashed.ledger.metrics.detections.umbrella).toBe(undisturbed.ledger.metrics.detections.umbrella);
	});

	it('ends with the scores of an undisturbed run', () => {
		expect(penalties.crashed).toEqual(penalties.undisturbed);
	});
});

/** Points ever given to each entity; unlike scores, they don't depend on the time of day. */
async function penaltiesOf(file: string): Promise<Penalties> {
	return await withLedger(file, async (ledger) => {
		const { items } = await ledger.getEntities({ limit: 1000 });
		const details = await Promise.all(items.map(async (entity) => await ledger.getEntity(entity)));
		return Object.fromEntries(
			details.flatMap((entity) =>
				entity ? [[`${entity.kind} ${entity.key}`, Math.round(entity.contributions.reduce((sum, { penalty }) => sum + penalty, 0))]] : [],
			),
		);
	});
}

async function killRepeatedly({ n8n }: Session): Promise<void> {
	let random = 20_261_121;
	for (let kill = 0; kill < KILLS; kill++) {
		random = (random * 48_271) % 2_147_483_647;
		await wait(500 + (random % 9_000));
		await n8n.kill();
		await n8n.start();
	}
}
