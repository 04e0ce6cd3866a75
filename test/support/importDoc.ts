import { readFileSync } from 'node:fs';
import path from 'node:path';

/** What workflows/README.md tells people to do, as data for the tests that do it. */
const doc = readFileSync(path.join(__dirname, '../../workflows/README.md'), 'utf8');

/** Arguments of n8n that import the workflows, with `$HOME` in them. */
export const IMPORT_COMMAND = importCommand(section('Import them'));

/** Names of the workflows that are published first, in this order. */
export const PUBLISHED_FIRST = [...section('Publish them').matchAll(/^[1-4]\. (.+)$/gm)].flatMap(([, line]) => codes(line));

/** Nodes in which somebody who imported with the editor chooses a workflow, by workflow. */
export const CHOSEN_BY_HAND = new Map(rows(section('Import from the editor')).map(([workflow, nodes]) => [codes(workflow)[0], bolds(nodes)]));

/** Names of the workflows whose successful executions are not to be saved. */
export const NOT_SAVED = codes(/\*Do not save\*, in ([^]*?)\. Left out/.exec(section('Import from the editor'))?.[1] ?? '');

export interface WithoutProduct {
	product: string;
	/** Names of workflows. */
	leaveOut: string[];
	/** Names of nodes by name of their workflow. */
	deactivate: Map<string, string[]>;
}

export const WITHOUT_PRODUCT: WithoutProduct[] = rows(section('Without one of the products')).map(([product, leaveOut, nodes]) => ({
	product,
	leaveOut: codes(leaveOut),
	deactivate: new Map(nodes.split(';').map((part) => [codes(part)[0], bolds(part)] as const).filter(([, names]) => names.length > 0)),
}));

/** The import command in a document. */
export function importCommand(text: string): string[] {
	const [, line] = /^\s*n8n (import:workflow .+)$/m.exec(text) ?? [];
	return line.replaceAll('"', '').split(' ');
}

/** What stands between backticks. */
export function codes(text: string): string[] {
	return [...text.matchAll(/`([^`]+)`/g)].map(([, name]) => name);
}

function bolds(text: string): string[] {
	return [...text.matchAll(/\*\*([^*]+)\*\*/g)].map(([, name]) => name);
}

function section(title: string): string {
	const [, text] = doc.split(`\n## ${title}\n`);
	return text.split('\n## ')[0];
}

/** Cells of the table of a section, without its head. */
function rows(text: string): string[][] {
	const lines = text.split('\n').filter((line) => line.trim().startsWith('|'));
	return lines.slice(2).map((line) => line.split('|').slice(1, -1).map((cell) => cell.trim()));
}
