import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { TROUBLES } from './columns';
import type { Outcome } from './play';
import type { Scene } from './scene';

const FILE = path.join(__dirname, '../../../docs/reliability.md');

/**
 * Holds what happened against the vendor's table in docs/reliability.md; with `UPDATE_DOCS=1` puts it there. Tests that
 * did not run are not compared.
 */
export function compareTable(vendor: string, scenes: readonly Scene[], outcomes: Map<string, Map<string, Outcome>>): void {
	const text = readFileSync(FILE, 'utf8');
	const [start, end] = [`<!-- matrix ${vendor} -->\n\n`, `\n\n<!-- end -->`];
	const from = text.indexOf(start) + start.length;
	const to = text.indexOf(end, from);
	if (from < start.length || to < from) throw new Error(`docs/reliability.md has no place for the table of ${vendor}`);
	const documented = cellsOf(text.slice(from, to));
	const cell = (trouble: string, scene: string): string =>
		outcomes.get(scene)?.get(trouble) ?? documented.get(`${trouble} / ${scene}`) ?? '';
	const table = tableOf(scenes, cell);
	if (process.env.UPDATE_DOCS) writeFileSync(FILE, text.slice(0, from) + table + text.slice(to));
	else expect(text.slice(from, to)).toBe(table);
}

function tableOf(scenes: readonly Scene[], cell: (trouble: string, scene: string) => string): string {
	const row = (cells: string[]) => `| ${cells.join(' | ')} |`;
	return [
		row(['', ...scenes.map(({ title }) => title)]),
		row(['---', ...scenes.map(() => '---')]),
		...TROUBLES.map((trouble) => row([trouble.title, ...scenes.map(({ title }) => cell(trouble.title, title))])),
	].join('\n');
}

function cellsOf(table: string): Map<string, string> {
	const rows = table.split('\n').map((line) => line.split('|').slice(1, -1).map((cell) => cell.trim()));
	const [head = [], , ...body] = rows;
	return new Map(body.flatMap(([trouble, ...cells]) => cells.map((cell, i): [string, string] => [`${trouble} / ${head[i + 1]}`, cell])));
}
