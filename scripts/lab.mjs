import { ensureTools, runMain, runProgram } from './lib/setup.mjs';

runMain(async () => {
	await ensureTools();
	return await runProgram('lab/main.ts', process.argv.slice(2));
});
