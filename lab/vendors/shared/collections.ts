/** Index of the first element that `isAfter` holds for; the array must be sorted so that it holds from there on. */
export function partitionPoint<T>(sorted: readonly T[], isAfter: (element: T) => boolean): number {
	let low = 0;
	let high = sorted.length;
	while (low < high) {
		const middle = (low + high) >>> 1;
		if (isAfter(sorted[middle])) high = middle;
		else low = middle + 1;
	}
	return low;
}

/** Inserts so that `key` stays ascending, after equal keys. Appending in order costs O(log n). */
export function insertSorted<T>(sorted: T[], element: T, key: (element: T) => number): void {
	const own = key(element);
	const last = sorted.at(-1);
	if (last === undefined || key(last) <= own) sorted.push(element);
	else
		sorted.splice(
			partitionPoint(sorted, (other) => key(other) > own),
			0,
			element,
		);
}

/** One page of a list by number (from 1) and size. */
export function pageOf<T>(list: readonly T[], page: number, size: number): T[] {
	return list.slice((page - 1) * size, page * size);
}

/** One page of a list by offset and size. */
export function sliceOf<T>(list: readonly T[], offset: number, limit: number): T[] {
	return list.slice(offset, offset + limit);
}
