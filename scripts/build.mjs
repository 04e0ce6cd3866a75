import { buildPack, ensureTools, runMain } from './lib/setup.mjs';

runMain(async () => {
	await ensureTools();
	await buildPack();
});
