import { parseArgs } from 'node:util';
import { endOnSignals, isEnding } from './cleanup';
import { crashRuns, type CrashRun } from './crash';
import { playForPeople } from './interactive';
import { runScenario, type RunOptions, type RunReport } from './run';

const USAGE = `npm start [-- OPTIONS], npm run demo [-- OPTIONS]
npm run demo -- --headless --scenario NAME [--json] [OPTIONS]
npm run demo -- --headless --crash-runs N [--kills N] [--json] [OPTIONS]

The first starts the lab and n8n, plays a scenario, and leaves everything running to look around in. The second exits when the
scenario is over, 0 when its expectations held. The third plays ransomware and massFalsePositive, or the scenario that is named,
N times while it kills processes and, in one process, fills the disk of the ledger; it exits 0 when every run ended as an undisturbed one.

--scenario NAME    ransomware where it may be left out
--seed N           of everything that is drawn at random: 1
--speed N          times as fast as real: 1
--poll-seconds N   10
--kills N          in each of the crash runs: 3
--queue            n8n's queue mode, on Redis and PostgreSQL (see docs/queue-mode.md)
--workers N        of queue mode: 2
--port N           of the editor, without --headless: 5678`;

/** Exit codes of programs that a signal ended. */
const SIGNALLED = { SIGINT: 130, SIGTERM: 143 };
const CRASH_SCENARIOS = ['ransomware', 'massFalsePositive'];

interface DemoOptions {
	headless: boolean;
	scenario?: string;
	run: Omit<RunOptions, 'scenario'>;
	crashRuns?: number;
	kills: number;
	port: number;
	json: boolean;
}

async function main(options: DemoOptions): Promise<number> {
	const { headless, scenario, run, crashRuns: runs, port, json } = options;
	if (!headless) return await playForPeople({ ...run, scenario: scenario ?? 'ransomware', port });
	if (runs) return await playWithCrashes(options, runs);
	return await play({ ...run, scenario: scenario! }, json);
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

/** @returns `undefined` when only help is wanted */
function readOptions(): DemoOptions | undefined {
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
			port: { type: 'string', default: '5678' },
			json: { type: 'boolean', default: false },
			help: { type: 'boolean', default: false },
		},
	});
	const runs = values['crash-runs'];
	if (values.help) return undefined;
	if (values.headless && !values.scenario && !runs) throw new Error('--headless needs --scenario or --crash-runs; --help shows all options');
	if (runs && !values.headless) throw new Error('--crash-runs needs --headless; --help shows all options');
	return {
		headless: values.headless,
		scenario: values.scenario,
		run: {
			seed: positive('seed', values.seed),
			speed: positive('speed', values.speed),
			pollSeconds: positive('poll-seconds', values['poll-seconds']),
			...(values.queue && { queue: { workers: positive('workers', values.workers) } }),
		},
		...(runs && { crashRuns: positive('crash-runs', runs) }),
		kills: positive('kills', values.kills),
		port: positive('port', values.port),
		json: values.json,
	};
}

function positive(name: string, text: string): number {
	const value = Number(text);
	if (!(value > 0)) throw new Error(`--${name} must be a number above 0, not "${text}"`);
	return value;
}

/** When a signal ends it, what is left to undo decides when, and not the error that this causes elsewhere. */
function exit(code: number): void {
	if (!isEnding()) process.exit(code);
}

function fail(error: Error): void {
	if (!isEnding()) process.stderr.write(`${error.message}\n`);
	exit(2);
}

function start(): void {
	const options = readOptions();
	if (!options) return void process.stdout.write(`${USAGE}\n`);
	// People end what they look around in with Ctrl-C; that is no failure.
	endOnSignals((signal) => (options.headless ? SIGNALLED[signal] : 0));
	main(options).then(exit, fail);
}

try {
	start();
} catch (error) {
	fail(error as Error);
}
