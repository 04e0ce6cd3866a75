import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { labCredentials, loadWorkflows, type LabAccounts } from '../../demo/bundle';
import { Cleanup } from '../../demo/cleanup';
import { LabProcess } from '../../demo/labProcess';
import { N8nInstance, packTarball } from '../../demo/n8nInstance';
import { postgresMissing, startPostgres } from '../../demo/postgres';
import { openLedger, type LedgerService } from '../../ledger';
import type { BenchResult } from '../bench';
import type { Cost } from './probe';

type Costs = Record<string, Cost>;

/** Per 1,000 detections; the share that takes a host over the threshold. */
const DETECTIONS = 1_000;
const CROSSINGS = 100;
const THRESHOLD = 50;
const CONTAINS = '1107296272';
const HARMLESS = '1090519054';
const POLL_SECONDS = 20;
const SETTLE_LIMIT_MS = 300_000;
/** What begins by itself; of the other workflows, those that these call. */
const SCHEDULED = ['rtcPollSecureEndpt', 'rtcSweepIntents'];
const CALLED = ['n8n-nodes-base.executeWorkflowTrigger', 'n8n-nodes-base.errorTrigger'];

interface Site {
	lab: LabProcess;
	n8n: N8nInstance;
	ledger: LedgerService;
	costs(): Promise<Costs>;
}

/**
 * What 1,000 detections cost, of which each tenth contains a host: n8n executions, times that the ledger waited for
 * PostgreSQL, and API calls, by workflow, counted inside a real n8n.
 */
export default async function costBench(): Promise<BenchResult[]> {
	const missing = postgresMissing();
	if (missing) {
		process.stderr.write(`  Not measured: ${missing}\n`);
		return [];
	}
	const cleanup = new Cleanup();
	try {
		const site = await openSite(cleanup);
		const [idle, idleCalls] = [await site.costs(), await callsAtLab(site)];
		await report(site);
		await settled(site);
		const [busy, calls] = [await site.costs(), (await callsAtLab(site)) - idleCalls];
		const spent = difference(busy, idle);
		printTable(spent);
		return [toResult(spent, calls)];
	} finally {
		await cleanup.run();
	}
}

async function openSite(cleanup: Cleanup): Promise<Site> {
	const folder = await mkdtemp(path.join(os.tmpdir(), 'cisco-rtc-cost-'));
	const base = await mkdtemp(path.join(os.tmpdir(), 'cisco-rtc-cost-postgres-'));
	for (const one of [folder, base]) cleanup.add(async () => await rm(one, { recursive: true, force: true, maxRetries: 3 }));
	const { place, program } = await startPostgres(base);
	cleanup.add(async () => await program.stop());
	const lab = await LabProcess.start(folder, 1);
	cleanup.add(() => lab.stop());
	const costFile = path.join(folder, 'cost.json');
	const env = { NODE_OPTIONS: `--import ${path.join(__dirname, 'probe.ts')}`, COST_FILE: costFile, EXECUTIONS_DATA_SAVE_ON_SUCCESS: 'none' };
	await mkdir(path.join(folder, 'pack'), { recursive: true });
	const n8n = await N8nInstance.prepare(path.join(folder, 'n8n'), lab.address, await packTarball(path.join(folder, 'pack')), { env });
	const settings = { postgres: { ...place, schema: 'cisco_rtc', tls: false as const } };
	await n8n.importCredentials(await labCredentials(lab, settings));
	const { webex } = await lab.get<LabAccounts>('/_lab/credentials');
	const workflows = await loadWorkflows({ pollSeconds: POLL_SECONDS, overlapSeconds: 1, webexRoomId: webex.room.id });
	await n8n.importWorkflows(workflows);
	const ledger = await openLedger(settings);
	cleanup.add(async () => await ledger.close());
	await containEveryone(ledger);
	await lab.post('/_lab/scenario', { name: 'massFalsePositive', speed: 0.1 });
	await lab.control.delete('/_lab/scenario');
	await n8n.start();
	cleanup.add(async () => await n8n.stop());
	const published = workflows.filter(({ id, nodes }) => SCHEDULED.includes(id) || nodes.some(({ type }) => CALLED.includes(type)));
	await n8n.activate(published.map(({ id }) => id));
	const site: Site = { lab, n8n, ledger, costs: async () => JSON.parse(await readFile(`${costFile}.${n8n.processId}`, 'utf8')) as Costs };
	await untilPolled(site, Date.now());
	await settled(site);
	return site;
}

