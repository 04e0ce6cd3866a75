import { existsSync } from 'node:fs';
import { chromium, type Browser } from 'playwright-core';
import { suiteUnless } from './suite';

const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium';

/** `describe` for tests that need a browser; skipped where there is none. */
export const browserSuite = suiteUnless(existsSync(CHROMIUM) ? undefined : `no Chromium at ${CHROMIUM}; install it or set CHROMIUM`);

/** Starts the browser without a window. */
export async function launchChromium(): Promise<Browser> {
	return await chromium.launch({
		executablePath: CHROMIUM,
		args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
	});
}
