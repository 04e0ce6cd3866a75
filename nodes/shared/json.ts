import type { IDataObject } from 'n8n-workflow';

/**
 * JSON.parse that keeps 64-bit integers: a number that JavaScript would round
 * (Secure Endpoint event ids, for example) comes back as the digits the server sent, in a string.
 *
 * @throws SyntaxError when the text is not JSON.
 */
export function parseJson(text: string): unknown {
	return JSON.parse(quoteLargeIntegers(text));
}

export function isObject(value: unknown): value is IDataObject {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The objects in a list, or the one in its place; everything else is left out. */
export function objectsIn(value: unknown): IDataObject[] {
	return (Array.isArray(value) ? value : [value]).filter(isObject);
}

/** Integers of 16 digits and more where JSON has a value; what is no JSON must not become JSON by quoting. */
const LARGE = /(?<=^|[:,[\s])-?[1-9]\d{15,}(?=\s*(?:[,\]}]|$))/g;

/** Quotes are put into the text because a reviver would visit, and copy, every value of a page for a few ids. */
function quoteLargeIntegers(text: string): string {
	const parts: string[] = [];
	let copied = 0;
	let outside = 0;
	for (const { 0: digits, index } of text.matchAll(LARGE)) {
		outside = firstOutside(text, outside, index);
		if (outside > index || Number.isSafeInteger(Number(digits))) continue;
		parts.push(text.slice(copied, index), `"${digits}"`);
		copied = index + digits.length;
	}
	return copied === 0 ? text : parts.join('') + text.slice(copied);
}

/** The last end of a string before `index`, or the end of the string in which `index` lies; `from` is in no string. */
function firstOutside(text: string, from: number, index: number): number {
	let outside = from;
	while (outside <= index) {
		const quote = text.indexOf('"', outside);
		if (quote < 0 || quote > index) return outside;
		outside = endOfString(text, quote);
	}
	return outside;
}

function endOfString(text: string, start: number): number {
	for (let at = start + 1; ; at++) {
		at = text.indexOf('"', at);
		if (at < 0) return text.length;
		let backslashes = 0;
		while (text[at - 1 - backslashes] === '\\') backslashes++;
		if (backslashes % 2 === 0) return at + 1;
	}
}
