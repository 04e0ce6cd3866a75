import { runScenario, type RunReport } from '../../demo/run';

const SEED = 1;
const quiet = () => {};

/** Real n8n, packed pack, lab: whole scenarios, judged by what the vendors received. */
describe.each([
	['ransomware', 4],
	['noisyDetector', 4],
	['massFalsePositive', 2],
	['quietDay', 6],
])('scenario %s', (scenario, speed) => {
	let report: RunReport;

	beforeAll(async () => {
		report = await runScenario({ scenario, seed: SEED, speed, pollSeconds: 5 }, quiet);
	}, 600_000);

	it('contains exactly whom it should, on every network card, told once, and loses no event', () => {
		expect(report.failures).toEqual([]);
	});

	it('breaks no rule and no published limit of any vendor', () => {
		expect(report.lab).toMatchObject({ violations: 0, rateLimited: 0, labErrors: 0 });
	});

	it('leaves an audit chain that verifies and scores that replay', () => {
		expect(report.ledger).toMatchObject({ audit: { ok: true }, replayEqual: true });
	});

	if (scenario === 'massFalsePositive') {
		it('holds the breaker, and the rest waits for approval', () => {
			expect(report.verdict.contained).toHaveLength(5);
			expect(report.ledger.metrics.intents.awaitingApproval).toBe(1995);
		});
	}
});
