import { parseArgs } from 'node:util';
import { cleanUpAll } from './cleanup';
import { runScenario, type RunOptions, type RunReport } from './run';

const USAGE = `npm run demo -- --headless --scenario NAME [--seed N] [--speed N] [--poll-seconds N] [--queue [--workers N]] [--json]

Starts the lab and n8n, plays a scenario, and exits 0 when the scenario's expectations held. With --queue: n8n's queue
mode, on Redis and PostgreSQL (see docs/queue-mode.md). Without --headless: npm start.`;

interface DemoOptions extends RunOptions {
	json: boolean;
}

async function main(): Promise<number> {
	const { json, ...options } = readOptions();
	const report = await runScenario(options, (text) => process.stderr.write(`${text}\n`));
	process.stdout.write(json ? `${JSON.stringify(withoutWorld(report), null, 2)}\n` : `${summary(report)}\n`);
	return report.held ? 0 : 1;
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
			json: { type: 'boolean', default: false },
			help: { type: 'boolean', default: false },
		},
	});
	if (values.help || !values.headless || !values.scenario) throw new Error(USAGE);
	return {
		scenario: values.scenario,
		seed: positive('seed', values.seed),
		speed: positive('speed', values.speed),
		pollSeconds: positive('poll-seconds', values['poll-seconds']),
		...(values.queue && { queue: { workers: positive('workers', values.workers) } }),
		json: values.json,
	};
}

function positive(name: string, text: string): number {
	const value = Number(text);
	if (!(value > 0)) throw new Error(`--${name} must be a number above 0, not "${text}"`);
	return value;
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
	process.once(signal, () => void cleanUpAll().then(() => process.exit(signal === 'SIGINT' ? 130 : 143)));
}

main().then(
	(code) => process.exit(code),
	(error: Error) => {
		process.stderr.write(`${error.message}\n`);
		process.exit(2);
	},
);
