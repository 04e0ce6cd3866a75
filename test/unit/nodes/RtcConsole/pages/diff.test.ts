import fc from 'fast-check';
import { canonicalJson } from '../../../../../ledger/canonicalJson';
import { PRESETS } from '../../../../../ledger/presets';
import { diffJson } from '../../../../../nodes/RtcConsole/view/diff';

const rule = (eventType: string, penalty: number) => ({ source: 'umbrella', eventType, penalty, reason: 'x' });

describe('diffJson', () => {
	it.each([
		['nothing', { a: 1, b: [1, 2] }, { b: [1, 2], a: 1 }, []],
		['a value', { a: { b: 1 } }, { a: { b: 2 } }, [{ kind: 'changed', path: 'a.b', before: 1, after: 2 }]],
		['a new field', { a: 1 }, { a: 1, b: null }, [{ kind: 'added', path: 'b', after: null }]],
		['a lost field', { a: 1, b: 2 }, { a: 1 }, [{ kind: 'removed', path: 'b', before: 2 }]],
		['another type', { a: { b: 1 } }, { a: [1] }, [{ kind: 'changed', path: 'a', before: { b: 1 }, after: [1] }]],
		['null and nothing', { a: null }, { a: { limit: 5 } }, [{ kind: 'changed', path: 'a', before: null, after: { limit: 5 } }]],
		[
			'a rule in front of others',
			{ rules: [rule('a', 1), rule('b', 2)] },
			{ rules: [rule('c', 3), rule('a', 1), rule('b', 2)] },
			[{ kind: 'added', path: 'rules[0]', after: rule('c', 3) }],
		],
		['another penalty', { rules: [rule('a', 1), rule('b', 2)] }, { rules: [rule('a', 1), rule('b', 9)] }, [{ kind: 'changed', path: 'rules[1].penalty', before: 2, after: 9 }]],
		['a rule less', { rules: [rule('a', 1), rule('b', 2)] }, { rules: [rule('b', 2)] }, [{ kind: 'removed', path: 'rules[0]', before: rule('a', 1) }]],
		['another order', { list: ['a', 'b'] }, { list: ['b', 'a'] }, [{ kind: 'reordered', path: 'list' }]],
		['one of two equal ones', { list: ['a', 'a'] }, { list: ['a'] }, [{ kind: 'removed', path: 'list[1]', before: 'a' }]],
	])('tells of %s', (_what, before, after, expected) => {
		expect(diffJson(before, after)).toEqual(expected);
	});

	it('sees nothing exactly where nothing differs', () => {
		fc.assert(
			fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => {
				expect(diffJson(a, structuredClone(a))).toEqual([]);
				expect(diffJson(a, b).length === 0).toBe(canonicalJson(a) === canonicalJson(b));
			}),
		);
	});

	it('sees every change to the rules of a policy', () => {
		const before = PRESETS.balanced.rules;
		fc.assert(
			fc.property(fc.shuffledSubarray(before.map((_, index) => index)), (kept) => {
				const after = kept.map((index) => before[index]);
				const differences = diffJson({ rules: before }, { rules: after });
				expect(differences.filter(({ kind }) => kind === 'removed')).toHaveLength(before.length - after.length);
				const inOrder = kept.every((index, i) => i === 0 || kept[i - 1] < index);
				expect(differences.some(({ kind }) => kind === 'reordered')).toBe(!inOrder);
			}),
			{ numRuns: 30 },
		);
	});
});
