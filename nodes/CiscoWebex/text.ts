/** Longest text or markdown that Webex takes, in bytes of UTF-8. */
export const MAX_TEXT_BYTES = 7_439;

const ELLIPSIS = '…';

export const byteLength = (text: string): number => Buffer.byteLength(text, 'utf8');

/** The text, cut between two characters and ended with `…` when it has more than `maxBytes` bytes. */
export function truncateToBytes(text: string, maxBytes: number): string {
	if (byteLength(text) <= maxBytes) return text;
	const bytes = Buffer.from(text, 'utf8');
	let end = maxBytes - byteLength(ELLIPSIS);
	while (end > 0 && isInsideCharacter(bytes[end])) end--;
	return bytes.toString('utf8', 0, end) + ELLIPSIS;
}

function isInsideCharacter(byte: number): boolean {
	return (byte & 0b1100_0000) === 0b1000_0000;
}
