import { readFileSync } from 'node:fs';
import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core';
import { CONSOLE_LOGINS } from '../../demo/bundle';
import type { Role } from '../../nodes/RtcConsole/pages/page';
import { launchChromium } from './chromium';

const AXE = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

/** People at the console of a running session, each in a browser window of their own. */
export class ConsoleBrowser {
	/** Console errors, uncaught exceptions and violations of the content security policy, of all windows. */
	readonly complaints: string[] = [];

	private constructor(
		private readonly browser: Browser,
		/** Address of the console. */
		readonly url: string,
	) {}

	static async launch(url: string): Promise<ConsoleBrowser> {
		return new ConsoleBrowser(await launchChromium(), url);
	}

	async close(): Promise<void> {
		await this.browser.close();
	}

	/** A window at a page, signed in as the demo's user of this role. `address`: as `?page=…`. */
	async open(role: Role, address: string, options: BrowserContextOptions = {}): Promise<Page> {
		const { name: username, password } = CONSOLE_LOGINS.find((login) => login.role === role)!;
		return await this.window(`${this.url}${address}`, { httpCredentials: { username, password }, ...options });
	}

	/** A window at any address, of somebody who is not signed in. */
	async window(url: string, options: BrowserContextOptions = {}): Promise<Page> {
		const context = await this.browser.newContext({ locale: 'en-GB', timezoneId: 'Europe/Zurich', viewport: { width: 1280, height: 900 }, ...options });
		const page = await context.newPage();
		page.on('pageerror', (error) => this.complaints.push(String(error)));
		page.on('console', (message) => {
			if (message.type() === 'error' || /content security policy/i.test(message.text())) this.complaints.push(message.text());
		});
		await page.goto(url);
		return page;
	}
}

/** The form behind a button of the console: `Release…` and the like. */
export function formBehind(place: Page | Locator, button: string): Locator {
	return place.locator(`details.disclosure:has(> summary:text-is("${button}"))`).first();
}

/** Opens the form behind a button, fills it in by label, and sends it with its only button. */
export async function fillAndSend(place: Page | Locator, button: string, fields: Record<string, string>): Promise<void> {
	const form = formBehind(place, button);
	await form.locator('> summary').click();
	for (const [label, value] of Object.entries(fields)) await form.getByLabel(label).fill(value);
	await form.getByRole('button').last().click();
}

/** What axe-core finds on a page that is serious or critical; it runs under the page's own content security policy. */
export async function barriers(page: Page): Promise<string[]> {
	await page.evaluate(AXE);
	const { violations } = await page.evaluate<{ violations: Violation[] }>("axe.run(document, { resultTypes: ['violations'] })");
	return violations
		.filter(({ impact }) => impact === 'serious' || impact === 'critical')
		.map(({ id, help, nodes }) => `${id}: ${help} (${nodes.map(({ target }) => target.join(' ')).join(', ')})`);
}

interface Violation {
	id: string;
	help: string;
	impact: string;
	nodes: { target: string[] }[];
}

/** By how many pixels the page is wider than its window. */
export async function overflow(page: Page): Promise<number> {
	return await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth');
}

/** What the keyboard is at: its text, and whether that can be seen. */
export async function focused(page: Page): Promise<{ text: string; visible: boolean }> {
	return await page.evaluate(`(() => {
		const element = document.activeElement;
		const { outlineStyle, outlineWidth } = getComputedStyle(element);
		return { text: element.textContent.trim(), visible: outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2 };
	})()`);
}

/** Waits until an expectation holds; what it says when it still doesn't is the failure. */
export async function eventually(expectation: () => Promise<void>, timeoutMs = 30_000): Promise<void> {
	const deadline = Date.now() + timeoutMs;
	for (;;) {
		try {
			return await expectation();
		} catch (error) {
			if (Date.now() > deadline) throw error;
			await new Promise((resolve) => setTimeout(resolve, 250));
		}
	}
}
