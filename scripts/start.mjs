import { buildPack, ensureN8n, ensureTools, runMain, runProgram } from './lib/setup.mjs';

runMain(async () => {
	await ensureTools();
	await ensureN8n();
	await buildPack();
	return await runProgram('demo/start.ts', process.argv.slice(2));
});
