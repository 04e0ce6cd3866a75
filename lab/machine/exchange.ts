import { setTimeout as delay } from 'node:timers/promises';
import { type Fault, type Faults, fits } from './faults';
import { type Journal, maskedPath } from './journal';
import { itemsOf, withItems } from './pages';
import type { LabRequest, LabResponse, Vendor } from './vendor';

/** What goes on the wire. */
export interface WireAnswer {
	status: number;
	headers: Record<string, string | string[]>;
	body: Buffer;
}

/** `reset`: destroy the connection. `silence`: keep it open and say nothing. */
export type Outcome = WireAnswer | 'reset' | 'silence';

interface Played {
	outcome: Outcome;
	violation?: string;
	labError?: string;
}

/** Calls that come so soon after an answer were on their way already. */
const ON_ITS_WAY_MS = 1_000;

const HTML_PAGE =
	'<!DOCTYPE html>\n<html><head><title>Service temporarily unavailable</title></head>' +
	'<body><h1>Service temporarily unavailable</h1><p>We are working on it.</p></body></html>\n';

/** Lets vendors answer requests, plays the faults that are in force and keeps the journal. */
export class Exchange {
	/** Items of the last page per vendor, method and path, while a fault may ask for them. */
	private readonly lastPages = new Map<string, unknown[]>();

	/** Answers with `Retry-After`: calls of the fault's kind to this host are to stay away until then (epoch ms). */
	private askedToWait: { fault: Fault; host: string; since: number; until: number }[] = [];

	constructor(
		private readonly journal: Journal,
		private readonly faults: Faults,
	) {}

	async serve(vendor: Vendor, request: LabRequest): Promise<Outcome> {
		const startedAt = performance.now();
		const now = Date.now();
		const time = new Date(now).toISOString();
		const tooEarly = this.tooEarly(vendor, request, now);
		const fault = this.faults.take(vendor.name, request.method, request.url.pathname);
		this.rememberWait(request, fault, now);
		const played = { ...(tooEarly !== undefined && { violation: tooEarly }), ...(await this.play(vendor, request, fault)) };
		this.journal.add({
			time,
			vendor: vendor.name,
			method: request.method,
			path: maskedPath(request.url),
			status: typeof played.outcome === 'string' ? null : played.outcome.status,
			durationMs: Math.round((performance.now() - startedAt) * 10) / 10,
			...(fault && { fault: fault.kind }),
			...(played.violation !== undefined && { violation: played.violation }),
			...(played.labError !== undefined && { labError: played.labError }),
		});
		return played.outcome;
	}

	reset(): void {
		this.lastPages.clear();
		this.askedToWait = [];
	}

	private rememberWait({ url }: LabRequest, fault: Fault | undefined, now: number): void {
		if (fault?.retryAfter === undefined) return;
		const since = now + ON_ITS_WAY_MS;
		this.askedToWait.push({ fault, host: url.host, since, until: now + fault.retryAfter * 1000 });
	}

	/** What is wrong with a call that does not wait as long as it was asked to. */
	private tooEarly(vendor: Vendor, { method, url }: LabRequest, now: number): string | undefined {
		this.askedToWait = this.askedToWait.filter(({ until }) => until > now);
		const asked = this.askedToWait.find(
			({ fault, host, since }) =>
				host === url.host && since < now && fits(fault, vendor.name, method, url.pathname),
		);
		if (asked === undefined) return undefined;
		return `called ${Math.ceil((asked.until - now) / 1000)} s before the Retry-After of an earlier answer was over`;
	}

	private async play(vendor: Vendor, request: LabRequest, fault: Fault | undefined): Promise<Played> {
		if (fault === undefined) return await this.ask(vendor, request);
		switch (fault.kind) {
			case 'status':
			case 'reset':
			case 'timeout':
				return { ...(await this.askIfCarriedOut(vendor, request, fault)), outcome: lostAnswer(fault) };
			case 'html':
				return { outcome: htmlPage(fault.status ?? 200) };
			case 'slow':
				await delay(fault.delayMs, undefined, { ref: false });
				return await this.ask(vendor, request);
			case 'expireTokens':
				vendor.expireTokens?.();
				return await this.ask(vendor, request);
			default:
				return changedAnswer(await this.ask(vendor, request), (answer) =>
					this.spoil(answer, fault, pageKey(vendor, request)),
				);
		}
	}

