/** A copy without the named fields. */
export function omit<T extends object, Name extends keyof T>(value: T, ...names: Name[]): Omit<T, Name> {
	return Object.fromEntries(Object.entries(value).filter(([name]) => !names.includes(name as Name))) as Omit<
		T,
		Name
	>;
}
