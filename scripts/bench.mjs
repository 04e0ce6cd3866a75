import { buildPack, ensureN8n, ensureTools, runMain, runProgram } from './lib/setup.mjs';

/** The benches that measure in a real n8n, which the others do without. */
const IN_N8N = ['console/console.bench.ts', 'cost/cost.bench.ts', 'endToEnd/endToEnd.bench.ts'];

runMain(async () => {
	const args = process.argv.slice(2);
	const names = args.filter((arg) => !arg.startsWith('--'));
	await ensureTools();
	if (names.length === 0 || names.some((name) => IN_N8N.some((file) => file.includes(name)))) {
		await ensureN8n();
		await buildPack();
	}
	return await runProgram('bench/main.ts', args);
});
