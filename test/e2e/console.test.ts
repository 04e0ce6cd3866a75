import type { Locator, Page } from 'playwright-core';
import { CONSOLE_PATH, LAB_BLOCK_LIST } from '../../demo/bundle';
import type { LabState } from '../../demo/judge';
import { playScenario, untilSettled, withLedger } from '../../demo/scenario';
import { openSession, type Session } from '../../demo/session';
import type { Intent } from '../../ledger';
import type { LedgerService } from '../../ledger/service';
import { ACTION_NAMES } from '../../nodes/RtcConsole/actions/catalogue';
import { browserSuite } from '../support/chromium';
import { barriers, ConsoleBrowser, eventually, fillAndSend, focused, formBehind, overflow } from '../support/consoleBrowser';

const POLL_SECONDS = 5;
const REASON = 'Seen by the people on site';
const DOMAIN = 'parcel-tracking.example';
const FILE = 'ab'.repeat(32);
const CARD_APPROVER = 'approver@corp.example';

interface Host {
	hostname: string;
	role: string;
	connectorGuid?: string;
	nics: { mac: string; medium: string }[];
}

interface Vendors extends LabState {
	world: { hosts: Host[] };
	vendors: LabState['vendors'] & { umbrella: { destinationLists: { id: number; destinations: { destination: string; comment: string }[] }[] } };
}

