import { setTimeout as wait } from 'node:timers/promises';
import axios from 'axios';
import type { LabAccounts } from '../../demo/bundle';
import { servicesMissing } from '../../demo/services';
import { timed, type BenchResult } from '../bench';
import { bareCredentials, barePath, bareWorkflows, type Between } from './bareWorkflow';
import { openBurstSite, type BurstSite, type JournalEntry } from './site';

const HOSTS = 100;
const ROUNDS = 2;
/** In the first round, which is not counted. */
const WARM_UP_HOSTS = 20;
const MOST_TIMES = 2;
const WORKERS = 2;
const WAIT_MS = 120_000;
const EVENTS = '/v1/events';
const APPLY = '/ers/config/ancendpoint/apply';
const BETWEEN: readonly Between[] = ['the same questions', 'nothing'];

/** Milliseconds from the end of the poll's response to each ANC request, in the order in which they came. */
type Burst = number[];

interface Measured {
	place: string;
	ours: Burst[];
	bare: Record<Between, Burst[]>;
}

/**
 * A burst of crossings in a real n8n: from the moment that the lab has sent the poll's response to each ANC request at
 * the lab; against workflows of as many of n8n's own nodes that end in the same requests. In turns, on one process, and
 * on two workers in queue mode where Redis and PostgreSQL are there.
 */
export default async function endToEndBench(): Promise<BenchResult[]> {
	const measured = [await measure('one process')];
	const missing = await servicesMissing(process.env);
	if (missing) process.stderr.write(`  Not measured in queue mode: ${missing}\n`);
	else measured.push(await measure(`${WORKERS} workers`, { workers: WORKERS }));
	printTable(measured);
	return measured.flatMap(toResults);
}

async function measure(place: string, queue?: { workers: number }): Promise<Measured> {
	const site = await openBurstSite(queue);
	try {
		await publishBare(site);
		const measured: Measured = { place, ours: [], bare: { nothing: [], 'the same questions': [] } };
		for (let round = -1; round < ROUNDS; round++) {
			const hosts = round < 0 ? WARM_UP_HOSTS : HOSTS;
			const ours = await ourBurst(site, hosts);
			const settledMs = await timed(async () => await site.settled());
			process.stderr.write(`  All hosts isolated and everybody told ${(settledMs / 1000).toFixed(0)} s after the last request\n`);
			const bare: Partial<Record<Between, Burst>> = {};
			for (const between of BETWEEN) bare[between] = await bareBurst(site, between, hosts);
			if (round < 0) continue;
			measured.ours.push(ours);
			for (const between of BETWEEN) measured.bare[between].push(bare[between] as Burst);
			process.stderr.write(`  ${place}, round ${round + 1}: ${[ours, ...BETWEEN.map((between) => bare[between] as Burst)].map(quantiles).join(' | ')}\n`);
		}
		return measured;
	} finally {
		await site.close();
	}
}

async function publishBare({ session: { n8n, lab, webhookUrl } }: BurstSite): Promise<void> {
	const accounts = await lab.get<LabAccounts>('/_lab/credentials');
	await n8n.importCredentials(bareCredentials(accounts));
	const workflows = BETWEEN.flatMap((between) => bareWorkflows(between, accounts));
	await n8n.importWorkflows(workflows);
	await n8n.activate(workflows.map(({ id }) => id));
	for (const between of BETWEEN) await untilStarted(`${webhookUrl}/webhook/${barePath(between)}`);
}

/** n8n says that a workflow is published a moment before its webhooks are. This one finds no events yet. */
async function untilStarted(url: string): Promise<void> {
	for (const deadline = Date.now() + WAIT_MS; Date.now() < deadline; await wait(100)) {
		const { status } = await axios.post(url, { from: new Date().toISOString() }, { proxy: false, validateStatus: () => true });
		if (status === 200) return;
	}
	throw new Error(`Nothing listens at ${url}`);
}

/** Reported between two polls, so that one response holds all of it. */
async function ourBurst(site: BurstSite, hosts: number): Promise<Burst> {
	await entries(site, 'secureEndpoint', EVENTS, await site.newest(), 1);
	const before = await site.newest();
	return await burstAfter(site, before, await site.report(hosts));
}

