import fc from 'fast-check';
import type { IDataObject } from 'n8n-workflow';
import { LedgerError } from '../../../../ledger/errors';
import { newLedger, type TestLedger } from '../../ledger/helpers';
import { problemOf, QUARANTINE_SCHEMA } from '../../../../nodes/RtcManualQuarantine/schema';
import { callerOf, readTokens } from '../../../../nodes/RtcManualQuarantine/tokens';
import { openQuarantineDoor, TOKEN_LINES, TOKENS } from '../../../support/quarantineDoor';

let ledger: TestLedger;
let door: { url: string; close(): Promise<void> };
let admitted: IDataObject[];
let nowMs = 1_800_000_000_000;
let count = 0;

async function open(perMinute?: number): Promise<void> {
	admitted = [];
	nowMs += 3_600_000;
	ledger = await newLedger();
	door = await openQuarantineDoor({
		ledger: () => ledger.ledger,
		nodeId: `door-${++count}`,
		now: () => nowMs,
		...(perMinute && { perMinute }),
		behind: async (item) => {
			admitted.push(item);
			return { status: 202, body: {} };
		},
	});
}
afterEach(async () => {
	await door?.close();
	await ledger?.close();
});

const VALID = { hostname: 'pc-7', reason: 'Stolen', requester: 'ann@corp.example' };

interface Call {
	action?: string;
	headers?: Record<string, string>;
	body?: unknown;
}

