import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { labCredentials, loadWorkflows, type LabAccounts } from './bundle';
import { LabProcess } from './labProcess';
import { N8nInstance, packTarball, type WorkflowFile } from './n8nInstance';

export interface SessionOptions {
	seed: number;
	pollSeconds: number;
	/** See `BundleSettings`. */
	overlapSeconds?: number;
	/** Folder for everything the run leaves; default: a new temporary one. */
	folder?: string;
	/** Port of the editor; default: a free one. */
	port?: number;
	/** Told what is being done. */
	progress(text: string): void;
}

/** A lab and an n8n that calls it, with the pack, the credentials and the workflows in place and running. */
export interface Session {
	folder: string;
	lab: LabProcess;
	n8n: N8nInstance;
	close(): Promise<void>;
}

export async function openSession(options: SessionOptions): Promise<Session> {
	const folder = await emptyFolder(options.folder);
	options.progress('Starting the lab');
	const lab = await LabProcess.start(folder, options.seed);
	let n8n: N8nInstance | undefined;
	try {
		options.progress('Installing the packed pack into an empty n8n');
		const tarball = await packTarball(path.join(folder, 'pack'));
		n8n = await N8nInstance.prepare(path.join(folder, 'n8n'), lab.address, tarball, options.port);
		options.progress('Importing credentials and workflows');
		await n8n.importCredentials(await labCredentials(lab));
		const { webex } = await lab.get<LabAccounts>('/_lab/credentials');
		const workflows = await loadWorkflows({ ...options, webexRoomId: webex.room.id });
		await n8n.importWorkflows(workflows);
		options.progress('Starting n8n');
		await n8n.start();
		await n8n.activate(workflows.filter(isPublishable).map(({ id }) => id));
		const running = n8n;
		return { folder, lab, n8n, close: async () => await closeSession(running, lab, options.folder ? undefined : folder) };
	} catch (error) {
		await n8n?.stop();
		lab.stop();
		throw error;
	}
}

async function closeSession(n8n: N8nInstance, lab: LabProcess, temporary: string | undefined): Promise<void> {
	await n8n.stop();
	lab.stop();
	if (temporary) await rm(temporary, { recursive: true, force: true, maxRetries: 3 });
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
