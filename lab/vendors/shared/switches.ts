/** Switches for the faults of one vendor that are simply on or off. */
export interface Switches<Name extends string> {
	isOn(name: Name): boolean;
	/** `false`, `0` and undefined switch off. Throws for a name that is not among the vendor's faults. */
	set(name: string, value: unknown): void;
	reset(): void;
}

export function createSwitches<Name extends string>(names: readonly Name[]): Switches<Name> {
	const on = new Set<string>();
	return {
		isOn: (name) => on.has(name),
		set(name, value) {
			if (!names.some((known) => known === name)) {
				throw new Error(`Unknown fault ${name}; this vendor knows ${names.join(', ')}`);
			}
			if (value) on.add(name);
			else on.delete(name);
		},
		reset: () => on.clear(),
	};
}
