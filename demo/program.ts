import { spawn, type ChildProcess } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';

const RESTART_AFTER_MS = 1_000;
const LOG_LINES_SHOWN = 15;
/** What was asked to end and has not is killed. n8n gives its executions 30 seconds. */
const ENDS_WITHIN_MS = 40_000;

export interface ProgramPlan {
	/** For messages, e.g. "worker 1". */
	name: string;
	command: string;
	args: string[];
	env: NodeJS.ProcessEnv;
	cwd?: string;
	/** The user to run as, where it is not this one. */
	owner?: { uid?: number; gid?: number };
	/** What it writes to both of its outputs is added here. */
	logFile: string;
	/** Signal that ends it in an orderly way. */
	stopSignal: NodeJS.Signals;
	/** Whether it is started again when it ends unasked, as a service manager does. */
	keepsRunning: boolean;
	readyWithinMs: number;
	/** Asked repeatedly until it is true. */
	isReady(): Promise<boolean>;
}

/** A program in a process of its own that can be killed and started again. */
export class Program {
	private child?: ChildProcess;

	/** Whether it is to run now; an end at any other time was asked for. */
	private wanted = false;

	constructor(private readonly plan: ProgramPlan) {}

	get name(): string {
		return this.plan.name;
	}

	get processId(): number | undefined {
		return this.child?.pid;
	}

	/** Starts it and waits until it is ready. */
	async start(): Promise<void> {
		const { name, readyWithinMs, isReady, keepsRunning } = this.plan;
		this.wanted = true;
		this.launch();
		for (const deadline = Date.now() + readyWithinMs; Date.now() < deadline; await wait(100)) {
			if (!keepsRunning && this.hasEnded()) throw new Error(`${name} ended before it was ready:\n${await this.lastWords()}`);
			if (!this.hasEnded() && (await isReady())) return;
			if (!this.wanted) return;
		}
		throw new Error(`${name} was not ready after ${readyWithinMs / 1000} s:\n${await this.lastWords()}`);
	}

	/** Ends it the hard way, as a power cut would, and leaves it down. */
	async kill(): Promise<void> {
		await this.end('SIGKILL');
	}

	async stop(): Promise<void> {
		await this.end(this.plan.stopSignal);
	}

	private launch(): void {
		const { command, args, env, cwd, owner, logFile } = this.plan;
		const log = createWriteStream(logFile, { flags: 'a' });
		const child = spawn(command, args, { env, cwd, ...owner, stdio: ['ignore', 'pipe', 'pipe'] });
		child.stdout.pipe(log, { end: false });
		child.stderr.pipe(log, { end: false });
		child.once('close', () => log.end());
		child.once('error', (error) => log.write(`${error.message}\n`));
		child.once('exit', () => this.ended(child));
		this.child = child;
	}

	private ended(child: ChildProcess): void {
		if (!this.plan.keepsRunning) return;
		setTimeout(() => {
			if (this.wanted && this.child === child) this.launch();
		}, RESTART_AFTER_MS).unref();
	}

	private hasEnded(): boolean {
		const { child } = this;
		return !child || child.pid === undefined || child.exitCode !== null || child.signalCode !== null;
	}

	private async end(signal: NodeJS.Signals): Promise<void> {
		this.wanted = false;
		const { child } = this;
		if (!child || this.hasEnded()) return;
		const ended = new Promise((resolve) => child.once('exit', resolve));
		child.kill(signal);
		const force = setTimeout(() => child.kill('SIGKILL'), ENDS_WITHIN_MS);
		await ended;
		clearTimeout(force);
	}

	private async lastWords(): Promise<string> {
		const text = await readFile(this.plan.logFile, 'utf8').catch(() => '');
		return text.trimEnd().split('\n').slice(-LOG_LINES_SHOWN).join('\n');
	}
}

