import { lossFinder } from '../../../../../nodes/CiscoIse/pxgrid/link';

const SESSIONS = '/topic/com.cisco.ise.session';
const text = (sequence?: unknown) => JSON.stringify({ ...(sequence !== undefined && { sequence }), sessions: [] });

/** Indexes of the messages that show a loss. */
function losses(numbers: unknown[]): number[] {
	const find = lossFinder();
	return numbers.flatMap((number, index) => (find(SESSIONS, text(number)) === undefined ? [] : [index]));
}

it.each<[string, unknown[], number[]]>([
	['that follow one another', [0, 1, 2], []],
	['that begin anywhere', [41, 42], []],
	['with a gap', [1, 2, 4, 5], [2]],
	['that begin again', [7, 8, 0, 1], [2]],
	['without numbers, as before ISE 3.0', [undefined, undefined], []],
	['with something else for a number', ['1', '7', null], []],
])('messages %s', (_what, numbers, expected) => {
	expect(losses(numbers)).toEqual(expected);
});

it('numbers of topics have nothing to do with each other', () => {
	const find = lossFinder();
	expect(find(SESSIONS, text(1))).toBeUndefined();
	expect(find('/topic/other', text(9))).toBeUndefined();
	expect(find(SESSIONS, text(2))).toBeUndefined();
	expect(find(SESSIONS, text(5))).toBe(`messages of ${SESSIONS} were lost, number 5 came after 2`);
});

it('a body that is no JSON is an error', () => {
	expect(() => lossFinder()(SESSIONS, '<html>')).toThrow();
});
