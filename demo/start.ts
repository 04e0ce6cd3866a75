import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { CONSOLE_LOGINS, CONSOLE_PATH } from './bundle';
import { endOnSignals, isEnding } from './cleanup';
import type { LabState } from './judge';
import { openSession, type Session } from './session';

const POLL_SECONDS = 10;
const FOLDER = path.resolve(__dirname, '../.demo');

/** `npm start`: lab, n8n and workflows, an attack to watch, until Ctrl-C. */
async function main(): Promise<void> {
	const { values } = parseArgs({
		options: {
			scenario: { type: 'string', default: 'ransomware' },
			port: { type: 'string', default: '5678' },
			seed: { type: 'string', default: '1' },
		},
	});
	const seed = Number(values.seed);
	const session = await openSession({ seed, pollSeconds: POLL_SECONDS, folder: FOLDER, port: Number(values.port), progress: say });
	say(addresses(session));
	say(`Playing ${values.scenario}. Workflows poll every ${POLL_SECONDS} seconds here, every minute after import.`);
	await session.lab.post('/_lab/scenario', { name: values.scenario, seed, speed: 1 });
	await tellWhatHappens(session);
}

function addresses({ n8n, lab }: Session): string {
	return [
		'',
		`n8n editor     ${n8n.url}`,
		`  login        ${n8n.login.email}  ${n8n.login.password}`,
		`Console        ${n8n.url}${CONSOLE_PATH}  (who is contained and why, and what to do about it)`,
		...CONSOLE_LOGINS.map(({ name, password }, index) => `  ${index === 0 ? 'log in as' : '         '}    ${name.padEnd(8)}  ${password}`),
		`Portal         ${lab.address.controlUrl}  (the simulated network and what every vendor was told)`,
		'Ctrl-C stops everything.',
		'',
	].join('\n');
}

async function tellWhatHappens({ lab }: Session): Promise<void> {
	const told = new Set<string>();
	const tell = (line: string) => {
		if (told.has(line)) return;
		told.add(line);
		say(`${new Date().toLocaleTimeString()}  ${line}`);
	};
	for (;;) {
		await wait(2_000);
		const { vendors, scenario } = await lab.get<LabState & { scenario: { state: string } }>('/_lab/state');
		for (const { mac, hostname, policy } of vendors.ise.ancBindings) tell(`ISE bound ${mac} of ${hostname} to ${policy}`);
		for (const { hostname, status } of vendors.secureEndpoint.isolation) tell(`Secure Endpoint: ${hostname} is ${status}`);
		for (const { number } of vendors.serviceNow.incidents) tell(`ServiceNow opened ${number}`);
		vendors.webex.messages.forEach((_message, index) => tell(`Webex received message ${index + 1}`));
		if (scenario.state === 'finished') tell('The attack is over. Everything keeps running; look around.');
	}
}

function say(text: string): void {
	process.stdout.write(`${text}\n`);
}

endOnSignals(() => 0);

main().catch((error: Error) => {
	// Ctrl-C ends the lab, too, before n8n has ended: that is no error, and n8n is waited for.
	if (isEnding()) return;
	process.stderr.write(`${error.message}\n`);
	process.exit(1);
});