/** One source is enough and nothing stops a containment, so that every crossing costs what a containment costs. */
async function containEveryone(ledger: LedgerService): Promise<void> {
	const { policy } = await ledger.getPolicy();
	const guards = { ...policy.guards, minimumSources: 1, breaker: null };
	await ledger.updatePolicy({ ...policy, threshold: THRESHOLD, rearmBelow: Math.min(policy.rearmBelow, THRESHOLD), guards }, { name: 'bench' }, 'Every crossing contains');
}

async function report({ lab }: Site): Promise<void> {
	for (let i = 0; i < DETECTIONS; i++) {
		const contains = i % (DETECTIONS / CROSSINGS) === 0;
		const hostname = `fleet-lt-${String(i + 1).padStart(4, '0')}`;
		await lab.post('/_lab/emit', { vendor: 'secureEndpoint', hostname, type: contains ? CONTAINS : HARMLESS });
	}
}

async function untilPolled({ ledger }: Site, sinceMs: number): Promise<void> {
	for (const deadline = Date.now() + SETTLE_LIMIT_MS; Date.now() < deadline; await wait(500)) {
		const { cursors } = await ledger.getMetrics();
		if (cursors.some(({ source, lastPollAt }) => source === 'secureEndpoint' && Date.parse(lastPollAt ?? '') > sinceMs)) return;
	}
	throw new Error('Secure Endpoint was not polled');
}

/** Everything that was reported is read, everybody is contained and told, and the counts are written down. */
async function settled(site: Site): Promise<void> {
	await untilPolled(site, Date.now() + POLL_SECONDS * 1000);
	for (const deadline = Date.now() + SETTLE_LIMIT_MS; Date.now() < deadline; await wait(500)) {
		const { intents } = await site.ledger.getMetrics();
		if (intents.failed > 0) throw new Error(`${intents.failed} intents failed`);
		if (intents.pending + intents.claimed === 0) return void (await wait(1_000));
	}
	throw new Error('Intents are still under way');
}

async function callsAtLab({ lab }: Site): Promise<number> {
	const { totals } = await lab.get<{ totals: { calls: number } }>('/_lab/journal', { limit: 0 });
	return totals.calls;
}

function difference(after: Costs, before: Costs): Costs {
	const less = (name: string, field: keyof Cost) => after[name][field] - (before[name]?.[field] ?? 0);
	return Object.fromEntries(
		Object.keys(after).map((name) => [
			name,
			{ executions: less(name, 'executions'), nodeRuns: less(name, 'nodeRuns'), ledgerRoundTrips: less(name, 'ledgerRoundTrips'), calls: less(name, 'calls') },
		]),
	);
}

/** The lab's journal has to agree with what was counted inside n8n. */
function toResult(spent: Costs, calls: number): BenchResult {
	const counted = Object.values(spent).reduce((sum, cost) => sum + cost.calls, 0);
	const ratio = counted / calls;
	return { name: `API calls for ${DETECTIONS} detections, ${CROSSINGS} containments: counted in n8n and at the lab`, unit: 'calls', ours: counted, baseline: calls, ratio, bar: 'within 2 %', ok: Math.abs(ratio - 1) <= 0.02 };
}

/** As in the documentation: Markdown. */
function printTable(spent: Costs): void {
	const head = ['Workflow', 'Executions', 'Node runs', 'Ledger round trips', 'API calls'];
	const rows = Object.entries(spent)
		.sort(([, a], [, b]) => b.calls + b.ledgerRoundTrips - a.calls - a.ledgerRoundTrips)
		.map(([name, cost]) => [name, cost.executions, cost.nodeRuns, cost.ledgerRoundTrips, cost.calls]);
	for (const row of [head, head.map(() => '---'), ...rows]) console.log(`| ${row.join(' | ')} |`);
}
