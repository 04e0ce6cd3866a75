/** A stream of numbers in [0, 1) that depends on its seed alone. */
export type Random = () => number;

/** FNV-1a over the parts, so that `seed 1, run 2` and `seed 12` start different streams. */
function hash(parts: readonly (string | number)[]): number {
	let value = 0x811c9dc5;
	for (const character of parts.join('\u0000')) {
		value = Math.imul(value ^ character.charCodeAt(0), 0x01000193);
	}
	return value >>> 0;
}

/** Mulberry32: small, fast and good enough for a simulation. Not for secrets. */
export function randomFrom(...seed: (string | number)[]): Random {
	let state = hash(seed);
	return () => {
		state = (state + 0x6d2b79f5) >>> 0;
		let mixed = Math.imul(state ^ (state >>> 15), state | 1);
		mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
	};
}

/** An integer in [from, to], both included. */
export function integer(random: Random, from: number, to: number): number {
	return from + Math.floor(random() * (to - from + 1));
}

export function pick<T>(random: Random, items: readonly T[]): T {
	return items[Math.floor(random() * items.length)];
}

/** A shuffled copy (Fisher-Yates). */
export function shuffle<T>(random: Random, items: readonly T[]): T[] {
	const copy = [...items];
	for (let last = copy.length - 1; last > 0; last--) {
		const other = integer(random, 0, last);
		[copy[last], copy[other]] = [copy[other], copy[last]];
	}
	return copy;
}

/** `digits` lower-case hexadecimal digits. */
export function hex(random: Random, digits: number): string {
	return Array.from({ length: digits }, () => integer(random, 0, 15).toString(16)).join('');
}

/** RFC 4122 version 4 in form. */
export function uuid(random: Random): string {
	const variant = pick(random, ['8', '9', 'a', 'b']);
	return [
		hex(random, 8),
		hex(random, 4),
		`4${hex(random, 3)}`,
		variant + hex(random, 3),
		hex(random, 12),
	].join('-');
}
