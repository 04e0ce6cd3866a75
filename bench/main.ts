import { readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { Bench, BenchResult } from './bench';

const ROOT = __dirname;

/** Benchmarks are the `*.bench.ts` files below this folder; each exports one as default. */
function findBenches(only: readonly string[]): string[] {
	const files = readdirSync(ROOT, { recursive: true }).map(String).filter((file) => file.endsWith('.bench.ts'));
	return files.filter((file) => only.length === 0 || only.some((part) => file.includes(part))).sort();
}

async function main(): Promise<void> {
	const args = process.argv.slice(2);
	const results: BenchResult[] = [];
	for (const file of findBenches(args.filter((arg) => !arg.startsWith('--')))) {
		process.stderr.write(`running ${file}\n`);
		const { default: bench } = (await import(join(ROOT, file))) as { default: Bench };
		results.push(...[await bench()].flat());
	}
	printTable(results);
	if (args.includes('--json')) console.log(JSON.stringify({ node: process.version, cores: availableParallelism(), results }));
	if (results.some(({ ok }) => !ok)) process.exitCode = 1;
}

function printTable(results: readonly BenchResult[]): void {
	const rows = results.map(({ name, unit, ours, baseline, ratio, bar, ok }) => [
		name, `${format(ours)} ${unit}`, `${format(baseline)} ${unit}`, ratio.toFixed(ratio < 0.1 ? 3 : 2), bar, ok ? 'ok' : 'MISSED',
	]);
	const table = [['benchmark', 'ours', 'baseline', 'ratio', 'bar', ''], ...rows];
	const widths = table[0].map((_, column) => Math.max(...table.map((row) => row[column].length)));
	for (const row of table) console.log(row.map((cell, column) => cell.padEnd(widths[column])).join('  ').trimEnd());
}

function format(value: number): string {
	return value >= 100 || Number.isInteger(value) ? Math.round(value).toLocaleString('en') : value.toPrecision(3);
}

void main();