/**
 * The workflow is told from when on to read, so that it reads its own burst alone, and the pack's poll is set past it.
 * What the pack did before makes Secure Endpoint report, too; a second later that is over.
 */
async function bareBurst(site: BurstSite, between: Between, hosts: number): Promise<Burst> {
	const { n8n, webhookUrl } = site.session;
	await (await n8n.api()).post('/rest/workflows/rtcPollSecureEndpt/deactivate', {});
	const from = new Date(Math.ceil(Date.now() / 1000) * 1000 + 1000);
	await wait(from.getTime() - Date.now());
	const requests = await site.report(hosts);
	const reported = await site.newest();
	await axios.post(`${webhookUrl}/webhook/${barePath(between)}`, { from: from.toISOString() }, { proxy: false });
	const burst = await burstAfter(site, reported, requests);
	await wait(2_000);
	await site.skipToNow();
	await n8n.activate(['rtcPollSecureEndpt']);
	return burst;
}

/** @param since number of the newest entry in the journal before the poll that reads the burst */
async function burstAfter(site: BurstSite, since: number, requests: number): Promise<Burst> {
	const applied = await entries(site, 'ise', APPLY, since, requests);
	const refused = applied.find(({ status }) => status !== 200 && status !== 204);
	if (applied.length !== requests || refused) throw new Error(`${applied.length} of ${requests} ANC requests came; one was answered ${JSON.stringify(refused)}`);
	const polls = await entries(site, 'secureEndpoint', EVENTS, since, 1);
	const answered = Math.max(...polls.filter(({ seq }) => seq < applied[0].seq).map(endMs));
	return applied.map(({ time }) => Date.parse(time) - answered);
}

function endMs({ time, durationMs }: JournalEntry): number {
	return Date.parse(time) + durationMs;
}

/** Waits for so many of them. */
async function entries(site: BurstSite, vendor: string, path: string, since: number, count: number): Promise<JournalEntry[]> {
	for (const deadline = Date.now() + WAIT_MS; ; await wait(250)) {
		const found = (await site.journal(vendor, path, since)).filter((entry) => entry.path.split('?')[0] === path);
		if (found.length >= count || Date.now() > deadline) return found;
	}
}

function toResults({ place, ours, bare }: Measured): BenchResult[] {
	return BETWEEN.flatMap((between) =>
		[0.5, 0.95].map((share) => {
			const [oursMs, baselineMs] = [percentile(ours.flat(), share), percentile(bare[between].flat(), share)];
			return {
				name: `Poll to ANC request, ${HOSTS} hosts, ${place}, p${share * 100}; baseline asks ${between}`,
				unit: 'ms',
				ours: oursMs,
				baseline: baselineMs,
				ratio: oursMs / baselineMs,
				bar: `at most ${MOST_TIMES} times a bare workflow`,
				ok: oursMs <= MOST_TIMES * baselineMs,
			};
		}),
	);
}

/** As in the documentation: Markdown. */
function printTable(measured: readonly Measured[]): void {
	const head = ['Where', 'Workflow', 'p50 ms', 'p95 ms', 'p50 ratio', 'p95 ratio'];
	const rows = measured.flatMap(({ place, ours, bare }) => [
		[place, 'bundled', ...times(ours), '', ''],
		...BETWEEN.map((between) => [place, `bare, asks ${between}`, ...times(bare[between]), ...[0.5, 0.95].map((share) => (percentile(ours.flat(), share) / percentile(bare[between].flat(), share)).toFixed(2))]),
	]);
	for (const row of [head, head.map(() => '---'), ...rows]) console.log(`| ${row.join(' | ')} |`);
}

function times(bursts: readonly Burst[]): string[] {
	return [0.5, 0.95].map((share) => percentile(bursts.flat(), share).toFixed(0));
}

function quantiles(burst: Burst): string {
	return times([burst]).join('/');
}

function percentile(values: readonly number[], share: number): number {
	const sorted = [...values].sort((a, b) => a - b);
	return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)];
}
