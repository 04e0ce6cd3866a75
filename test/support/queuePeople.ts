import { setTimeout as wait } from 'node:timers/promises';
import axios from 'axios';
import { CONSOLE_PATH, LAB_QUARANTINE_CALLER } from '../../demo/bundle';
import type { LabState } from '../../demo/judge';
import { withLedger } from '../../demo/scenario';
import type { Session } from '../../demo/session';
import type { Intent } from '../../ledger';
import { signedInAs } from './consoleSite';

const REASON = 'Seen by the people on site';
/** Secure Endpoint's "Executed malware" and "Quarantine failed": enough to ask for approval, as one source alone. */
const ONE_SOURCE = ['1107296272', '2164260880'];
const PATIENCE_MS = 180_000;

interface Host {
	hostname: string;
	role: string;
	connectorGuid?: string;
	nics: { mac: string }[];
}

interface Journal {
	entries: { time: string }[];
}

interface Button {
	title: string;
	data?: object;
}

interface Vendors extends Omit<LabState, 'scenario' | 'world' | 'vendors'> {
	scenario: LabState['scenario'] & { state: string; cast: Record<string, string[]> };
	world: { hosts: Host[] };
	vendors: Omit<LabState['vendors'], 'webex'> & {
		webex: { messages: { id: string; text: string; attachments?: { content: { actions?: Button[] } }[] }[] };
	};
}

/** What people and processes went through while the scenario was played. */
export interface Seen {
	/** Statuses for somebody with a name and password and for somebody without, and whether the main has the page, too. */
	console?: { known: number; stranger: number; onMain: boolean };
	/** Statuses of manual quarantine and release. */
	answers: number[];
	containedByPeople: string[];
	approvals?: Intent['approvals'];
	/** When Secure Endpoint was asked for events, epoch ms. */
	polls: number[];
	killed: string[];
}

/** People who use a cluster from outside while its processes are killed. */
export class QueuePeople {
	readonly seen: Seen = { answers: [], containedByPeople: [], polls: [], killed: [] };

	constructor(private readonly session: Session) {}

	/** Two hosts that the scenario leaves alone are contained by people, and released in the end. */
	async work(): Promise<void> {
		const [stolen, suspicious] = await this.bystanders();
		await this.lookAtConsole();
		await this.ask('quarantine', stolen);
		await this.accuse(suspicious);
		await this.untilContained(stolen);
		await this.untilAttacked();
		const workerIsBack = await this.dies('worker 1');
		await this.approve(suspicious);
		const mainIsBack = await this.dies('main');
		await this.untilContained(suspicious);
		await (await this.dies('webhook processor'))();
		for (const host of [stolen, suspicious]) await this.ask('release', host);
		for (const host of [stolen, suspicious]) await this.untilReleased(host);
		await Promise.all([workerIsBack(), mainIsBack()]);
	}

	private async bystanders(): Promise<Host[]> {
		const { scenario, world } = await this.eventually('the scenario to run', async () => {
			const state = await this.vendors();
			return state.scenario.state === 'running' ? state : undefined;
		});
		const cast = Object.values(scenario.cast).flat();
		return world.hosts.filter(({ hostname, role, connectorGuid }) => role === 'laptop' && connectorGuid && !cast.includes(hostname)).slice(0, 2);
	}

	private async lookAtConsole(): Promise<void> {
		const { n8n, webhookUrl } = this.session;
		const page = async (url: string, headers = {}) =>
			await axios.get<string>(`${url}${CONSOLE_PATH}`, { proxy: false, headers, validateStatus: () => true });
		const approver = signedInAs('approver');
		const [known, stranger, main] = [await page(webhookUrl, approver), await page(webhookUrl), await page(n8n.url, approver)];
		this.seen.console = { known: known.status, stranger: stranger.status, onMain: main.data.includes('Skip to content') };
	}

