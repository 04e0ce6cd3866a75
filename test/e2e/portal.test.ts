import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { startLab, type RunningLab } from '../../lab';
import type { WorldHost } from '../../lab/world/world';
import { browserSuite, launchChromium } from '../support/chromium';
import { contrastProblems } from '../support/contrast';
import { PortalResponder } from '../support/portalResponder';

const DESKTOP = { width: 1440, height: 900 };
const WIDE = { width: 2200, height: 1200 };
const PHONE = { width: 360, height: 780 };

browserSuite('the lab portal in a browser', () => {
	let browser: Browser;
	let lab: RunningLab;
	let page: Page;
	/** Console errors, uncaught exceptions and violations of the content security policy. */
	let complaints: string[];

	beforeAll(async () => {
		browser = await launchChromium();
	}, 60_000);

	afterAll(async () => await browser?.close());

	beforeEach(async () => {
		complaints = [];
		lab = await startLab({ seed: 1 });
		page = await openPortal({ viewport: DESKTOP });
	}, 60_000);

	afterEach(async () => {
		for (const context of browser.contexts()) await context.close();
		await lab.close();
		expect(complaints).toEqual([]);
	});

	async function openPortal(options: BrowserContextOptions): Promise<Page> {
		const context = await browser.newContext({ locale: 'en-GB', ...options });
		const opened = await context.newPage();
		opened.on('pageerror', (error) => complaints.push(String(error)));
		opened.on('console', (message) => {
			if (message.type() === 'error' || /content security policy/i.test(message.text()))
				complaints.push(message.text());
		});
		await opened.goto(lab.controlUrl);
		await opened.getByText(/hosts, seed 1$/).waitFor();
		return opened;
	}

	async function playToTheEnd(name: string, speed = 60): Promise<WorldHost[]> {
		await page.getByLabel('Scenario').selectOption(name);
		await page.getByLabel('Speed').fill(String(speed));
		await page.getByRole('button', { name: 'Start attack' }).click();
		await page.getByText('Is over').waitFor({ timeout: 20_000 });
		return lab.lab.world.hosts.filter(({ infected }) => infected);
	}

	const section = (id: string) => page.locator(`#${id}`);
	const lane = ({ hostname }: WorldHost) => section('lanes').locator('.lane', { hasText: hostname });
	const legend = (state: string) => page.locator(`#legend .state-${state} .count`);

	it('says what to do while there is nothing to see', async () => {
		await expectText(section('progress'), 'Choose a scenario below and start it');
		await expectText(section('messages'), 'No messages yet. Start an attack');
		await expectText(section('lanes'), 'Every host has been healthy so far');
		await expectText(section('tickets'), 'No incidents yet');
		await expectText(section('bindings'), 'No host is quarantined');
		await expectText(section('isolations'), 'No connector is isolated');
		await expectText(section('calls'), 'No calls yet. Point n8n at the lab');
		await expectText(section('fault-list'), 'Every vendor behaves');
		expect(await legend('all').textContent()).toBe('60');
		expect(await legend('healthy').textContent()).toBe('60');
	});

	it('plays an attack and shows what the vendors were told about it', async () => {
		const infected = await playToTheEnd('ransomware');
		expect(await legend('infected').textContent()).toBe('4');
		await expectText(section('progress'), '0 of 4 hosts that must be contained, nobody by mistake');
		await expectText(section('reports'), 'Umbrella dns: key-exchange-node7.example (Command and Control)');

		const [first, second] = infected;
		const responder = new PortalResponder(lab);
		await responder.contain(first);
		await responder.contain(second);
		await responder.block('cdn-telemetry-sync.example');

		const bound = `quarantined on ${first.nics.filter(({ connected }) => connected).length} of ${first.nics.length}`;
		const tile = page.getByRole('button', { name: new RegExp(`^${first.hostname},.*infected.*${bound}`) });
		await tile.waitFor();
		await expectText(lane(first), 'Quarantined after');
		await expectText(lane(infected[2]), 'Infected from the start');
		await expectText(section('progress'), '2 of 4 hosts');
		await expectText(section('bindings'), first.nics[0].mac);
		await expectText(section('bindings'), 'in force');
		await section('isolations').getByText('Isolated', { exact: true }).first().waitFor({ timeout: 10_000 });
		await expectText(section('tickets'), `[RTC] ${first.hostname} was contained`);
		await expectText(section('tickets'), 'ISE enforces the ANC policy Quarantine');
		await expectText(section('lists'), 'cdn-telemetry-sync.example');
		await expectText(section('messages'), 'Its score crossed 80 with detections of two sources.');
		await expectText(section('totals'), 'ISE');

		await page.locator('#legend .state-quarantined').click();
		expect(await page.locator('.tile').count()).toBe(2);
		await page.locator('#legend .state-all').click();
	});

	it('lets a person of the room answer a card, with what was entered', async () => {
		const host = lab.lab.world.findByHostname('ceo-laptop')!;
		await new PortalResponder(lab).contain(host);
		await page.getByLabel('Answer cards as').selectOption('approver@corp.example');
		const card = section('messages').locator('.message', { hasText: 'ceo-laptop was contained' });
		await card.getByRole('button', { name: 'Release…' }).click();
		const submit = card.getByRole('button', { name: 'Release host' });
		await submit.click();
		expect(actions(lab)).toEqual([]);
		await card.getByLabel(/Reason/).fill('False alarm');
		await page.waitForTimeout(2_000);
		expect(await card.getByLabel(/Reason/).inputValue()).toBe('False alarm');
		await submit.click();
		await expectText(
			card,
			'Ann Prover answered {"action":"release","hostname":"ceo-laptop","reason":"False alarm"}',
		);
		expect(actions(lab)).toMatchObject([
			{
				personEmail: 'approver@corp.example',
				inputs: { action: 'release', hostname: 'ceo-laptop', reason: 'False alarm' },
			},
		]);
		expect(await card.getByRole('link', { name: 'Open incident' }).getAttribute('rel')).toBe(
			'noopener noreferrer',
		);
	});

	it('draws every kind of input, and sends what they hold', async () => {
		await new PortalResponder(lab).postCard(EVERY_INPUT);
		const card = section('messages').locator('.card');
		await card.getByLabel('Name').fill('Ada');
		await card.getByLabel('Hours').fill('4');
		await card.getByLabel('Day').fill('2026-03-04');
		await card.getByLabel('At').fill('05:06');
		await card.getByLabel('Tell the user').check();
		await card.getByLabel('Severity').selectOption('high');
		await card.getByLabel('Mail').check();
		await card.getByLabel('Phone').check();
		await card.getByRole('button', { name: 'Send' }).click();
		await expectText(section('messages'), 'answered');
		expect(actions(lab)).toMatchObject([
			{
				inputs: {
					kind: 'all',
					name: 'Ada',
					hours: '4',
					day: '2026-03-04',
					at: '05:06',
					tell: 'yes',
					severity: 'high',
					by: 'mail,phone',
				},
			},
		]);
	});

	it('shows what vendors were sent as text, never as markup or as a link that runs', async () => {
		const responder = new PortalResponder(lab);
		await responder.postMessage({
			markdown: `<img src=x onerror="document.title='owned'"> [press](javascript:document.title='owned')`,
		});
		await responder.postCard({
			type: 'AdaptiveCard',
			version: '1.3',
			body: [
				{ type: 'TextBlock', text: `<script>document.title='owned'</script>`, color: 'x" onclick="y' },
				{ type: 'Image', url: 'https://evil.example/pixel.png', altText: '<b>pixel</b>' },
			],
			actions: [{ type: 'Action.OpenUrl', title: 'Run', url: `javascript:document.title='owned'` }],
		});
		await expectText(section('messages'), `<img src=x onerror="document.title='owned'"> press`);
		await expectText(section('messages'), `<script>document.title='owned'</script>`);
		await expectText(section('messages'), 'Run (no web address)');
		expect(await section('messages').locator('img, script, a').count()).toBe(0);
		expect(await page.title()).toBe('Lab portal');
	});

	it('can be worked with the keyboard alone', async () => {
		await page.keyboard.press('Tab');
		await page.keyboard.press('Enter');
		expect(new URL(page.url()).hash).toBe('#network');
		await page.locator('.tile[tabindex="0"]').first().focus();
		const focused = async () => await page.evaluate<string>('document.activeElement.dataset.host');
		const before = await focused();
		await page.keyboard.press('ArrowRight');
		const after = await focused();
		expect(after).not.toBe(before);
		await page.waitForTimeout(2_000);
		expect(await focused()).toBe(after);
		await page.keyboard.press('Enter');
		await page.getByRole('heading', { name: 'Network cards' }).waitFor();
		await expectText(page.locator('#host'), lab.lab.world.hosts[Number(after)].nics[0].mac);
		await page.keyboard.press('Escape');
		expect(await page.locator('#host').isVisible()).toBe(false);
		expect(await focused()).toBe(after);
	});

	it('adds faults and clears them', async () => {
		await page.getByText('Add a fault', { exact: true }).click();
		await page.locator('#add-fault [name=vendor]').selectOption('umbrella');
		expect(await page.getByLabel('Delay in milliseconds').isVisible()).toBe(false);
		await page.getByLabel('HTTP status').fill('503');
		await page.getByLabel('How many calls').fill('2');
		await page.getByRole('button', { name: 'Add fault' }).click();
		await expectText(section('fault-list'), 'Umbrella');
		await expectText(section('fault-list'), '2 calls left');
		expect(lab.lab.listFaults().faults).toMatchObject([
			{ vendor: 'umbrella', kind: 'status', status: 503, times: 2 },
		]);
		await page.getByLabel('HTTP status').fill('');
		await page.getByRole('button', { name: 'Add fault' }).click();
		await expectText(section('said'), '"status" is missing');
		complaints = complaints.filter((text) => !text.includes('400'));
		await page.getByRole('button', { name: 'Clear all' }).click();
		await expectText(section('fault-list'), 'Every vendor behaves');
		expect(lab.lab.listFaults().faults).toEqual([]);
	});

	it('stops an attack, and resets the lab only when told twice', async () => {
		await page.getByRole('button', { name: 'Start attack' }).click();
		await page.getByText('Plays', { exact: true }).waitFor();
		await page.getByRole('button', { name: 'Stop' }).click();
		await page.getByText('Was stopped').waitFor();
		await page.getByRole('button', { name: 'Reset lab…' }).click();
		await page.getByRole('button', { name: 'Cancel' }).click();
		expect(lab.lab.scenarioProgress().state).toBe('stopped');
		await page.getByRole('button', { name: 'Reset lab…' }).click();
		await page.getByRole('button', { name: 'Reset lab', exact: true }).click();
		await expectText(section('said'), 'The lab is as new');
		expect(lab.lab.scenarioProgress().state).toBe('idle');
	});

	it('stays usable with 2,000 more hosts', async () => {
		await playToTheEnd('massFalsePositive', 2_000);
		expect(await legend('all').textContent()).toBe('2,060');
		expect(Number((await legend('detections').textContent())!.replace(',', ''))).toBeGreaterThanOrEqual(
			2_000,
		);
		await page.getByLabel('Find host').fill('fleet-lt-1999');
		await page.getByRole('button', { name: /^fleet-lt-1999,/ }).waitFor();
		expect(await page.locator('.tile').count()).toBe(1);
		await page.getByLabel('Find host').fill('nobody');
		await page.getByText('No host fits').waitFor();
	});

	it('says so when the lab is gone, and goes on when it is back', async () => {
		const controlPort = Number(new URL(lab.controlUrl).port);
		await lab.close();
		await page.getByText(/The lab does not answer/).waitFor();
		lab = await startLab({ seed: 1, controlPort });
		await page.locator('#offline').waitFor({ state: 'hidden' });
		complaints = complaints.filter((text) => !/ERR_CONNECTION|ERR_EMPTY/.test(text));
	});

	it.each([
		['light', PHONE],
		['dark', PHONE],
		['light', DESKTOP],
		['dark', DESKTOP],
		['light', WIDE],
	] as const)('fits and can be read: %s, %j', async (colorScheme, viewport) => {
		const infected = await playToTheEnd('ransomware', 1_000);
		await new PortalResponder(lab).contain(infected[0]);
		const other = await openPortal({ viewport, colorScheme });
		await other.getByText('in force').first().waitFor();
		await other.getByText('Add a fault', { exact: true }).click();
		const overflow = await other.evaluate<number>('document.documentElement.scrollWidth - innerWidth');
		expect(overflow).toBeLessThanOrEqual(0);
		expect(await other.evaluate(contrastProblems)).toEqual([]);
	});
});

