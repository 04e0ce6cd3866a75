/** Names in the query that are not among the documented ones, each once. */
export function unknownParameters(query: URLSearchParams, documented: readonly string[]): string[] {
	return [...new Set(query.keys())].filter((name) => !documented.includes(name));
}

/** A whole number from the query: its value, `fallback` when absent, undefined when malformed or out of range. */
export function integerParameter(
	query: URLSearchParams,
	name: string,
	{ fallback, min = 0, max = Number.MAX_SAFE_INTEGER }: { fallback: number; min?: number; max?: number },
): number | undefined {
	const text = query.get(name);
	if (text === null) return fallback;
	if (!/^-?\d+$/.test(text)) return undefined;
	const value = Number(text);
	return value >= min && value <= max ? value : undefined;
}

/** All values of a list parameter, in any spelling vendors accept: `a[]=1&a[]=2`, `a=1&a=2`. */
export function listParameter(query: URLSearchParams, name: string): string[] {
	return [...query.getAll(`${name}[]`), ...query.getAll(name)];
}

/** Values of a comma-separated parameter; undefined when it is absent. */
export function commaParameter(query: URLSearchParams, name: string): string[] | undefined {
	const text = query.get(name);
	return text === null
		? undefined
		: text
				.split(',')
				.map((value) => value.trim())
				.filter(Boolean);
}
