import { parseArgs } from 'node:util';
import { startLab } from './index';
import { LabInputError } from './machine/input';

const USAGE = `Usage: tsx lab/main.ts [options]

  --proxy-port N    port of the HTTPS proxy (default 9443; 0 = any free port)
  --control-port N  port of the control API (default 9480; 0 = any free port)
  --ca-file PATH    where to write the CA certificate (default: in the temporary folder)
  --seed N          company and chance (default 1)
  --scenario NAME   start this scenario at once
  --speed N         how many times faster than real time it plays (default 1)
`;

/** A whole number, or an error that names the option. */
function numberOption(name: string, text: string | undefined, fallback: number): number {
	if (text === undefined) return fallback;
	if (!/^\d+(\.\d+)?$/.test(text)) throw new Error(`--${name} must be a number, not "${text}"`);
	return Number(text);
}

function readOptions() {
	const text = { type: 'string' } as const;
	const { values } = parseArgs({
		options: {
			'proxy-port': text,
			'control-port': text,
			'ca-file': text,
			seed: text,
			scenario: text,
			speed: text,
			help: { type: 'boolean' },
		},
	});
	return {
		help: values.help,
		proxyPort: numberOption('proxy-port', values['proxy-port'], 9443),
		controlPort: numberOption('control-port', values['control-port'], 9480),
		caFile: values['ca-file'],
		seed: numberOption('seed', values.seed, 1),
		scenario: values.scenario,
		speed: numberOption('speed', values.speed, 1),
	};
}

async function main(): Promise<void> {
	const { help, scenario, speed, ...options } = readOptions();
	if (help) {
		console.log(USAGE);
		return;
	}
	const running = await startLab(options);
	const { proxyUrl, controlUrl, caFile, lab } = running;
	const stop = () => void running.close().then(() => process.exit(0));
	process.once('SIGINT', stop);
	process.once('SIGTERM', stop);
	console.log(`The lab plays ${lab.vendors.map(({ name }) => name).join(', ')}.

  Portal          ${controlUrl}
  HTTPS proxy     ${proxyUrl}
  Control API     ${controlUrl}/_lab/health
  CA certificate  ${caFile}

Start n8n with these, and it will talk to the lab under the vendors' real host names:

  export HTTPS_PROXY=${proxyUrl}
  export NO_PROXY=localhost,127.0.0.1
  export NODE_EXTRA_CA_CERTS=${caFile}

Ctrl-C stops it.`);
	if (scenario !== undefined) {
		const { name, durationMs } = lab.startScenario({ name: scenario, speed, seed: options.seed });
		console.log(
			`Playing ${name}: ${Math.round((durationMs ?? 0) / 1000)} s. Progress: ${controlUrl}/_lab/scenario`,
		);
	}
	console.log(`LAB READY ${JSON.stringify({ proxyUrl, controlUrl, caFile })}`);
}

main().catch((error: unknown) => {
	const text = error instanceof Error ? error.message : String(error);
	console.error(error instanceof LabInputError ? `Can't start the scenario: ${text}` : text);
	process.exit(1);
});
