import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const app = path.join(root, 'lab/app');
const bin = path.join(root, 'node_modules/.bin');

/** Environment in which `node` is the version that n8n needs, whatever the machine has. */
export const toolEnv = { ...process.env, PATH: `${bin}${path.delimiter}${process.env.PATH}` };

/** Installs the development tools and the Node version that n8n needs, unless the lock file's versions are there. */
export async function ensureTools() {
	await installOnce(root, 'development tools', [
		['npm', ['ci', '--loglevel=error']],
		['npm', ['rebuild', 'node', '--ignore-scripts=false', '--loglevel=error']],
	]);
}

/** Installs the n8n application of `lab/app` (about 2.8 GB), unless the lock file's version is there. */
export async function ensureN8n() {
	await installOnce(app, 'n8n (about 2.8 GB, some minutes)', [
		['npm', ['ci', '--loglevel=error']],
		['npm', ['rebuild', 'sqlite3', '--ignore-scripts=false', '--loglevel=error']],
	]);
}

/** Compiles the pack into `dist`. */
export async function buildPack() {
	await step('Building the pack', async () => {
		await run('node', [path.join(root, 'scripts/clean.mjs')], { quiet: true });
		await run('tsc', ['-p', 'tsconfig.build.json'], { quiet: true });
		await run('gulp', ['--silent'], { quiet: true });
	});
}

/** Runs a TypeScript program of this repository on the bundled Node, until it ends. */
export async function runProgram(file, args = []) {
	return await run('node', ['--import', 'tsx', path.join(root, file), ...args]);
}

/**
 * Runs a command. With `quiet`, its output is shown only when it fails.
 *
 * @returns its exit code; with `quiet`, a failure is an Error
 */
export function run(command, args, { cwd = root, quiet = false } = {}) {
	return new Promise((resolve, reject) => {
		const child = spawn(command, args, { cwd, env: toolEnv, stdio: quiet ? 'pipe' : 'inherit' });
		let output = '';
		child.stdout?.on('data', (chunk) => (output += chunk));
		child.stderr?.on('data', (chunk) => (output += chunk));
		const pass = (signal) => child.kill(signal);
		for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, pass);
		child.on('error', reject);
		child.on('close', (code, signal) => {
			for (const name of ['SIGINT', 'SIGTERM']) process.off(name, pass);
			if (quiet && code !== 0) reject(new Error(`${command} ${args.join(' ')} failed:\n${output}`));
			else resolve(code ?? (signal === 'SIGINT' ? 130 : 1));
		});
	});
}

/** Shows what is being done and for how long, once every ten seconds. */
export async function step(title, work) {
	const start = Date.now();
	const seconds = () => Math.round((Date.now() - start) / 1000);
	process.stderr.write(`${title} …\n`);
	const ticker = setInterval(() => process.stderr.write(`  ${title}: ${seconds()} s\n`), 10_000);
	try {
		await work();
		process.stderr.write(`${title}: done in ${seconds()} s\n`);
	} finally {
		clearInterval(ticker);
	}
}

/** Ends the process with the exit code of `main`, or with 1 and the error's text. */
export function runMain(main) {
	main().then(
		(code) => process.exit(code ?? 0),
		(error) => {
			process.stderr.write(`${error.message}\n`);
			process.exit(1);
		},
	);
}

async function installOnce(folder, title, commands) {
	const stamp = path.join(folder, 'node_modules/.installed');
	const lock = createHash('sha256').update(readFileSync(path.join(folder, 'package-lock.json'))).digest('hex');
	if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lock) return;
	await step(`Installing ${title}`, async () => {
		for (const [command, args] of commands) await run(command, args, { cwd: folder, quiet: true });
	});
	writeFileSync(stamp, lock);
}
