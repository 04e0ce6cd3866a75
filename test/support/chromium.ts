import { existsSync } from 'node:fs';
import { chromium, type Browser } from 'playwright-core';

const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium';

/** `describe` for tests that need a browser; skipped where there is none. */
export const browserSuite = existsSync(CHROMIUM)
	? describe
	: (title: string, tests: () => void) =>
			describe.skip(`${title} (skipped: no Chromium at ${CHROMIUM}; install it or set CHROMIUM)`, tests);

/** Starts the browser without a window. */
export async function launchChromium(): Promise<Browser> {
	return await chromium.launch({
		executablePath: CHROMIUM,
		args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
	});
}
