import { Agent, request } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { openConsoleSite, signedInAs, untilListening, type ConsoleSite } from '../../test/support/consoleSite';
import { timed, type BenchResult } from '../bench';
import { fillLedger } from './fill';
import { measuredPages, type MeasuredPage } from './pages';

const RUNS = 60;
const WARM_UP = 6;
const MOST_TIMES = 3;
const MOST_BYTES = 200_000;
/** What a request leaves behind, such as n8n's record of an execution, is not to be paid for by the next one. */
const PAUSE_MS = 4;

interface Measured {
	page: MeasuredPage;
	bytes: number;
	ours: number[];
	baseline: number[];
}

/**
 * Every page of the console over a ledger with 100,000 entities and 1,000,000 detections, against n8n's own Webhook
 * node that answers at once with a fixed page of the same size; both over HTTP, in turns, from one real n8n.
 */
export default async function consoleBench(): Promise<BenchResult[]> {
	let pages: MeasuredPage[] = [];
	const site = await openConsoleSite(async (file) => {
		await fillLedger(file, Date.now());
		pages = await measuredPages(file);
	});
	const agent = new Agent({ keepAlive: true, maxSockets: 1 });
	try {
		const measured = await measureAll(site, agent, pages);
		printTable(measured);
		return measured.map(toResult);
	} finally {
		agent.destroy();
		await site.close();
	}
}

async function measureAll(site: ConsoleSite, agent: Agent, pages: readonly MeasuredPage[]): Promise<Measured[]> {
	const measured: Measured[] = [];
	for (const page of pages) measured.push({ page, bytes: await get(agent, site.url + page.address, signedInAs('admin')), ours: [], baseline: [] });
	const fixed = await publishFixedPages(site, measured.map(({ bytes }) => bytes));
	for (const [index, one] of measured.entries()) {
		const bytes = await get(agent, fixed[index]);
		if (bytes !== one.bytes) throw new Error(`The fixed page has ${bytes} instead of ${one.bytes} bytes`);
		for (let run = -WARM_UP; run < RUNS; run++) {
			const oursMs = await timed(() => get(agent, site.url + one.page.address, signedInAs('admin')));
			await pause(PAUSE_MS);
			const baselineMs = await timed(() => get(agent, fixed[index]));
			await pause(PAUSE_MS);
			if (run < 0) continue;
			one.ours.push(oursMs);
			one.baseline.push(baselineMs);
		}
		process.stderr.write(`| ${tableRow(one).join(' | ')} |\n`);
	}
	return measured;
}

/** Publishes a workflow of one Webhook node per size; gives their addresses. */
async function publishFixedPages({ n8n }: ConsoleSite, sizes: readonly number[]): Promise<string[]> {
	const api = await n8n.api();
	const addresses: string[] = [];
	for (const [index, bytes] of sizes.entries()) {
		const { data } = await api.post<{ data: { id: string } }>('/rest/workflows', fixedPage(index, bytes));
		await n8n.activate([data.data.id]);
		addresses.push(`${n8n.url}/webhook/fixed-${index}`);
	}
	for (const address of addresses) await untilListening(address);
	return addresses;
}

/** The text is made by an expression, as n8n keeps a copy of the workflow with every execution. */
function fixedPage(index: number, bytes: number): object {
	const [before, after] = ['<!doctype html><html lang="en"><title>Fixed</title><body><p>', '</p></body></html>'];
	const responseData = `=${before}{{ "x".repeat(${Math.max(0, bytes - before.length - after.length)}) }}${after}`;
	const responseHeaders = { entries: [{ name: 'content-type', value: 'text/html; charset=utf-8' }] };
	const node = {
		id: 'fixed',
		name: 'Fixed',
		type: 'n8n-nodes-base.webhook',
		typeVersion: 2.1,
		position: [0, 0],
		webhookId: `fixed-${index}`,
		parameters: { path: `fixed-${index}`, responseMode: 'onReceived', options: { responseData, responseHeaders } },
	};
	return { name: `Fixed page ${index}`, nodes: [node], connections: {}, settings: { saveDataSuccessExecution: 'none' } };
}

/** Fetches a page to its end; gives its length in bytes. */
async function get(agent: Agent, url: string, headers: Record<string, string> = {}): Promise<number> {
	return await new Promise((resolve, reject) => {
		request(url, { agent, headers }, (response) => {
			let bytes = 0;
			response.on('data', (chunk: Buffer) => (bytes += chunk.length));
			response.on('error', reject);
			response.on('end', () => (response.statusCode === 200 ? resolve(bytes) : reject(new Error(`${url} answered ${response.statusCode}`))));
		}).on('error', reject).end();
	});
}

function percentile(values: readonly number[], share: number): number {
	const sorted = [...values].sort((a, b) => a - b);
	return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)];
}

function toResult({ page, ours, baseline, bytes }: Measured): BenchResult {
	const [oursMs, baselineMs] = [percentile(ours, 0.95), percentile(baseline, 0.95)];
	const ratio = oursMs / baselineMs;
	return {
		name: `Console: ${page.name}, p95`,
		unit: 'ms',
		ours: oursMs,
		baseline: baselineMs,
		ratio,
		bar: `at most ${MOST_TIMES} times a Webhook node, less than ${MOST_BYTES / 1000} kB`,
		ok: ratio <= MOST_TIMES && bytes < MOST_BYTES,
	};
}

/** As in the documentation: Markdown. */
function printTable(measured: readonly Measured[]): void {
	const head = ['Page', 'kB', 'p50 ms', 'p95 ms', 'Webhook p50', 'Webhook p95', 'p95 ratio'];
	for (const row of [head, head.map(() => '---'), ...measured.map(tableRow)]) console.log(`| ${row.join(' | ')} |`);
}

function tableRow(one: Measured): string[] {
	const { page, bytes, ours, baseline } = one;
	const times = [percentile(ours, 0.5), percentile(ours, 0.95), percentile(baseline, 0.5), percentile(baseline, 0.95)];
	return [page.name, (bytes / 1000).toFixed(1), ...times.map((ms) => ms.toFixed(1)), toResult(one).ratio.toFixed(2)];
}
