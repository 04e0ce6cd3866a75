import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { Program, type ProgramPlan } from '../../../demo/program';

const folder = mkdtempSync(join(tmpdir(), 'program-'));
const started: Program[] = [];
afterEach(async () => await Promise.all(started.splice(0).map(async (program) => await program.stop())));
afterAll(() => rmSync(folder, { recursive: true }));

function programOf(script: string, changes: Partial<ProgramPlan> = {}): Program {
	const program = new Program({
		name: 'worker 1',
		command: process.execPath,
		args: ['-e', script],
		env: {},
		logFile: join(folder, 'log'),
		stopSignal: 'SIGTERM',
		keepsRunning: false,
		readyWithinMs: 5_000,
		isReady: async () => true,
		...changes,
	});
	started.push(program);
	return program;
}

const FOREVER = 'setInterval(() => {}, 1000)';

function lives(processId: number): boolean {
	try {
		return process.kill(processId, 0);
	} catch {
		return false;
	}
}

it('that is killed stays down until it is started again', async () => {
	const program = programOf(FOREVER, { keepsRunning: true });
	await program.start();
	const first = program.processId!;
	await program.kill();
	await wait(1_500);
	expect(program.processId).toBe(first);
	expect(lives(first)).toBe(false);
	await program.start();
	expect(lives(program.processId!)).toBe(true);
});

it('that ends unasked is started again, as long as it is wanted', async () => {
	const program = programOf(FOREVER, { keepsRunning: true });
	await program.start();
	const first = program.processId!;
	process.kill(first, 'SIGKILL');
	await wait(2_000);
	expect(program.processId).not.toBe(first);
	expect(lives(program.processId!)).toBe(true);
	const second = program.processId!;
	await program.stop();
	await wait(1_500);
	expect(lives(second)).toBe(false);
	expect(program.processId).toBe(second);
});

it('that ends before it is ready says why', async () => {
	const program = programOf('console.error("no such port"); process.exit(3)', { isReady: async () => false });
	await expect(program.start()).rejects.toThrow(/worker 1 ended before it was ready:\n.*no such port/);
});
