import { execFile, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { cp, mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import path from 'node:path';
import { promisify } from 'node:util';
import axios, { type AxiosError, type AxiosInstance } from 'axios';
import type { LabAddress } from './labProcess';
import { Program } from './program';

const runFile = promisify(execFile);
const root = path.resolve(__dirname, '..');
const READY_WITHIN_MS = 120_000;
const n8nBin = path.join(root, 'lab/app/node_modules/n8n/bin/n8n');

export interface OwnerLogin {
	email: string;
	password: string;
}

export interface WorkflowFile {
	id: string;
	name: string;
	nodes: { name: string; type: string; parameters: Record<string, unknown>; credentials?: Record<string, unknown> }[];
	[field: string]: unknown;
}

export interface CredentialFile {
	id: string;
	name: string;
	type: string;
	data: Record<string, unknown>;
}

export interface InstanceOptions {
	/** Default: a free one. */
	port?: number;
	/** The n8n command that runs, with its arguments; default: `start`. */
	command?: string[];
	/** For messages; default: `n8n`. */
	name?: string;
	/** Whether it is started again when it ends unasked. */
	keepsRunning?: boolean;
	/** Variables beside, or instead of, those that every instance gets. */
	env?: NodeJS.ProcessEnv;
}

/** A real n8n with the packed pack in a user folder of its own; can be killed and started again. */
export class N8nInstance {
	readonly login: OwnerLogin = { email: 'owner@corp.example', password: `Rtc-${randomBytes(9).toString('base64url')}1` };

	private readonly program: Program;

	private readonly encryptionKey = randomBytes(24).toString('hex');

	private cookie?: string;

	private readonly commands = new Set<ChildProcess>();

	private constructor(
		readonly folder: string,
		readonly port: number,
		private readonly brokerPort: number,
		private readonly lab: LabAddress,
		private readonly options: InstanceOptions,
	) {
		const { command = ['start'], name = 'n8n', keepsRunning = false } = options;
		this.program = new Program({
			name,
			command: process.execPath,
			args: [n8nBin, ...command],
			env: this.env(),
			logFile: path.join(folder, 'n8n.log'),
			stopSignal: 'SIGTERM',
			keepsRunning,
			readyWithinMs: READY_WITHIN_MS,
			isReady: async () => await this.isReady(),
		});
	}

	/**
	 * Lays out an empty user folder with the pack in it.
	 *
	 * @param pack its tarball, or an instance that has it already: copying takes less time than installing
	 */
	static async prepare(folder: string, lab: LabAddress, pack: string | N8nInstance, options: InstanceOptions = {}): Promise<N8nInstance> {
		if (typeof pack === 'string') await installPack(folder, pack);
		else await cp(nodesFolder(pack.folder), nodesFolder(folder), { recursive: true });
		return new N8nInstance(folder, options.port ?? (await freePort()), await freePort(), lab, options);
	}

	get name(): string {
		return this.program.name;
	}

	get url(): string {
		return `http://127.0.0.1:${this.port}`;
	}

	get ledgerFile(): string {
		return path.join(this.folder, '.n8n/cisco-rtc/ledger.db');
	}

	get processId(): number | undefined {
		return this.program.processId;
	}

	/** Runs one n8n command to its end, e.g. `export:nodes`. */
	async command(...args: string[]): Promise<string> {
		const running = runFile(process.execPath, [n8nBin, ...args], { env: this.env(), maxBuffer: 1 << 28 });
		this.commands.add(running.child);
		try {
			return (await running).stdout;
		} finally {
			this.commands.delete(running.child);
		}
	}

	async importCredentials(credentials: CredentialFile[]): Promise<void> {
		await this.importFile('import:credentials', 'credentials.json', credentials);
	}

	async importWorkflows(workflows: WorkflowFile[]): Promise<void> {
		await this.importFile('import:workflow', 'workflows.json', workflows);
	}

	/** Starts it and waits until it answers. */
	async start(): Promise<void> {
		await this.program.start();
	}

	/** Creates the owner account and publishes the workflows, so that their schedules run. */
	async activate(workflowIds: string[]): Promise<void> {
		const api = await this.api();
		for (const id of workflowIds) {
			const { data } = await api.get<{ data: { name: string; versionId: string } }>(`/rest/workflows/${id}`);
			const { name, versionId } = data.data;
			await api.post(`/rest/workflows/${id}/activate`, { versionId }).catch((error: AxiosError) => {
				throw new Error(`n8n does not activate "${name}": ${JSON.stringify(error.response?.data ?? error.message)}`);
			});
		}
	}

	/** Client of n8n's internal REST API, logged in as the owner. */
	async api(): Promise<AxiosInstance> {
		this.cookie ??= await this.setUpOwner();
		return axios.create({ baseURL: this.url, proxy: false, timeout: 60_000, headers: { Cookie: this.cookie } });
	}

	/** Ends it the hard way, as a power cut would. */
	async kill(): Promise<void> {
		await this.program.kill();
	}

	/** Ends it, and commands that still run. */
	async stop(): Promise<void> {
		for (const command of this.commands) command.kill('SIGKILL');
		await this.program.stop();
	}

	private async importFile(command: string, name: string, content: unknown[]): Promise<void> {
		const file = path.join(this.folder, name);
		await writeFile(file, JSON.stringify(content), { mode: 0o600 });
		await this.command(command, `--input=${file}`);
	}

	private async setUpOwner(): Promise<string> {
		const answer = await axios.post(
			`${this.url}/rest/owner/setup`,
			{ ...this.login, firstName: 'Demo', lastName: 'Owner' },
			{ proxy: false },
		);
		return (answer.headers['set-cookie'] ?? []).map((cookie) => cookie.split(';')[0]).join('; ');
	}

	private async isReady(): Promise<boolean> {
		return await axios.get(`${this.url}/healthz/readiness`, { proxy: false, timeout: 5_000 }).then(
			() => true,
			() => false,
		);
	}

	private env(): NodeJS.ProcessEnv {
		return {
			PATH: `${path.dirname(process.execPath)}${path.delimiter}${process.env.PATH}`,
			HOME: this.folder,
			N8N_USER_FOLDER: this.folder,
			N8N_ENCRYPTION_KEY: this.encryptionKey,
			N8N_PORT: String(this.port),
			N8N_LISTEN_ADDRESS: '127.0.0.1',
			N8N_RUNNERS_BROKER_PORT: String(this.brokerPort),
			N8N_SECURE_COOKIE: 'false',
			N8N_DIAGNOSTICS_ENABLED: 'false',
			N8N_VERSION_NOTIFICATIONS_ENABLED: 'false',
			N8N_TEMPLATES_ENABLED: 'false',
			N8N_PERSONALIZATION_ENABLED: 'false',
			N8N_DYNAMIC_BANNERS_ENABLED: 'false',
			N8N_HIRING_BANNER_ENABLED: 'false',
			N8N_UNVERIFIED_PACKAGES_ENABLED: 'true',
			EXECUTIONS_DATA_SAVE_ON_SUCCESS: 'all',
			GENERIC_TIMEZONE: 'UTC',
			HTTP_PROXY: this.lab.proxyUrl,
			HTTPS_PROXY: this.lab.proxyUrl,
			NO_PROXY: 'localhost,127.0.0.1',
			NODE_EXTRA_CA_CERTS: this.lab.caFile,
			...this.options.env,
		};
	}
}

function nodesFolder(userFolder: string): string {
	return path.join(userFolder, '.n8n/nodes');
}

async function installPack(folder: string, tarball: string): Promise<void> {
	const cwd = nodesFolder(folder);
	await mkdir(cwd, { recursive: true });
	await writeFile(path.join(cwd, 'package.json'), '{"name":"installed-nodes","private":true}\n');
	await runFile('npm', ['install', '--ignore-scripts', '--omit=peer', '--no-audit', '--no-fund', tarball], { cwd });
}

export async function freePort(): Promise<number> {
	return await new Promise((resolve, reject) => {
		const server = createServer();
		server.once('error', reject);
		server.listen(0, '127.0.0.1', () => {
			const { port } = server.address() as { port: number };
			server.close(() => resolve(port));
		});
	});
}

/** Packs the built pack as `npm publish` would. */
export async function packTarball(folder: string): Promise<string> {
	await mkdir(folder, { recursive: true });
	const { stdout } = await runFile('npm', ['pack', '--silent', '--pack-destination', folder], { cwd: root });
	return path.join(folder, stdout.trim().split('\n').pop()!);
}
