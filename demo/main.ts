import { parseArgs } from 'node:util';
import { endOnSignals, isEnding } from './cleanup';
import { crashRuns, type CrashRun } from './crash';
import { runScenario, type RunOptions, type RunReport } from './run';

const USAGE = `npm run demo -- --headless --scenario NAME [--seed N] [--speed N] [--poll-seconds N] [--queue [--workers N]] [--json]
npm run demo -- --headless --crash-runs N [--kills N] [the same options]

The first starts the lab and n8n, plays a scenario, and exits 0 when the scenario's expectations held. The second plays
ransomware and massFalsePositive, or the scenario that is named, N times while it kills processes and, in one process, fills
the disk of the ledger; it exits 0 when every run ended as an undisturbed one. With --queue: n8n's queue mode, on Redis and PostgreSQL (see docs/queue-mode.md).
Without --headless: npm start.`;

const CRASH_SCENARIOS = ['ransomware', 'massFalsePositive'];

interface DemoOptions {
	scenario?: string;
	run: Omit<RunOptions, 'scenario'>;
	crashRuns?: number;
	kills: number;
	json: boolean;
}

async function main(): Promise<number> {
	const options = readOptions();
	const { scenario, crashRuns: runs } = options;
	if (runs) return await playWithCrashes(options, runs);
	return await play({ ...options.run, scenario: scenario! }, options.json);
}

async function play(options: RunOptions, json: boolean): Promise<number> {
	const report = await runScenario(options, progress);
	process.stdout.write(json ? `${JSON.stringify(withoutWorld(report), null, 2)}\n` : `${summary(report)}\n`);
	return report.held ? 0 : 1;
}

async function playWithCrashes({ scenario, run, kills: killsPerRun, json }: DemoOptions, count: number): Promise<number> {
	const runs = await crashRuns({ ...run, scenarios: scenario ? [scenario] : CRASH_SCENARIOS, runs: count, killsPerRun }, progress);
	process.stdout.write(json ? `${JSON.stringify(runs, null, 2)}\n` : `${runs.map(crashSummary).join('\n')}\n`);
	return runs.every(({ failures }) => failures.length === 0) ? 0 : 1;
}

/** The simulated company is not part of what happened. */
function withoutWorld({ lab: { world, ...lab }, ...report }: RunReport): object {
	return { ...report, lab };
}

function summary({ scenario, held, verdict, failures }: RunReport): string {
	return [
		`${scenario}: ${held ? 'held' : 'did not hold'}`,
		`Contained: ${verdict.contained.join(', ') || 'nobody'}`,
		`Webex containment cards: ${verdict.cards}, ServiceNow incidents: ${verdict.incidents}`,
		...failures.map((failure) => `- ${failure}`),
	].join('\n');
}

function crashSummary({ scenario, kills, failures }: CrashRun): string {
	const killed = kills.map(({ process: name }) => name).join(', ');
	return [`${scenario}, killed: ${killed}: ${failures.length === 0 ? 'as undisturbed' : 'different'}`, ...failures.map((failure) => `- ${failure}`)].join('\n');
}

function progress(text: string): void {
	process.stderr.write(`${text}\n`);
}

function readOptions(): DemoOptions {
	const { values } = parseArgs({
		options: {
			headless: { type: 'boolean', default: false },
			scenario: { type: 'string' },
			seed: { type: 'string', default: '1' },
			speed: { type: 'string', default: '1' },
			'poll-seconds': { type: 'string', default: '10' },
			queue: { type: 'boolean', default: false },
			workers: { type: 'string', default: '2' },
			'crash-runs': { type: 'string' },
			kills: { type: 'string', default: '3' },
			json: { type: 'boolean', default: false },
			help: { type: 'boolean', default: false },
		},
	});
	const runs = values['crash-runs'];
	if (values.help || !values.headless || (!values.scenario && !runs)) throw new Error(USAGE);
	return {
		scenario: values.scenario,
		run: {
			seed: positive('seed', values.seed),
			speed: positive('speed', values.speed),
			pollSeconds: positive('poll-seconds', values['poll-seconds']),
			...(values.queue && { queue: { workers: positive('workers', values.workers) } }),
		},
		...(runs && { crashRuns: positive('crash-runs', runs) }),
		kills: positive('kills', values.kills),
		json: values.json,
	};
}

function positive(name: string, text: string): number {
	const value = Number(text);
	if (!(value > 0)) throw new Error(`--${name} must be a number above 0, not "${text}"`);
	return value;
}

endOnSignals((signal) => (signal === 'SIGINT' ? 130 : 143));

/** When a signal ends it, what is left to undo decides when, and not the error that this causes elsewhere. */
function exit(code: number): void {
	if (!isEnding()) process.exit(code);
}

main().then(exit, (error: Error) => {
	if (!isEnding()) process.stderr.write(`${error.message}\n`);
	exit(2);
});
