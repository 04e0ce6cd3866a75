import { setTimeout as wait } from 'node:timers/promises';
import type { Browser, Page } from 'playwright-core';
import { CONSOLE_LOGINS, CONSOLE_PATH } from './bundle';
import { withLedger } from './scenario';
import type { Session } from './session';

/** Secure Endpoint's "Executed malware" and "Quarantine failed": enough to ask for approval, as one source alone. */
const ONE_SOURCE = ['1107296272', '2164260880'];

const VIEW = { width: 1280, height: 860 };

/** What is photographed: the file's name, and the page's address. */
const PAGES: readonly (readonly [name: string, address: string])[] = [
	['hosts', '?page=hosts'],
	['approvals', '?page=approvals'],
	['policy', '?page=policy'],
	['audit', '?page=audit&verify=1'],
	['health', '?page=health'],
	['reports', '?page=reports'],
];

/** Pictures of the console after an attack, with one host that waits for approval. */
export async function takeConsolePictures(browser: Browser, session: Session, photograph: (page: Page, file: string) => Promise<void>): Promise<void> {
	await askForApproval(session);
	const { name: username, password } = CONSOLE_LOGINS.find(({ role }) => role === 'admin')!;
	const context = await browser.newContext({ httpCredentials: { username, password }, viewport: VIEW, locale: 'en-GB', colorScheme: 'light' });
	const page = await context.newPage();
	const url = `${session.n8n.url}${CONSOLE_PATH}`;
	for (const [name, address] of PAGES) {
		await page.goto(`${url}${address}`);
		await photograph(page, `console-${name}.png`);
	}
	await page.goto(`${url}?page=hostnames&state=contained`);
	await page.locator('tbody th a').first().click();
	await page.getByRole('heading', { name: 'Why this score' }).waitFor();
	await photograph(page, 'console-entity.png');
	await page.emulateMedia({ colorScheme: 'dark' });
	await photograph(page, 'console-entity-dark.png');
	await context.close();
}

interface Host {
	hostname: string;
	role: string;
	connectorGuid?: string;
}

/** One source alone condemns a laptop that nobody has reported yet. */
async function askForApproval({ lab, n8n }: Session): Promise<void> {
	const { world } = await lab.get<{ world: { hosts: Host[] } }>('/_lab/state');
	const laptops = world.hosts.filter(({ role, connectorGuid }) => role === 'laptop' && connectorGuid);
	await withLedger(n8n.ledgerFile, async (ledger) => {
		const known = await Promise.all(laptops.map(async ({ hostname }) => await ledger.getEntity({ kind: 'hostname', key: hostname })));
		const host = laptops.find((_, index) => !known[index]);
		if (!host) throw new Error('Every laptop of the lab was reported');
		for (const type of ONE_SOURCE) await lab.post('/_lab/emit', { vendor: 'secureEndpoint', hostname: host.hostname, type });
		for (let seconds = 0; seconds < 60; seconds++) {
			if ((await ledger.getIntents({ state: 'awaitingApproval', limit: 1 })).total > 0) return;
			await wait(1_000);
		}
		throw new Error(`${host.hostname} was not asked about within a minute`);
	});
}
