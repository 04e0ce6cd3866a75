import { createHash } from 'node:crypto';

/** Lower-case hex of SHA-256 over the text: for values that must be the same on every run. */
export function sha256Of(text: string): string {
	return createHash('sha256').update(text).digest('hex');
}

/** A whole number in [0, range) that depends only on the text. */
export function hashNumber(text: string, range: number): number {
	return createHash('sha256').update(text).digest().readUInt32BE(0) % range;
}

/** A version 4 UUID that depends only on the text: for objects that every new lab has. */
export function uuidOf(text: string): string {
	const hex = sha256Of(text);
	const variant = '89ab'[parseInt(hex[16], 16) % 4];
	return [
		hex.slice(0, 8),
		hex.slice(8, 12),
		`4${hex.slice(13, 16)}`,
		variant + hex.slice(17, 20),
		hex.slice(20, 32),
	].join('-');
}

/** Random hex digits from a seeded source (`LabContext.random`). */
export function randomHex(random: () => number, digits: number): string {
	return Array.from({ length: digits }, () => Math.floor(random() * 16).toString(16)).join('');
}
