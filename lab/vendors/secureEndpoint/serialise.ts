const MARK = '\u0000integer:';
const MARKED = /"\\u0000integer:(\d+)"/g;

/**
 * JSON text in which a bigint stands as a bare number, as the vendor writes its 64-bit ids. The lab's own JSON
 * writer would round them.
 */
export function serialise(value: unknown): string {
	const marked = JSON.stringify(value, (_key, inner: unknown) =>
		typeof inner === 'bigint' ? MARK + inner.toString() : inner,
	);
	return marked.replace(MARKED, '$1');
}
