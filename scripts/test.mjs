import { buildPack, ensureN8n, ensureTools, run, runMain } from './lib/setup.mjs';

runMain(async () => {
	await ensureTools();
	await ensureN8n();
	await run('tsc', ['--noEmit'], { quiet: true });
	await run('eslint', ['.'], { quiet: true });
	await buildPack();
	return await run('jest', process.argv.slice(2));
});
