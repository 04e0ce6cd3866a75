/**
 * Items of a list answer, found and changed without knowing the vendor: the first array at the top level or one
 * level below it (`data`, `items`, `result`, `SearchResult.resources`…).
 */

type Container = Record<string, unknown>;

declare global {
	interface JSON {
		/** Node 22 and later: a value that is written as the given text. */
		rawJSON(text: string): unknown;
	}
}

type SourceReviver = (this: unknown, key: string, value: unknown, context: { source?: string }) => unknown;

/** Keeps the digits of integers that a JavaScript number can't hold. */
const keepLargeIntegers: SourceReviver = (_key, value, context) =>
	typeof value === 'number' && context.source !== undefined && !Number.isSafeInteger(value)
		? JSON.rawJSON(context.source)
		: value;

function parse(text: string): unknown {
	try {
		return JSON.parse(text, keepLargeIntegers as (key: string, value: unknown) => unknown);
	} catch {
		return undefined;
	}
}

function findItems(document: unknown): { items: unknown[]; put: (items: unknown[]) => unknown } | undefined {
	if (Array.isArray(document)) return { items: document, put: (items) => items };
	if (document === null || typeof document !== 'object') return undefined;
	const top = document as Container;
	for (const [name, value] of Object.entries(top)) {
		if (Array.isArray(value)) return { items: value, put: (items) => ({ ...top, [name]: items }) };
	}
	for (const [name, value] of Object.entries(top)) {
		if (value === null || typeof value !== 'object') continue;
		const inner = value as Container;
		const list = Object.entries(inner).find(([, candidate]) => Array.isArray(candidate));
		if (list === undefined) continue;
		return {
			items: list[1] as unknown[],
			put: (items) => ({ ...top, [name]: { ...inner, [list[0]]: items } }),
		};
	}
	return undefined;
}

/** The items of a JSON list answer; `undefined` when it is none. */
export function itemsOf(body: string): unknown[] | undefined {
	return findItems(parse(body))?.items;
}

/** The same answer with other items; the body as it was when it holds no list. */
export function withItems(body: string, change: (items: unknown[]) => unknown[]): string {
	const found = findItems(parse(body));
	return found === undefined ? body : JSON.stringify(found.put(change(found.items)));
}
