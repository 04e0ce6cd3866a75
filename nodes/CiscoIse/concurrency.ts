/** Runs `work` for every entry, at most `limit` at the same time; results keep the order of the entries. */
export async function mapConcurrently<In, Out>(
	entries: readonly In[],
	limit: number,
	work: (entry: In) => Promise<Out>,
): Promise<Out[]> {
	const results = new Array<Out>(entries.length);
	let next = 0;
	const worker = async () => {
		while (next < entries.length) {
			const index = next++;
			results[index] = await work(entries[index]);
		}
	};
	await Promise.all(Array.from({ length: Math.min(limit, entries.length) }, worker));
	return results;
}
