/** In every Node from 20 on; the compiler's library of ES2023 does not know it yet. */
interface WithToWellFormed {
	toWellFormed(): string;
}

/** The text with U+FFFD for each half character (lone surrogate), which is how a database stores it. */
export function wellFormed(text: string): string {
	return (text as unknown as WithToWellFormed).toWellFormed();
}