/** Real n8n with the packed pack, the lab, and people at the console, judged by what the vendors and the ledger show. */
browserSuite('the console against a live n8n', () => {
	let session: Session;
	let browser: ConsoleBrowser;
	let vendors: Vendors;
	/** Hosts that wait for approval: for the console, for a denial, for a card in Webex. */
	let [asked, harmless, onCard]: Host[] = [];
	/** A host that nobody has anything against yet. */
	let calm: Host;

	beforeAll(async () => {
		session = await openSession({ seed: 1, pollSeconds: POLL_SECONDS, progress: () => {} });
		browser = await ConsoleBrowser.launch(`${session.n8n.url}${CONSOLE_PATH}`);
		await playScenario(session, { name: 'noisyDetector', seed: 1, speed: 30 }, () => {});
		const { items: waiting } = await ledger(async (service) => await service.getIntents({ state: 'awaitingApproval', limit: 10 }));
		vendors = await session.lab.get<Vendors>('/_lab/state');
		[asked, harmless, onCard] = waiting.map(({ host }) => hostNamed(host.hostnames[0]));
		calm = vendors.world.hosts.find((host) => isCalm(host, waiting))!;
		await emit({ vendor: 'secureEndpoint', hostname: calm.hostname, type: '1090519054', data: { sha256: FILE } });
		await emit({ vendor: 'umbrella', hostname: calm.hostname, type: 'dns', data: { domain: DOMAIN, categories: ['Phishing'], verdict: 'blocked' } });
		await untilSettled(session, POLL_SECONDS);
	}, 300_000);

	afterAll(async () => {
		await browser?.close();
		await session?.close();
	}, 60_000);

	afterEach(() => expect(browser.complaints.splice(0)).toEqual([]));

	const ledger = async <T>(work: (service: LedgerService) => Promise<T>) => await withLedger(session.n8n.ledgerFile, work);
	const emit = async (event: object) => await session.lab.post('/_lab/emit', event);
	const hostNamed = (hostname: string) => vendors.world.hosts.find((host) => host.hostname === hostname)!;
	const isCalm = ({ hostname, role, connectorGuid, nics }: Host, waiting: Intent[]) =>
		role === 'laptop' && connectorGuid !== undefined && nics.every(({ medium }) => medium !== 'dock')
		&& !waiting.some(({ host }) => host.hostnames.includes(hostname));
	const entity = ({ hostname }: Host) => `?page=entity&of=hostname&of=${hostname}`;
	const latestIntent = async (kind: Intent['kind'], { hostname }: Host) =>
		await ledger(async (service) => (await service.getIntents({ kind, limit: 100 })).items.find(({ host }) => host.hostnames.includes(hostname))!);

	/** What ISE and Secure Endpoint were told about a host. */
	async function atVendors({ hostname }: Host): Promise<{ bound: string[]; isolation: string | undefined }> {
		const { ise, secureEndpoint } = (await session.lab.get<Vendors>('/_lab/state')).vendors;
		return {
			bound: ise.ancBindings.filter((binding) => binding.hostname === hostname).map(({ mac }) => mac).sort(),
			isolation: secureEndpoint.isolation.find((connector) => connector.hostname === hostname)?.status,
		};
	}

	const contained = ({ nics }: Host) => ({ bound: nics.map(({ mac }) => mac).sort(), isolation: 'isolated' });
	const released = { bound: [], isolation: 'not_isolated' };
	const untouched = { bound: [], isolation: undefined };

	async function untilAtVendors(host: Host, expected: object): Promise<void> {
		await eventually(async () => expect(await atVendors(host)).toEqual(expected));
	}

	/** The console says that it has handed the action on. */
	async function saysHandedOver(page: Page, title: string): Promise<void> {
		await page.locator('.notice.tone-good', { hasText: `${title}` }).filter({ hasText: 'handed to the workflow' }).waitFor();
	}

	const approvalOf = (page: Page, { hostname }: Host): Locator =>
		page.locator('section.card', { has: page.getByRole('heading', { name: hostname, exact: true }) });

	it('lets in nobody without a name and password, and shows a viewer no button that changes something', async () => {
		const stranger = await fetch(browser.url);
		expect(stranger.status).toBe(401);
		expect(await stranger.text()).toContain('Sign in with your name and password');

		const viewer = await browser.open('viewer', '?page=hostnames');
		await viewer.getByRole('link', { name: asked.hostname }).click();
		await viewer.getByRole('heading', { name: 'Why this score' }).waitFor();
		expect(await viewer.locator('form[method=post]').count()).toBe(0);
		for (const name of ['Approvals', 'Intents', 'Policy', 'Protected']) {
			await viewer.getByRole('link', { name, exact: true }).click();
			await viewer.getByRole('heading', { level: 1, name }).waitFor();
			expect(await viewer.locator('form[method=post]').count()).toBe(0);
		}
		await viewer.context().close();
	});

	describe('while others work', () => {
		let watching: Page;
		let typing: Page;
		const place = async (page: Page) => ({ address: page.url().replace(/#.*/, ''), scrolled: await page.evaluate<number>('Math.round(scrollY)') });
		let before: Awaited<ReturnType<typeof place>>;

		beforeAll(async () => {
			typing = await browser.open('operator', entity(calm));
			await formBehind(typing, 'Quarantine…').locator('> summary').click();
			await formBehind(typing, 'Quarantine…').getByLabel('Reason').fill('Half of a sent');
			watching = await browser.open('viewer', '?page=hostnames&state=&sort=key', { viewport: { width: 1280, height: 400 } });
			await watching.locator('tr', { hasText: asked.hostname }).scrollIntoViewIfNeeded();
			await watching.evaluate('scrollBy(0, 40)');
			before = await place(watching);
		}, 60_000);

		it('contains a host that an approver approves in the console', async () => {
			const approver = await browser.open('approver', '?page=approvals');
			await fillAndSend(approvalOf(approver, asked), 'Approve', { Reason: REASON });
			await saysHandedOver(approver, 'Approve');
			await untilAtVendors(asked, contained(asked));
			await eventually(async () => expect(await latestIntent('contain', asked)).toMatchObject({ state: 'done', approvals: [{ by: 'approver', reason: REASON }] }));
			await approver.context().close();
		});

		it('leaves alone what an approver denies, who has JavaScript off', async () => {
			const approver = await browser.open('approver', '?page=approvals', { javaScriptEnabled: false });
			await approver.locator('time', { hasText: /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC$/ }).first().waitFor();
			await fillAndSend(approvalOf(approver, harmless), 'Deny', { Reason: REASON });
			await saysHandedOver(approver, 'Deny');
			await eventually(async () => expect(await latestIntent('contain', harmless)).toMatchObject({ state: 'denied' }));
			expect(await atVendors(harmless)).toEqual(untouched);
			await approver.context().close();
		});

		it('contains a host that an approver approves on the card in the Webex room', async () => {
			const room = await browser.window(session.lab.address.controlUrl);
			await room.getByLabel('Answer cards as').selectOption(CARD_APPROVER);
			const card = room.locator('#messages .message', { hasText: 'Approval needed' }).filter({ hasText: onCard.hostname }).last();
			const choice = card.getByLabel('Which host?');
			const option = await choice.locator('option', { hasText: onCard.hostname }).getAttribute('value');
			await choice.selectOption(option);
			await card.getByLabel('Reason', { exact: true }).fill(REASON);
			await card.getByRole('button', { name: 'Approve', exact: true }).click();
			await untilAtVendors(onCard, contained(onCard));
			await eventually(async () => expect(await latestIntent('contain', onCard)).toMatchObject({ state: 'done', approvals: [{ by: CARD_APPROVER, reason: REASON }] }));
			await room.context().close();
		});

		it('shows a watcher the new state, where they were', async () => {
			await watching.locator('tr', { hasText: asked.hostname }).getByText('Contained').waitFor({ timeout: 45_000 });
			await eventually(async () => expect(await place(watching)).toEqual(before));
			expect(before.scrolled).toBeGreaterThan(0);
			await watching.context().close();
		}, 60_000);

		it('takes from nobody what they are typing, however long they take', async () => {
			await eventually(async () => expect(await typing.evaluate<number>('performance.now()')).toBeGreaterThan(25_000));
			expect(await formBehind(typing, 'Quarantine…').getByLabel('Reason').inputValue()).toBe('Half of a sent');
			await typing.context().close();
		});
	});

	it('releases a host by keyboard alone, and shows where the keyboard is', async () => {
		const operator = await browser.open('operator', entity(asked));
		await operator.keyboard.press('Tab');
		expect(await focused(operator)).toEqual({ text: 'Skip to content', visible: true });
		await operator.keyboard.press('Enter');
		for (let stops = 0; (await focused(operator)).text !== 'Release…'; stops++) {
			await operator.keyboard.press('Tab');
			expect(await focused(operator)).toMatchObject({ visible: true });
			expect(stops).toBeLessThan(10);
		}
		await operator.keyboard.press('Enter');
		await operator.keyboard.press('Tab');
		await operator.keyboard.type(REASON);
		await operator.keyboard.press('Tab');
		expect(await focused(operator)).toEqual({ text: 'Release', visible: true });
		await operator.keyboard.press('Enter');
		await saysHandedOver(operator, 'Release');
		await untilAtVendors(asked, released);
		await eventually(async () => expect(await latestIntent('release', asked)).toMatchObject({ state: 'done', requestedBy: 'operator' }));
		await operator.context().close();
	});

	it('isolates a connector alone, and lets it go', async () => {
		const operator = await browser.open('operator', entity(calm));
		await fillAndSend(operator, 'Isolate connector…', { Reason: REASON });
		await saysHandedOver(operator, 'Isolate connector');
		await untilAtVendors(calm, { bound: [], isolation: 'isolated' });
		await fillAndSend(operator, 'Stop isolation…', { Reason: REASON });
		await saysHandedOver(operator, 'Stop isolation');
		await untilAtVendors(calm, released);
		await operator.context().close();
	});

	it('looks up sessions, flows, place and files of a host, and shows them', async () => {
		const operator = await browser.open('operator', entity(calm));
		await operator.getByRole('button', { name: 'Look up now' }).click();
		await saysHandedOver(operator, 'Look up now');
		await operator.getByText('Looked up by operator').waitFor({ timeout: 45_000 });
		await operator.getByRole('table', { name: 'Sessions in Cisco ISE' }).waitFor();
		await operator.getByRole('table', { name: 'Where Cisco CMX sees it' }).getByText(/^Corp Campus › Building [AB] › Level [1-4]$/).waitFor();
		const known = operator.getByRole('table', { name: 'Files, as Secure Malware Analytics and VirusTotal know them' });
		expect(await known.textContent()).toMatch(/\d+ of 100.*\d+ of 72 engines.*c2-abab\.example/s);
		expect(await barriers(operator)).toEqual([]);
		await operator.context().close();
	});

	it('blocks a domain that was seen, in Umbrella', async () => {
		const approver = await browser.open('approver', entity(calm));
		await fillAndSend(approver.locator('tr', { hasText: DOMAIN }).first(), 'Block…', { Reason: REASON });
		await saysHandedOver(approver, 'Block');
		await eventually(async () => {
			const { umbrella } = (await session.lab.get<Vendors>('/_lab/state')).vendors;
			const list = umbrella.destinationLists.find(({ id }) => String(id) === LAB_BLOCK_LIST);
			expect(list?.destinations).toContainEqual(expect.objectContaining({ destination: DOMAIN, comment: `${REASON} (approver)` }));
		});
		await approver.context().close();
	});

	it('protects, and no longer protects', async () => {
		const approver = await browser.open('approver', '?page=protected');
		const entries = async () => (await ledger(async (service) => await service.getProtected())).filter(({ reason }) => reason === REASON);
		await approver.getByLabel('Type').selectOption('hostname');
		await approver.getByLabel('Value').fill('dialysis-*');
		await approver.getByLabel('Reason').fill(REASON);
		await approver.getByRole('button', { name: 'Protect' }).click();
		await saysHandedOver(approver, 'Protect');
		await eventually(async () => expect(await entries()).toMatchObject([{ type: 'hostname', value: 'dialysis-*', addedBy: 'approver' }]));
		await approver.reload();
		await fillAndSend(approver.locator('tr', { hasText: 'dialysis-*' }), 'Remove', { Reason: REASON });
		await saysHandedOver(approver, 'Unprotect');
		await eventually(async () => expect(await entries()).toEqual([]));
		await approver.context().close();
	});

	it('protects a host on its page; an operator can then not quarantine it, and an approver can override that', async () => {
		const key = { kind: 'hostname', key: harmless.hostname } as const;
		const approver = await browser.open('approver', entity(harmless));
		await fillAndSend(approver, 'Protect…', { Reason: REASON });
		await saysHandedOver(approver, 'Protect');
		await eventually(async () => expect(await ledger(async (service) => await service.getEntity(key))).toMatchObject({ protected: true }));

		const operator = await browser.open('operator', entity(harmless));
		await formBehind(operator, 'Quarantine…').locator('> summary').click();
		expect(await formBehind(operator, 'Quarantine…').getByRole('checkbox').count()).toBe(0);
		await operator.context().close();
		expect(await atVendors(harmless)).toEqual(untouched);

		await approver.reload();
		await formBehind(approver, 'Quarantine…').locator('> summary').click();
		await formBehind(approver, 'Quarantine…').getByRole('checkbox', { name: 'Quarantine even though it is protected' }).check();
		await formBehind(approver, 'Quarantine…').getByLabel('Reason').fill(REASON);
		await formBehind(approver, 'Quarantine…').getByRole('button', { name: 'Quarantine' }).click();
		await saysHandedOver(approver, 'Quarantine');
		await untilAtVendors(harmless, contained(harmless));
		expect(await latestIntent('contain', harmless)).toMatchObject({ requestedBy: 'approver', reason: expect.stringContaining(REASON) });
		await approver.context().close();
	});

	it('purges a score', async () => {
		const score = async () => await ledger(async (service) => (await service.getEntity({ kind: 'hostname', key: harmless.hostname }))?.score);
		expect(await score()).toBeGreaterThan(80);
		const admin = await browser.open('admin', entity(harmless));
		await fillAndSend(admin, 'Purge score…', { Reason: REASON });
		await saysHandedOver(admin, 'Purge score');
		await eventually(async () => expect(await score()).toBe(0));
		await admin.context().close();
	});

	it('changes the policy after a look at what would change', async () => {
		const admin = await browser.open('admin', '?page=policy');
		await admin.getByLabel('Attempts', { exact: true }).fill('1');
		await admin.getByRole('button', { name: 'Review changes' }).first().click();
		const change = admin.getByRole('row', { name: 'retry.attempts' });
		expect(await change.locator('.removed, .added').allTextContents()).toEqual(['8', '1']);
		await admin.getByRole('button', { name: 'What if?' }).click();
		await admin.getByRole('heading', { name: /^What if it had been in force/ }).waitFor();
		expect(await barriers(admin)).toEqual([]);
		await admin.getByRole('button', { name: 'Edit as JSON' }).click();
		expect(await admin.getByLabel('Policy as JSON').inputValue()).toMatch(/"attempts":1\b/);
		expect(await barriers(admin)).toEqual([]);
		await admin.getByRole('button', { name: 'Review changes' }).click();
		expect((await ledger(async (service) => await service.getPolicy())).version).toBe(1);
		await admin.getByLabel('Comment').fill('One attempt only');
		await admin.getByRole('button', { name: 'Save policy' }).click();
		await saysHandedOver(admin, 'Save policy');
		await eventually(async () => {
			const active = await ledger(async (service) => await service.getPolicy());
			expect(active).toMatchObject({ version: 2, createdBy: 'admin', policy: { retry: { attempts: 1 } } });
		});
		await admin.context().close();
	});

	it('shows why a quarantine failed, and carries it out when somebody asks again', async () => {
		await session.lab.post('/_lab/fault', { vendor: 'ise', kind: 'status', status: 500, path: '*/ancendpoint/apply' });
		const operator = await browser.open('operator', entity(calm));
		await fillAndSend(operator, 'Quarantine…', { Reason: REASON });
		await saysHandedOver(operator, 'Quarantine');
		await eventually(async () => expect(await latestIntent('contain', calm)).toMatchObject({ state: 'failed', requestedBy: 'operator' }), 60_000);
		await session.lab.control.delete('/_lab/fault');
		await operator.goto(`${browser.url}?page=intents&state=failed`);
		const row = operator.locator('tr', { hasText: calm.hostname });
		expect(await row.textContent()).toContain('500');
		await fillAndSend(row, 'Retry', { Reason: REASON });
		await saysHandedOver(operator, 'Retry');
		await untilAtVendors(calm, contained(calm));
		await operator.context().close();
	}, 120_000);

	it('brings an earlier policy back', async () => {
		const admin = await browser.open('admin', '?page=policy&of=versions&of=1');
		await fillAndSend(admin, 'Restore this version', { Comment: 'Back to eight' });
		await saysHandedOver(admin, 'Restore policy');
		await eventually(async () => {
			const [first, active] = await ledger(async (service) => [await service.getPolicy(1), await service.getPolicy()]);
			expect(active).toMatchObject({ version: 3, createdBy: 'admin', policy: first.policy });
		});
		await admin.context().close();
	});

	it.each([
		['Hosts', () => '?page=hosts'],
		['Users', () => '?page=users'],
		['IPs', () => '?page=ips'],
		['Hostnames', () => '?page=hostnames&state=contained'],
		['a contained host', () => entity(calm)],
		['Approvals', () => '?page=approvals'],
		['Intents', () => '?page=intents'],
		['Policy', () => '?page=policy'],
		['Policy, history', () => '?page=policy&of=versions'],
		['Policy, a version', () => '?page=policy&of=versions&of=2'],
		['Protected', () => '?page=protected'],
		['Audit, verified', () => '?page=audit&verify=1'],
		['Audit, a record', () => '?page=audit&of=2'],
		['Health', () => '?page=health'],
		['Reports', () => '?page=reports'],
		['Search', () => `?page=search&q=${DOMAIN}`],
		['Search, a file', () => `?page=search&q=${FILE}`],
		['Search, nothing found', () => '?page=search&q=nobody-knows-this'],
	])('has no barrier in %s, light and dark, wide and narrow', async (_name, address) => {
		const page = await browser.open('admin', address(), { colorScheme: 'light' });
		const wide = { barriers: await barriers(page), overflow: await overflow(page) };
		await page.setViewportSize({ width: 360, height: 780 });
		await page.emulateMedia({ colorScheme: 'dark' });
		const narrow = { barriers: await barriers(page), overflow: await overflow(page) };
		await page.context().close();
		const none = { barriers: [], overflow: 0 };
		expect({ wide, narrow }).toEqual({ wide: none, narrow: none });
	});

	it('leaves every action in the audit under the name of who did it, and no vendor with a complaint', async () => {
		const { done, verdict } = await ledger(async (service) => ({
			done: await Promise.all(ACTION_NAMES.map(async (action) => [action, (await service.getAudit({ action: `console.${action}`, limit: 1 })).items[0]?.actor])),
			verdict: await service.verifyAudit(),
		}));
		expect(Object.fromEntries(done)).toEqual({
			quarantine: 'operator', release: 'operator', approve: 'approver', deny: 'approver', retryIntent: 'operator', isolate: 'operator', lookUp: 'operator',
			stopIsolation: 'operator', blockObservable: 'approver', protect: 'approver', unprotect: 'approver', purge: 'admin',
			updatePolicy: 'admin', restorePolicy: 'admin',
		});
		expect(verdict).toMatchObject({ ok: true });
		expect(await session.lab.get('/_lab/state')).toMatchObject({ violations: 0, labErrors: 0 });
	});
});