	private async askIfCarriedOut(vendor: Vendor, request: LabRequest, fault: Fault): Promise<Partial<Played>> {
		return fault.afterHandling ? await this.ask(vendor, request) : {};
	}

	private async ask(vendor: Vendor, request: LabRequest): Promise<Played> {
		try {
			const response = await vendor.handle(request);
			const outcome = onWire(response);
			this.remember(vendor, request, outcome);
			return { outcome, ...(response.violation !== undefined && { violation: response.violation }) };
		} catch (error) {
			const labError = `The lab's ${vendor.name} failed: ${error instanceof Error ? error.stack : String(error)}`;
			return { outcome: onWire({ status: 500, body: { labError } }), labError };
		}
	}

	private remember(vendor: Vendor, request: LabRequest, answer: WireAnswer): void {
		if (!this.faults.repeatsPages(vendor.name) || answer.status !== 200) return;
		const items = itemsOf(answer.body.toString());
		const key = pageKey(vendor, request);
		if (items !== undefined) {
			this.lastPages.set(`${key} before`, this.lastPages.get(key) ?? items);
			this.lastPages.set(key, items);
		}
	}

	private spoil(answer: WireAnswer, fault: Fault, key: string): WireAnswer {
		const text = answer.body.toString();
		switch (fault.kind) {
			case 'truncate':
				return { ...answer, body: answer.body.subarray(0, Math.floor(answer.body.length / 2)) };
			case 'duplicatePage':
				return withText(
					answer,
					withItems(text, (items) => [...(this.lastPages.get(`${key} before`) ?? items), ...items]),
				);
			case 'reorderPage':
				return withText(
					answer,
					withItems(text, (items) => [...items].reverse()),
				);
			default:
				return answer;
		}
	}
}

function pageKey(vendor: Vendor, request: LabRequest): string {
	return `${vendor.name} ${request.method} ${request.url.pathname}`;
}

function withText(answer: WireAnswer, text: string): WireAnswer {
	return { ...answer, body: Buffer.from(text) };
}

function changedAnswer(played: Played, change: (answer: WireAnswer) => WireAnswer): Played {
	return typeof played.outcome === 'string' ? played : { ...played, outcome: change(played.outcome) };
}

function lostAnswer(fault: Fault): Outcome {
	if (fault.kind === 'reset') return 'reset';
	if (fault.kind === 'timeout') return 'silence';
	const headers: Record<string, string> = {};
	if (fault.retryAfter !== undefined) headers['retry-after'] = String(fault.retryAfter);
	return onWire({
		status: fault.status ?? 500,
		headers,
		body: { message: `Fault ${fault.id} of the lab` },
	});
}

function htmlPage(status: number): WireAnswer {
	return { status, headers: { 'content-type': 'text/html; charset=utf-8' }, body: Buffer.from(HTML_PAGE) };
}

/** Objects and arrays become JSON, strings and buffers stay as they are. */
export function onWire(response: LabResponse): WireAnswer {
	const headers: WireAnswer['headers'] = {};
	for (const [name, value] of Object.entries(response.headers ?? {})) headers[name.toLowerCase()] = value;
	const { body } = response;
	if (body === undefined) return { status: response.status, headers, body: Buffer.alloc(0) };
	if (typeof body === 'string') return { status: response.status, headers, body: Buffer.from(body) };
	if (Buffer.isBuffer(body)) return { status: response.status, headers, body };
	return {
		status: response.status,
		headers: { 'content-type': 'application/json', ...headers },
		body: Buffer.from(JSON.stringify(body)),
	};
}
