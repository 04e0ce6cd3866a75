import * as fc from 'fast-check';
import { counted, fromTheEnd, totalByPage } from '../../../ledger/store/lists';

it('says where a count stopped', () => {
	expect(counted(9, 10)).toEqual({ total: 9 });
	expect(counted(10, 10)).toEqual({ total: 10, atLeast: true });
});

it.each([
	['a page that is not full', 3, { limit: 5, offset: 10 }, { total: 13 }],
	['a full page', 5, { limit: 5, offset: 10 }, undefined],
	['nothing at all', 0, { limit: 5, offset: 0 }, { total: 0 }],
	['what is known', 5, { limit: 5, offset: 10, total: 20 }, { total: 20 }],
	['a page behind the end', 0, { limit: 5, offset: 10 }, undefined],
])('tells the length of a list by %s', (_case, found, range, length) => expect(totalByPage(found, range)).toEqual(length));

it('names the same rows from the end, and skips fewer', () => {
	const list = Array.from({ length: 40 }, (_, i) => i);
	fc.assert(fc.property(fc.nat(40), fc.nat(50), fc.integer({ min: 1, max: 50 }), (total, offset, limit) => {
		const rows = list.slice(0, total);
		const range = fromTheEnd({ limit, offset, total });
		if (!range) return offset <= total / 2;
		const part = [...rows].reverse().slice(range.offset, range.offset + range.limit).reverse();
		expect(part).toEqual(rows.slice(offset, offset + limit));
		return range.offset <= offset;
	}));
});

it('stays at the beginning while the length is not known', () => expect(fromTheEnd({ limit: 5, offset: 1_000 })).toBeUndefined());
