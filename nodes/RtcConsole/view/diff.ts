import { canonicalJson } from '../../../ledger/canonicalJson';

/** One difference between two JSON documents. `path` is of the later one, except for what was removed. */
export interface Difference {
	kind: 'added' | 'removed' | 'changed' | 'reordered';
	path: string;
	before?: unknown;
	after?: unknown;
}

type Json = Record<string, unknown>;

/** What of a list's element may change while it stays the same element. */
const VALUES = ['penalty', 'reason', 'repeat', 'weight'];

/**
 * Differences from one JSON document to another, in the order of the later one. Elements of lists are matched by what
 * they are about (all fields but penalty, reason, repeat and weight), so that a new rule does not change all behind it.
 */
export function diffJson(before: unknown, after: unknown, path = ''): Difference[] {
	if (canonical(before) === canonical(after)) return [];
	if (Array.isArray(before) && Array.isArray(after)) return diffLists(before, after, path);
	if (isObject(before) && isObject(after)) return diffObjects(before, after, path);
	return [{ kind: 'changed', path, before, after }];
}

function diffObjects(before: Json, after: Json, path: string): Difference[] {
	const names = [...new Set([...Object.keys(after), ...Object.keys(before)])];
	return names.flatMap((name): Difference[] => {
		const inner = path === '' ? name : `${path}.${name}`;
		if (!Object.hasOwn(before, name)) return [{ kind: 'added', path: inner, after: after[name] }];
		if (!Object.hasOwn(after, name)) return [{ kind: 'removed', path: inner, before: before[name] }];
		return diffJson(before[name], after[name], inner);
	});
}

function diffLists(before: readonly unknown[], after: readonly unknown[], path: string): Difference[] {
	const partners = pair(before, after);
	const found = after.flatMap((element, index): Difference[] => {
		const partner = partners[index];
		const inner = `${path}[${index}]`;
		return partner === undefined ? [{ kind: 'added', path: inner, after: element }] : diffJson(before[partner], element, inner);
	});
	const kept = new Set(partners);
	const removed = before.flatMap((element, index): Difference[] =>
		kept.has(index) ? [] : [{ kind: 'removed', path: `${path}[${index}]`, before: element }],
	);
	const order = partners.filter((partner) => partner !== undefined);
	const moved = order.some((partner, index) => index > 0 && partner < order[index - 1]);
	return [...(moved ? [{ kind: 'reordered' as const, path }] : []), ...found, ...removed];
}

/** For each element of `after` its place in `before`: equal elements first, then those about the same thing. */
function pair(before: readonly unknown[], after: readonly unknown[]): (number | undefined)[] {
	const partners = Array<number | undefined>(after.length).fill(undefined);
	const taken = new Set<number>();
	for (const keyOf of [canonical, identity]) {
		const places = new Map<string, number[]>();
		before.forEach((element, index) => {
			if (!taken.has(index)) append(places, keyOf(element), index);
		});
		after.forEach((element, index) => {
			if (partners[index] !== undefined) return;
			const place = places.get(keyOf(element))?.shift();
			if (place === undefined) return;
			partners[index] = place;
			taken.add(place);
		});
	}
	return partners;
}

function append(places: Map<string, number[]>, key: string, index: number): void {
	const known = places.get(key);
	if (known) known.push(index);
	else places.set(key, [index]);
}

/** What an element is about; what has no such fields is only equal to itself. */
function identity(element: unknown): string {
	if (!isObject(element)) return canonical(element);
	const kept = Object.entries(element).filter(([name]) => !VALUES.includes(name));
	return kept.length === 0 ? canonical(element) : `about ${canonical(Object.fromEntries(kept))}`;
}

function canonical(value: unknown): string {
	return value === undefined ? 'undefined' : canonicalJson(value);
}

function isObject(value: unknown): value is Json {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}
