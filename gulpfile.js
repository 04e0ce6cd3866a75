const { build } = require('esbuild');
const { dest, parallel, series, src } = require('gulp');
const { readFile, readdir, writeFile } = require('node:fs/promises');
const path = require('node:path');

/** Icons, codex files and output schemas, next to the compiled nodes and credentials. */
function copyStatic() {
	return src(['{nodes,credentials}/**/*.{svg,png}', 'nodes/**/*.node.json', 'nodes/**/__schema__/**/*.json'], {
		base: '.',
		encoding: false,
	}).pipe(dest('dist'));
}

/** The bundled workflows, for users to import, and what helps with it. */
function copyWorkflows() {
	return src('workflows/*.{json,md,mjs}').pipe(dest('dist/workflows'));
}

/**
 * The published pack has no runtime dependencies: every file in a `vendor` folder is compiled again with the
 * libraries that it re-exports inside, and their licences are collected.
 */
async function bundleVendors() {
	const files = (await readdir('nodes', { recursive: true })).concat(
		(await readdir('ledger', { recursive: true })).map((file) => `../ledger/${file}`),
	);
	const entryPoints = files.filter((file) => /(^|\/)vendor\/[^/]+\.ts$/.test(file)).map((file) => path.join('nodes', file));
	if (entryPoints.length === 0) return;
	const result = await build({
		entryPoints,
		bundle: true,
		platform: 'node',
		target: 'node20',
		format: 'cjs',
		outdir: 'dist',
		outbase: '.',
		allowOverwrite: true,
		legalComments: 'none',
		metafile: true,
	});
	await writeFile('dist/THIRD_PARTY_NOTICES.txt', await notices(Object.keys(result.metafile.inputs)));
}

async function notices(inputs) {
	const names = inputs.map((input) => /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input)?.[1]);
	const packages = [...new Set(names.filter(Boolean))].sort();
	const texts = packages.map(async (name) => {
		const folder = path.join('node_modules', name);
		const { version, license } = JSON.parse(await readFile(path.join(folder, 'package.json'), 'utf8'));
		const file = (await readdir(folder)).find((entry) => /^licen[cs]e/i.test(entry));
		const text = file ? await readFile(path.join(folder, file), 'utf8') : '';
		return `${name} ${version} (${license})\n\n${text.trim()}\n`;
	});
	return (await Promise.all(texts)).join('\n----\n\n');
}

exports.default = series(parallel(copyStatic, copyWorkflows), bundleVendors);
