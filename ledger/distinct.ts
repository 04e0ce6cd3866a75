/** Each value once, in the order in which they come first. */
export function distinct<T>(values: readonly (T | undefined)[]): T[] {
	return [...new Set(values.filter((value): value is T => value !== undefined))];
}