	/** As callers do: with a key, so that what nobody answered can be sent again. */
	private async ask(what: 'quarantine' | 'release', { hostname }: Host): Promise<void> {
		const headers = { Authorization: `Bearer ${LAB_QUARANTINE_CALLER}`, 'Idempotency-Key': `${what}-${hostname}` };
		const body = { hostname, reason: 'Reported stolen', requester: 'ann@corp.example' };
		await this.eventually(`the ${what} of ${hostname} to be taken`, async () => {
			const url = `${this.session.webhookUrl}/webhook/rtc-manual/${what}`;
			const { status } = await axios
				.post(url, body, { proxy: false, headers, timeout: 20_000, validateStatus: () => true })
				.catch(() => ({ status: 0 }));
			this.seen.answers.push(status);
			return status === 202 || undefined;
		});
	}

	private async accuse({ hostname }: Host): Promise<void> {
		for (const type of ONE_SOURCE) await this.session.lab.post('/_lab/emit', { vendor: 'secureEndpoint', hostname, type });
	}

	/** Presses the button on the card in the Webex room; Webex tells the webhook processor. */
	private async approve({ hostname }: Host): Promise<void> {
		const card = await this.eventually(`a card that asks about ${hostname}`, async () => {
			const { messages } = (await this.vendors()).vendors.webex;
			return messages.find(({ text, attachments }) => attachments && text.includes(hostname) && text.includes('Approval needed'));
		});
		const button = card.attachments![0].content.actions!.find(({ title }) => title === 'Approve')!;
		const inputs = { ...button.data, reason: REASON };
		await this.session.lab.post('/_lab/press', { messageId: card.id, personEmail: 'approver@corp.example', inputs });
		this.seen.approvals = await this.eventually('the approval to be recorded', async () => {
			const approvals = (await this.containment(hostname))?.approvals;
			return approvals?.length ? approvals : undefined;
		});
	}

	private async containment(hostname: string): Promise<Intent | undefined> {
		return await withLedger(this.session.ledger, async (ledger) => {
			const { items } = await ledger.getIntents({ kind: 'contain', limit: 100 });
			return items.find(({ host }) => host.hostnames.includes(hostname));
		});
	}

	/** Kills a process and starts it again; what is returned waits until it is back. */
	private async dies(name: string): Promise<() => Promise<void>> {
		const victim = this.session.processes.find((process) => process.name === name)!;
		await victim.kill();
		this.seen.killed.push(name);
		const back = victim.start();
		return async () => await back;
	}

	/** From the vendor's side: a second poller would call at the same times. */
	async readPolls(): Promise<void> {
		const { entries } = await this.session.lab.get<Journal>('/_lab/journal', { vendor: 'secureEndpoint', path: '/v1/events', limit: 500 });
		this.seen.polls = entries.map(({ time }) => Date.parse(time)).sort((a, b) => a - b);
	}

	/** The first infected host is being contained: somebody holds its intent. */
	private async untilAttacked(): Promise<void> {
		await this.eventually('the first containment', async () => {
			const { scenario, vendors } = await this.vendors();
			return vendors.ise.ancBindings.some(({ hostname }) => scenario.expectations.contain.includes(hostname)) || undefined;
		});
	}

	/** In force at ISE, and known to be: what is cut off in between is another test's. */
	private async untilContained({ hostname, nics }: Host): Promise<void> {
		await this.eventually(`${hostname} to be contained`, async () => {
			const intent = await this.containment(hostname);
			return (intent?.state === 'done' && (await this.boundCards(hostname)) === nics.length) || undefined;
		});
		this.seen.containedByPeople.push(hostname);
	}

	private async untilReleased({ hostname }: Host): Promise<void> {
		await this.eventually(`${hostname} to be released`, async () => (await this.boundCards(hostname)) === 0 || undefined);
	}

	private async boundCards(hostname: string): Promise<number> {
		return (await this.vendors()).vendors.ise.ancBindings.filter((binding) => binding.hostname === hostname).length;
	}

	private async vendors(): Promise<Vendors> {
		return await this.session.lab.get<Vendors>('/_lab/state');
	}

	private async eventually<T>(what: string, look: () => Promise<T | undefined>): Promise<T> {
		for (const deadline = Date.now() + PATIENCE_MS; Date.now() < deadline; await wait(500)) {
			const found = await look();
			if (found !== undefined) return found;
		}
		throw new Error(`Waited for ${what} in vain; manual quarantine answered ${this.seen.answers.join(', ')}`);
	}
}
