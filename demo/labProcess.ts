import { spawn, type ChildProcess } from 'node:child_process';
import { Agent } from 'node:http';
import path from 'node:path';
import { createInterface } from 'node:readline';
import axios, { type AxiosInstance } from 'axios';

const root = path.resolve(__dirname, '..');

/** Where a running lab listens; the JSON of its `LAB READY` line. */
export interface LabAddress {
	proxyUrl: string;
	controlUrl: string;
	caFile: string;
}

/** A lab in a process of its own, and the client of its control API. */
export class LabProcess {
	readonly control: AxiosInstance;

	private constructor(
		private readonly child: ChildProcess,
		readonly address: LabAddress,
	) {
		// Asked every five seconds, a connection that is kept would be closed by the lab just as it is used again.
		this.control = axios.create({ baseURL: address.controlUrl, proxy: false, timeout: 30_000, httpAgent: new Agent({ keepAlive: false }) });
	}

	/** Starts a lab on free ports. `seed` makes its estate and scenarios repeatable. */
	static async start(folder: string, seed: number): Promise<LabProcess> {
		const caFile = path.join(folder, 'lab-ca.pem');
		const args = ['--proxy-port', '0', '--control-port', '0', '--seed', String(seed), '--ca-file', caFile];
		const child = spawn(process.execPath, ['--import', 'tsx', path.join(root, 'lab/main.ts'), ...args], {
			cwd: root,
			stdio: ['ignore', 'pipe', 'inherit'],
		});
		return new LabProcess(child, await readyLine(child));
	}

	async get<T>(pathname: string, params?: Record<string, string | number>): Promise<T> {
		return (await this.control.get<T>(pathname, { params })).data;
	}

	async post<T>(pathname: string, body: object): Promise<T> {
		return (await this.control.post<T>(pathname, body)).data;
	}

	stop(): void {
		this.child.kill('SIGTERM');
	}
}

async function readyLine(child: ChildProcess): Promise<LabAddress> {
	return await new Promise((resolve, reject) => {
		child.once('exit', (code) => reject(new Error(`The lab ended with code ${code} before it was ready`)));
		createInterface({ input: child.stdout! }).on('line', (line) => {
			if (line.startsWith('LAB READY ')) resolve(JSON.parse(line.slice('LAB READY '.length)) as LabAddress);
		});
	});
}
