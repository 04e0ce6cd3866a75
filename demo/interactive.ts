import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { CONSOLE_LOGINS, CONSOLE_PATH } from './bundle';
import type { LabState } from './judge';
import type { RunOptions } from './run';
import { openSession, type Session } from './session';

const FOLDER = path.resolve(__dirname, '../.demo');

export interface InteractiveOptions extends RunOptions {
	/** Of the editor. */
	port: number;
}

/** Lab, n8n and workflows, an attack to watch, and everything to look around in, until a signal ends the process. */
export async function playForPeople(options: InteractiveOptions): Promise<never> {
	const { scenario, seed, speed, pollSeconds } = options;
	const session = await openSession({ ...options, folder: FOLDER, progress: say });
	say(addresses(session));
	say(`Playing ${scenario}. Workflows poll every ${pollSeconds} seconds here, every minute after import.`);
	await session.lab.post('/_lab/scenario', { name: scenario, seed, speed });
	return await tellWhatHappens(session);
}

function addresses({ n8n, lab, webhookUrl, processes }: Session): string {
	return [
		'',
		`n8n editor     ${n8n.url}`,
		`  login        ${n8n.login.email}  ${n8n.login.password}`,
		`Console        ${webhookUrl}${CONSOLE_PATH}  (who is contained and why, and what to do about it)`,
		...CONSOLE_LOGINS.map(({ name, password }, index) => `  ${index === 0 ? 'log in as' : '         '}    ${name.padEnd(8)}  ${password}`),
		`Portal         ${lab.address.controlUrl}  (the simulated network and what every vendor was told)`,
		...(processes.length > 1 ? [`Processes      ${processes.map(({ name }) => name).join(', ')}`] : []),
		'Ctrl-C stops everything.',
		'',
	].join('\n');
}

async function tellWhatHappens({ lab }: Session): Promise<never> {
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
