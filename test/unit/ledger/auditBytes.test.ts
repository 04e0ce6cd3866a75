import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import * as fc from 'fast-check';
import type { LedgerService } from '../../../ledger';
import { ACTOR, detection, newLedger, PERSON, plainPolicy } from './helpers';

type Row = Record<string, SQLInputValue>;

const COLUMNS = ['seq', 'at_ms', 'actor', 'execution', 'action', 'subject', 'details', 'hash'];

/** Fields up to this long are changed everywhere, longer ones at places that fast-check picks. */
const SHORT = 64;
const PLACES = 25;

/** The value with one character, or one digit of a number, changed; every one in turn. */
function variants(value: SQLInputValue): SQLInputValue[] {
	if (value === null) return ['x', ''];
	if (typeof value === 'number') return [value + 1, value + 1_000_000];
	const text = String(value);
	return [...text].map((_, i) => withOther(text, i)).concat(`${text} `, text.slice(1));
}

function withOther(text: string, at: number): string {
	return `${text.slice(0, at)}${text[at] === '1' ? '2' : '1'}${text.slice(at + 1)}`;
}

/** A place in a text, what goes in there, and how many characters go out. */
interface Edit {
	at: number;
	put: string;
	out: 0 | 1;
}

const edited = (text: string, { at, put, out }: Edit) => text.slice(0, at) + put + text.slice(at + out);

/** One character of a text changed, put in or left out. */
function edits(text: string): fc.Arbitrary<Edit> {
	const last = text.length - 1;
	const at = fc.oneof(fc.constantFrom(0, last), fc.nat({ max: last }));
	return fc
		.record<Edit>({ at, put: fc.string({ maxLength: 1 }), out: fc.constantFrom(0, 1) })
		.filter((edit) => edited(text, edit) !== text);
}

/** Writes `value` in the place of the record's, asks whether the trail still holds, and puts the old value back. */
async function goesUnnoticed(db: DatabaseSync, ledger: LedgerService, row: Row, column: string, value: SQLInputValue): Promise<boolean> {
	const write = (to: SQLInputValue, seq: SQLInputValue) => db.prepare(`UPDATE audit SET ${column} = ? WHERE seq = ?`).run(to, seq);
	const moved = column === 'seq' ? (row.seq as number) + 1_000 + (value as number) : row.seq;
	write(column === 'seq' ? moved : value, row.seq);
	try {
		return (await ledger.verifyAudit()).ok;
	} finally {
		write(row[column], moved);
	}
}

it('every byte of every field of every audit record is covered by the chain', async () => {
	const test = await newLedger();
	const db = new DatabaseSync(test.file);
	try {
		await test.ledger.updatePolicy({ ...plainPolicy(), rules: [] }, PERSON, 'x');
		await test.ledger.score([detection()], { actor: { name: ACTOR.name, execution: 'Poll #1' } });
		await test.ledger.protect({ type: 'hostname', value: 'dc*', reason: 'x' }, PERSON);
		const rows = db.prepare('SELECT * FROM audit ORDER BY seq').all() as Row[];
		const longest = Math.max(...rows.map(({ details }) => String(details).length));
		expect(longest).toBeGreaterThan(1_000);
		for (const row of rows) {
			for (const column of COLUMNS) {
				const unnoticed = (value: SQLInputValue) => goesUnnoticed(db, test.ledger, row, column, value);
				const field = `${column} of record ${String(row.seq)}`;
				if (String(row[column]).length <= SHORT) {
					for (const value of variants(row[column])) if (await unnoticed(value)) throw new Error(`A change of ${field} goes unnoticed`);
				} else {
					const text = String(row[column]);
					const property = fc.asyncProperty(edits(text), async (edit) => {
						if (await unnoticed(edited(text, edit))) throw new Error(`A change of ${field} goes unnoticed`);
					});
					await fc.assert(property, { numRuns: PLACES });
				}
			}
		}
		expect(await test.ledger.verifyAudit()).toMatchObject({ ok: true });
	} finally {
		db.close();
		await test.close();
	}
});
