import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { LedgerPlace } from '../ledger';
import { labCredentials, loadWorkflows, type LabAccounts } from './bundle';
import { Cleanup } from './cleanup';
import { prepareCluster, startOthers } from './cluster';
import { LabProcess } from './labProcess';
import { N8nInstance, packTarball, type WorkflowFile } from './n8nInstance';
import { openServices } from './services';
import { SmallDisk } from './smallDisk';

/** SQLite's log alone may take 64. */
const LEDGER_DISK_MB = 128;

export interface SessionOptions {
	seed: number;
	pollSeconds: number;
	/** See `BundleSettings`. */
	overlapSeconds?: number;
	/** Folder for everything the run leaves; default: a new temporary one. */
	folder?: string;
	/** Port of the editor; default: a free one. */
	port?: number;
	/** n8n's queue mode, with so many workers; default: one process. */
	queue?: { workers: number };
	/** Whether n8n is started again when it ends unasked, as a service manager does; in queue mode it always is. */
	supervised?: boolean;
	/** Whether the ledger file has a disk of its own that can be filled; for one process, and where `smallDiskMissing` allows. */
	ledgerDisk?: boolean;
	/** Told what is being done. */
	progress(text: string): void;
}

/** What can be taken down and brought back: a program is killed and started again, a disk filled and emptied. */
export interface Killable {
	name: string;
	kill(): Promise<void>;
	start(): Promise<void>;
}

/** A lab and an n8n that calls it, with the pack, the credentials and the workflows in place and running. */
export interface Session {
	folder: string;
	lab: LabProcess;
	/** In queue mode: the main. */
	n8n: N8nInstance;
	ledger: LedgerPlace;
	/** Address of the process that answers webhooks and shows the console. */
	webhookUrl: string;
	/** n8n and the ledger's disk; in queue mode the main, the workers, the webhook processor, and those services that the session started. */
	processes: Killable[];
	close(): Promise<void>;
}

type Runtime = Pick<Session, 'n8n' | 'ledger' | 'webhookUrl' | 'processes'> & { startOthers(cleanup: Cleanup): Promise<void> };

/** Starts everything. What is started goes with `close`, and with an error on the way. */
export async function openSession(options: SessionOptions): Promise<Session> {
	const cleanup = new Cleanup();
	try {
		const folder = await emptyFolder(options.folder);
		if (!options.folder) cleanup.add(async () => await rm(folder, { recursive: true, force: true, maxRetries: 3 }));
		options.progress('Starting the lab');
		const lab = await LabProcess.start(folder, options.seed);
		cleanup.add(() => lab.stop());
		const runtime = await prepareRuntime(folder, lab, options, cleanup);
		await startRuntime(runtime, lab, options, cleanup);
		const { n8n, ledger, webhookUrl, processes } = runtime;
		return { folder, lab, n8n, ledger, webhookUrl, processes, close: async () => await cleanup.run() };
	} catch (error) {
		await cleanup.run();
		throw error;
	}
}

async function prepareRuntime(folder: string, lab: LabProcess, options: SessionOptions, cleanup: Cleanup): Promise<Runtime> {
	options.progress('Installing the packed pack into an empty n8n');
	const tarball = await packTarball(path.join(folder, 'pack'));
	if (options.queue) return await queueRuntime(folder, lab, tarball, { ...options, ...options.queue }, cleanup);
	const n8n = await N8nInstance.prepare(path.join(folder, 'n8n'), lab.address, tarball, { port: options.port, keepsRunning: options.supervised });
	const disk = options.ledgerDisk ? [ledgerDisk(n8n, cleanup)] : [];
	return { n8n, ledger: { file: n8n.ledgerFile }, webhookUrl: n8n.url, processes: [n8n, ...disk], startOthers: async () => {} };
}

function ledgerDisk(n8n: N8nInstance, cleanup: Cleanup): SmallDisk {
	const disk = SmallDisk.mount(path.dirname(n8n.ledgerFile), LEDGER_DISK_MB);
	cleanup.add(() => disk.unmount());
	return disk;
}

async function queueRuntime(folder: string, lab: LabProcess, tarball: string, options: SessionOptions & { workers: number }, cleanup: Cleanup): Promise<Runtime> {
	options.progress('Starting Redis and PostgreSQL');
	const services = await openServices(folder, process.env, cleanup);
	const cluster = await prepareCluster(folder, lab.address, tarball, services, options);
	return {
		n8n: cluster.main,
		ledger: { postgres: services.ledger },
		webhookUrl: cluster.webhooks.url,
		processes: [cluster.main, ...cluster.workers, cluster.webhooks, ...services.programs],
		startOthers: async () => await startOthers(cluster, cleanup),
	};
}

async function startRuntime({ n8n, ledger, startOthers: others }: Runtime, lab: LabProcess, options: SessionOptions, cleanup: Cleanup): Promise<void> {
	cleanup.add(async () => await n8n.stop());
	options.progress('Importing credentials and workflows');
	const processes = options.queue ? options.queue.workers + 1 : 1;
	await n8n.importCredentials(await labCredentials(lab, ledger, processes));
	const { webex } = await lab.get<LabAccounts>('/_lab/credentials');
	const workflows = await loadWorkflows({ ...options, webexRoomId: webex.room.id });
	await n8n.importWorkflows(workflows);
	options.progress('Starting n8n');
	await Promise.all([n8n.start(), others(cleanup)]);
	await n8n.activate(workflows.filter(isPublishable).map(({ id }) => id));
}

async function emptyFolder(wanted: string | undefined): Promise<string> {
	if (!wanted) return await mkdtemp(path.join(os.tmpdir(), 'cisco-rtc-'));
	await rm(wanted, { recursive: true, force: true });
	await mkdir(wanted, { recursive: true });
	return wanted;
}

/** What people start by hand cannot be published. */
function isPublishable({ nodes }: WorkflowFile): boolean {
	return !nodes.some(({ type }) => type === 'n8n-nodes-base.manualTrigger');
}
