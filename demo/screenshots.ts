import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { chromium, type Page } from 'playwright-core';
import { loadWorkflows } from './bundle';
import { takeConsolePictures } from './consolePictures';
import { playScenario, untilSettled } from './scenario';
import { openSession, type Session } from './session';

const IMAGES = path.resolve(__dirname, '../docs/images');
const EDITOR_VIEW = { width: 1600, height: 900 };
const PORTAL_VIEW = { width: 1280, height: 1240 };
const POLL_SECONDS = 5;
/** Pixels shown around a workflow. */
const MARGIN = 24;

/** What lies over the canvas and is no part of a workflow. */
const HIDE_CONTROLS = `
	[data-test-id="canvas-controls"], [data-test-id="canvas-minimap"], [data-test-id="logs-panel"],
	[data-test-id="radio-button-workflow"], [data-test-id^="execute-workflow-button"],
	[data-test-id="node-creator-plus-button"], [data-test-id="canvas-handle-plus-wrapper"],
	[data-reka-popper-content-wrapper], [data-test-id="suggested-actions-popover"], [role="dialog"],
	.vue-flow__panel, .el-popper { visibility: hidden !important; }`;

/** Pictures of the bundled workflows, the executions, the portal and the console, for the docs. */
async function main(): Promise<void> {
	const session = await openSession({ seed: 1, pollSeconds: POLL_SECONDS, progress });
	try {
		await playScenario(session, { name: 'ransomware', seed: 1, speed: 6 }, progress);
		await untilSettled(session, POLL_SECONDS);
		await takePictures(session);
	} finally {
		await session.close();
	}
}

/** Writes every picture to docs/images. */
async function takePictures(session: Session): Promise<void> {
	const { n8n, lab } = session;
	await mkdir(IMAGES, { recursive: true });
	const browser = await chromium.launch({
		executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
		args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
	});
	try {
		const editor = await browser.newPage({ viewport: EDITOR_VIEW });
		await signIn(editor, n8n.url, n8n.login);
		for (const { id, name } of await loadWorkflows({ pollSeconds: 60, webexRoomId: '' })) {
			await photographWorkflow(editor, `${n8n.url}/workflow/${id}`, name);
		}
		await editor.goto(`${n8n.url}/home/executions`);
		await editor
			.getByTestId('execution-list-item')
			.first()
			.waitFor()
			.catch(() => undefined);
		await photograph(editor, 'executions.png');
		const portal = await browser.newPage({ viewport: PORTAL_VIEW, colorScheme: 'light', locale: 'en-GB' });
		await portal.goto(lab.address.controlUrl);
		await portal.getByText('in force').first().waitFor();
		await photograph(portal, 'portal.png');
		await takeConsolePictures(browser, session, photograph);
	} finally {
		await browser.close();
	}
}

async function signIn(page: Page, url: string, { email, password }: Session['n8n']['login']): Promise<void> {
	await page.goto(`${url}/signin`);
	await page.locator('input[type="email"], input[name="emailOrLdapLoginId"]').first().fill(email);
	await page.locator('input[type="password"]').fill(password);
	await page.locator('button[type="submit"], [data-test-id="form-submit-button"]').first().click();
	await page.waitForURL(({ pathname }) => !pathname.startsWith('/signin'));
}

async function photographWorkflow(page: Page, address: string, name: string): Promise<void> {
	await page.goto(address);
	const nodes = page.locator('.vue-flow__node');
	await nodes.first().waitFor();
	await page.waitForTimeout(1_500);
	await page.keyboard.press('1');
	await page.addStyleTag({ content: HIDE_CONTROLS });
	await page.waitForTimeout(1_000);
	const boxes = await nodes.evaluateAll<Box[], never>((elements: { getBoundingClientRect(): Box }[]) =>
		elements.map((element) => {
			const { x, y, width, height } = element.getBoundingClientRect();
			return { x, y, width, height };
		}),
	);
	await photograph(page, `workflow-${name.toLowerCase().replace(/[^a-z]+/g, '-')}.png`, around(boxes));
}

interface Box {
	x: number;
	y: number;
	width: number;
	height: number;
}

/** The part of the editor that holds every box; names below nodes stick out of them. */
function around(boxes: Box[]): Box {
	const x = Math.max(0, Math.min(...boxes.map((box) => box.x)) - 2 * MARGIN);
	const y = Math.max(0, Math.min(...boxes.map((box) => box.y)) - MARGIN);
	const right = Math.max(...boxes.map((box) => box.x + box.width)) + 3 * MARGIN;
	const bottom = Math.max(...boxes.map((box) => box.y + box.height)) + 3 * MARGIN;
	return {
		x,
		y,
		width: Math.min(EDITOR_VIEW.width, right) - x,
		height: Math.min(EDITOR_VIEW.height, bottom) - y,
	};
}

async function photograph(page: Page, file: string, clip?: Box): Promise<void> {
	await page.waitForTimeout(500);
	await page.screenshot({ path: path.join(IMAGES, file), clip });
	progress(file);
}

function progress(text: string): void {
	process.stderr.write(`${text}\n`);
}

if (require.main === module) {
	main().then(
		() => process.exit(0),
		(error: Error) => {
			process.stderr.write(`${error.stack}\n`);
			process.exit(1);
		},
	);
}
