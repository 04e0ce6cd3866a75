import { spawn } from 'node:child_process';
import { join } from 'node:path';
import type { LedgerPlace } from '../../ledger';

const PROGRAM = join(__dirname, 'ledgerProcess.ts');

/** Runs a process of its own on a ledger; gives its exit code and what it printed. It must end by itself. */
export async function runLedgerProcess(place: LedgerPlace, task: 'score' | 'claimAndDie' | 'pollAndDie', rounds = 0): Promise<{ code: number | null; output: string }> {
	const child = spawn(process.execPath, ['--import', 'tsx', PROGRAM, task, String(rounds)], {
		stdio: ['ignore', 'pipe', 'inherit'],
		env: { ...process.env, RTC_LEDGER: JSON.stringify(place) },
	});
	let output = '';
	child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
	const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
	return { code, output };
}
