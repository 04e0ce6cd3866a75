import type { IDataObject } from 'n8n-workflow';
import type { Page } from '../../../ledger/api';

const PAGE_SIZE = 500;

/** The first `wanted` results (`Infinity` for all), read in pages. */
export async function readPages<T extends object>(
	wanted: number,
	read: (window: { limit: number; offset: number }) => Promise<Page<T>>,
): Promise<IDataObject[]> {
	const found: T[] = [];
	while (found.length < wanted) {
		const limit = Math.min(PAGE_SIZE, wanted - found.length);
		const { items } = await read({ limit, offset: found.length });
		found.push(...items);
		if (items.length < limit) break;
	}
	return found as IDataObject[];
}