async function call({ action = 'quarantine', headers = {}, body = VALID }: Call = {}) {
	const response = await fetch(`${door.url}/${action}`, {
		method: 'POST',
		headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${TOKENS.operator}`, ...headers },
		body: typeof body === 'string' ? body : JSON.stringify(body),
	});
	// eslint-disable-next-line @typescript-eslint/no-explicit-any
	return { status: response.status, headers: response.headers, body: (await response.json()) as any };
}

const bearer = (token: string) => ({ Authorization: `Bearer ${token}` });

it('lets a request in without its token', async () => {
	await open();
	expect((await call()).status).toBe(202);
	expect(admitted).toEqual([
		{
			action: 'quarantine',
			host: { hostname: 'pc-7' },
			reason: 'Stolen',
			requester: 'ann@corp.example',
			overrideProtection: false,
			needsApproval: false,
			caller: 'operator-portal',
		},
	]);
	expect(JSON.stringify(admitted)).not.toContain(TOKENS.operator);
});

it.each([
	['no token', { Authorization: '' }],
	['a wrong token', bearer('x'.repeat(40))],
	['a token in another scheme', { Authorization: `Basic ${TOKENS.operator}` }],
	['the digest instead of the token', bearer(TOKEN_LINES.split(': ').at(-1)!)],
	['part of a token', bearer(TOKENS.operator.slice(0, -1))],
])('answers 401 to %s', async (_case, headers) => {
	await open();
	const answer = await call({ headers });
	expect(answer).toMatchObject({ status: 401, body: { error: { code: 'unauthorized' } } });
	expect(answer.headers.get('www-authenticate')).toBe('Bearer');
	expect(admitted).toEqual([]);
});

it.each([
	['a requester releases', 'release', TOKENS.requester, VALID],
	['a requester overrides protection', 'quarantine', TOKENS.requester, { ...VALID, overrideProtection: true }],
	['an operator overrides protection', 'quarantine', TOKENS.operator, { ...VALID, overrideProtection: true }],
])('answers 403 when %s', async (_case, action, token, body) => {
	await open();
	expect(await call({ action, headers: bearer(token), body })).toMatchObject({ status: 403, body: { error: { code: 'forbidden' } } });
	expect(admitted).toEqual([]);
});

const without = (field: keyof typeof VALID) => Object.fromEntries(Object.entries(VALID).filter(([name]) => name !== field));

it.each([
	['reason', without('reason')],
	['reason', { ...VALID, reason: '  ' }],
	['reason', { ...VALID, reason: 'x'.repeat(501) }],
	['reason', { ...VALID, reason: 'two\r\nlines' }],
	['requester', without('requester')],
	['requester', { ...VALID, requester: 7 }],
	['mac', without('hostname')],
	['mac', { ...VALID, mac: '00:11:22' }],
	['ip', { ...VALID, ip: '10.0.0.999' }],
	['ip', { ...VALID, ip: ':::::' }],
	['hostname', { ...VALID, hostname: '<img src=x>' }],
	['user', { ...VALID, user: 'a b' }],
	['duration', { ...VALID, duration: 'four hours' }],
	['duration', { ...VALID, duration: 'PT1S' }],
	['duration', { ...VALID, duration: 'P31D' }],
	['overrideProtection', { ...VALID, overrideProtection: 'true' }],
	['force', { ...VALID, force: true }],
	['__proto__', '{"__proto__": {"reason": "x"}, "hostname": "pc-7"}'],
	['body', [VALID]],
	['Content-Type', VALID, { 'Content-Type': 'text/plain' }],
	['Idempotency-Key', VALID, { 'Idempotency-Key': 'has a blank' }],
] as [string, unknown, Record<string, string>?][])('answers 400 and names %s', async (field, body, headers = {}) => {
	await open();
	expect(await call({ body, headers })).toMatchObject({ status: 400, body: { error: { field } } });
	expect(admitted).toEqual([]);
});

it('takes no duration and no override for a release', async () => {
	await open();
	expect(await call({ action: 'release', body: { ...VALID, duration: 'PT1H' } })).toMatchObject({ status: 400, body: { error: { field: 'duration' } } });
	expect(await call({ action: 'release' })).toMatchObject({ status: 202 });
	expect(admitted).toMatchObject([{ action: 'release' }]);
});

it('answers 413 to a body that is too large', async () => {
	await open();
	expect(await call({ body: { ...VALID, reason: 'x'.repeat(17_000) } })).toMatchObject({ status: 413 });
});

it('answers 429 with the time to wait, per token, and goes on after it', async () => {
	await open(2);
	expect([(await call()).status, (await call()).status]).toEqual([202, 202]);
	const answer = await call();
	expect(answer.status).toBe(429);
	expect(answer.headers.get('retry-after')).toBe('60');
	expect((await call({ headers: bearer(TOKENS.approver) })).status).toBe(202);
	nowMs += 60_000;
	expect((await call()).status).toBe(202);
});

it.each(['unavailable', 'refused', 'closed'] as const)('answers 503 when the ledger it asks for the key is %s, without telling why', async (code) => {
	await open();
	jest.spyOn(ledger.ledger, 'findRequest').mockRejectedValue(new LedgerError(code, 'No PostgreSQL server answers at db:5432'));
	const answer = await call({ headers: { 'Idempotency-Key': 'ticket-1' } });
	expect(answer).toMatchObject({ status: 503, body: { error: { code: 'unavailable' } } });
	expect(answer.headers.get('retry-after')).toBe('30');
	expect(JSON.stringify(answer.body)).not.toContain('db:5432');
	expect(admitted).toEqual([]);
});

it('stops listening to an address that keeps guessing, also when it guesses right', async () => {
	await open();
	for (let guess = 0; guess < 10; guess++) expect((await call({ headers: bearer(`guess-${guess}`.padEnd(30, 'x')) })).status).toBe(401);
	expect((await call()).status).toBe(429);
	nowMs += 60_000;
	expect((await call()).status).toBe(202);
});

it('never throws for a body of any shape, and takes no fields that it does not know', () => {
	fc.assert(
		fc.property(fc.jsonValue(), (body) => {
			const problem = problemOf(QUARANTINE_SCHEMA, body);
			expect(problem === undefined || typeof problem.message === 'string').toBe(true);
		}),
	);
	fc.assert(
		fc.property(fc.string(), fc.jsonValue(), (name, value) => {
			fc.pre(!(name in QUARANTINE_SCHEMA.properties));
			expect(problemOf(QUARANTINE_SCHEMA, Object.fromEntries([...Object.entries(VALID), [name, value]]))).toBeDefined();
		}),
	);
});

describe('the credential', () => {
	it('knows each token by its digest alone', () => {
		const tokens = readTokens(TOKEN_LINES);
		expect(callerOf(tokens, `Bearer ${TOKENS.approver}`)).toEqual({ name: 'approver-portal', role: 'approver' });
		expect(callerOf(tokens, undefined)).toBeUndefined();
	});

	it.each([['', 'no tokens'], ['portal: operator: 1234', 'Line 1'], [`portal: king: ${'a'.repeat(64)}`, 'Line 1']])(
		'that holds %j is refused without telling what it holds',
		(text, message) => {
			expect(() => readTokens(text)).toThrow(message);
			expect(() => readTokens(text)).not.toThrow(/1234|king/);
		},
	);
});