async function expectText(locator: ReturnType<Page['locator']>, text: string): Promise<void> {
	await locator.filter({ hasText: text }).waitFor({ timeout: 8_000 });
}

function actions(lab: RunningLab): unknown[] {
	const { attachmentActions } = lab.lab.vendors.find(({ name }) => name === 'webex')!.state();
	return attachmentActions as unknown[];
}

const choice = (value: string) => ({ title: value[0].toUpperCase() + value.slice(1), value });

const EVERY_INPUT = {
	type: 'AdaptiveCard',
	version: '1.3',
	body: [
		{
			type: 'ColumnSet',
			columns: [
				{ type: 'Column', width: 'auto', items: [{ type: 'TextBlock', text: 'Left' }] },
				{ type: 'Column', width: 2, items: [{ type: 'Input.Text', id: 'name', label: 'Name' }] },
			],
		},
		{
			type: 'Container',
			style: 'warning',
			items: [{ type: 'Input.Number', id: 'hours', label: 'Hours', min: 1, max: 24 }],
		},
		{ type: 'Input.Date', id: 'day', label: 'Day' },
		{ type: 'Input.Time', id: 'at', label: 'At' },
		{ type: 'Input.Toggle', id: 'tell', title: 'Tell the user', valueOn: 'yes', valueOff: 'no' },
		{ type: 'Input.ChoiceSet', id: 'severity', label: 'Severity', choices: [choice('low'), choice('high')] },
		{
			type: 'Input.ChoiceSet',
			id: 'by',
			label: 'By',
			isMultiSelect: true,
			choices: [choice('mail'), choice('phone')],
		},
	],
	actions: [{ type: 'Action.Submit', title: 'Send', data: { kind: 'all' } }],
};
