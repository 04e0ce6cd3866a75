import { crash, countedRun, differences, type CountedRun, type Kill } from '../../demo/crash';
import { integer, randomFrom } from '../../lab/machine/random';

const KILLS = 10;
const run = { scenario: 'ransomware', seed: 7, speed: 1.5, pollSeconds: 5 };
const quiet = () => {};

/** n8n dies ten times in the middle of the attack; nobody may notice afterwards. */
describe('SIGKILL of n8n during ransomware', () => {
	let undisturbed: CountedRun;
	let crashed: CountedRun;

	beforeAll(async () => {
		undisturbed = await countedRun(run, quiet);
		crashed = await countedRun(run, quiet, async (session) => await crash(session, kills(), quiet));
	}, 1_200_000);

	it('leaves nobody uncontained, and no second card or incident', () => {
		expect(crashed.report.verdict.failures).toEqual([]);
		expect(crashed.report.verdict.contained).toEqual(undisturbed.report.verdict.contained);
	});

	it('loses no detection, counts none twice, and ends with the scores of an undisturbed run', () => {
		expect(Object.keys(undisturbed.penalties).length).toBeGreaterThan(10);
		expect(differences(crashed, undisturbed)).toEqual([]);
	});
});

function kills(): Kill[] {
	const random = randomFrom('crash test', run.seed);
	return Array.from({ length: KILLS }, () => ({ process: 'n8n', afterMs: integer(random, 500, 9_500), downMs: 0 }));
}
