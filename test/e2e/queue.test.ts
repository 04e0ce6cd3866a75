import { runScenario, type RunReport } from '../../demo/run';
import { servicesMissing } from '../../demo/services';
import { QueuePeople, type Seen } from '../support/queuePeople';
import { suiteUnless } from '../support/suite';

const POLL_SECONDS = 5;
const run = { scenario: 'ransomware', seed: 5, speed: 4, pollSeconds: POLL_SECONDS, queue: { workers: 2 } };

/** A main, two workers and a webhook processor on PostgreSQL and Redis: people ask and processes die meanwhile. */
suiteUnless(servicesMissing(process.env))("ransomware in n8n's queue mode", () => {
	let report: RunReport;
	let seen: Seen;

	beforeAll(async () => {
		let people: QueuePeople;
		report = await runScenario(run, () => {}, {
			meanwhile: async (session) => {
				people = new QueuePeople(session);
				seen = people.seen;
				await people.work();
			},
			afterwards: async () => await people.readPolls(),
		});
	}, 600_000);

	it('contains exactly the infected hosts, tells of each episode once, and breaks no rule', () => {
		expect(report.failures).toEqual([]);
		expect(report.verdict.contained).toEqual([...report.lab.scenario.expectations.contain].sort());
		expect(report.verdict.cards).toBe(report.verdict.contained.length + seen.containedByPeople.length);
		expect(report.lab).toMatchObject({ violations: 0, rateLimited: 0, labErrors: 0 });
	});

	it('leaves an audit chain that verifies and scores that replay', () => {
		expect(report.ledger).toMatchObject({ audit: { ok: true }, replayEqual: true });
	});

	it('serves the console through the webhook processor, and not through the main', () => {
		expect(seen.console).toEqual({ known: 200, stranger: 401, onMain: false });
	});

	it('takes a manual quarantine, a decision on a Webex card and releases through the webhook processor', () => {
		expect(seen.answers.filter((status) => status === 202)).toHaveLength(3);
		expect(seen.containedByPeople).toHaveLength(2);
		expect(seen.approvals).toMatchObject([{ by: 'approver@corp.example', reason: 'Seen by the people on site' }]);
	});

	it('polls once in the cluster, whoever runs the poll', () => {
		const seconds = (seen.polls[seen.polls.length - 1] - seen.polls[0]) / 1_000;
		expect(seen.polls.length).toBeGreaterThan(4);
		expect(seen.polls.length).toBeLessThan(1.2 * (seconds / POLL_SECONDS) + 2);
	});

	it('lost a worker, the main and the webhook processor on the way', () => {
		expect(seen.killed).toEqual(['worker 1', 'main', 'webhook processor']);
	});
});
