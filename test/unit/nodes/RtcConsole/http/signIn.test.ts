import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { Lockout } from '../../../../../nodes/RtcConsole/http/lockout';
import { hashPassword, parseHash, verifyPassword, type PasswordHash } from '../../../../../nodes/RtcConsole/http/password';
import { consoleSettings, type ConsoleCredential, type ConsoleSettings } from '../../../../../nodes/RtcConsole/http/settings';
import { SignInDesk } from '../../../../../nodes/RtcConsole/http/signIn';

jest.mock('../../../../../nodes/RtcConsole/http/password', () => {
	const actual = jest.requireActual<object & { verifyPassword: () => Promise<boolean> }>('../../../../../nodes/RtcConsole/http/password');
	return { ...actual, verifyPassword: jest.fn(actual.verifyPassword) };
});
const derive = jest.mocked(verifyPassword);

const NOW = Date.UTC(2026, 5, 1);
const SECRET = 's'.repeat(32);
const basic = (name: string, password: string) => ({ authorization: `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}` });

let passwordHash: string;
let settings: ConsoleSettings;
const credential = (changes: Partial<ConsoleCredential> = {}): ConsoleCredential => ({
	users: { user: [{ name: 'ann', role: 'operator', passwordHash }] }, signingSecret: SECRET, ...changes,
});
beforeAll(async () => {
	passwordHash = await hashPassword('ann', 'pässword');
	settings = consoleSettings(credential());
});

describe('password hashes', () => {
	it('verifies what it made, in either Unicode form, and nothing else', async () => {
		const known = parseHash('ann', passwordHash) as PasswordHash;
		expect(await verifyPassword('pässword', known)).toBe(true);
		expect(await verifyPassword('pässword'.normalize('NFD'), known)).toBe(true);
		expect(await verifyPassword('password', known)).toBe(false);
		expect(await hashPassword('ann', 'pässword')).not.toBe(passwordHash);
	});

	it('is bound to the name, however that is written', async () => {
		expect(await verifyPassword('pässword', parseHash(' Ann ', passwordHash) as PasswordHash)).toBe(true);
		expect(await verifyPassword('pässword', parseHash('ben', passwordHash) as PasswordHash)).toBe(false);
	});

	it('takes what the command of the documentation prints', async () => {
		const text = readFileSync(path.resolve(__dirname, '../../../../../docs/console.md'), 'utf8');
		const [, command] = /```sh\n(node -e [^`]+)```/.exec(text) ?? [];
		const printed = execFileSync('sh', ['-c', command], { input: 'pässword\n', encoding: 'utf8' });
		expect(await verifyPassword('pässword', parseHash('ann', printed) as PasswordHash)).toBe(true);
	});

	const salt = Buffer.alloc(16).toString('base64url');
	const hash = Buffer.alloc(32).toString('base64url');
	it.each([
		['', 'form'], ['plain', 'form'], [`scrypt$16384$8$1$${salt}$${hash}`, 'older form'], [`bcrypt$16384$8$1$${salt}$${hash}`, 'form'], [`scrypt2$16384$8$1$${salt}$${hash}$x`, 'form'],
		[`scrypt2$1024$8$1$${salt}$${hash}`, '16384'], [`scrypt2$16385$8$1$${salt}$${hash}`, 'power'], [`scrypt2$16384$1$1$${salt}$${hash}`, 'r of'],
		[`scrypt2$1073741824$8$1$${salt}$${hash}`, '256 MB'], [`scrypt2$16384$8$NaN$${salt}$${hash}`, '256 MB'], [`scrypt2$16384$8$1$AAAA$${hash}`, 'salt'], [`scrypt2$16384$8$1$${salt}$AAAA`, 'hash'],
	])('refuses %s', (text, problem) => {
		expect(parseHash('ann', text)).toEqual({ problem: expect.stringContaining(problem) });
	});
});

describe('console settings', () => {
	it.each<[string, Partial<ConsoleCredential>, string]>([
		['a short secret', { signingSecret: 'short' }, 'Signing Secret'],
		['no users', { users: {} }, 'empty'],
		['a name with a colon', { users: { user: [{ name: 'a:b', role: 'admin', passwordHash: 'x' }] } }, 'colon'],
		['an unknown role', { users: { user: [{ name: 'bob', role: 'root', passwordHash: 'x' }] } }, 'role of bob'],
		['a user without a hash', { users: { user: [{ name: 'bob', role: 'admin' }] } }, 'User bob'],
		['a proxy without a secret', { trustProxy: true, proxySecret: 'x', proxyProofHeader: 'a', proxyUserHeader: 'b' }, 'Proxy Secret'],
		['a proxy header with spaces', { trustProxy: true, proxySecret: SECRET, proxyProofHeader: 'a b', proxyUserHeader: 'b' }, 'header names'],
	])('refuses %s, without repeating it', (_name, changes, problem) => {
		expect(() => consoleSettings(credential(changes))).toThrow(problem);
	});

	it('refuses the same name twice', () => {
		const user = { name: 'ann', role: 'viewer', passwordHash };
		expect(() => consoleSettings(credential({ users: { user: [user, user] } }))).toThrow('twice');
		expect(() => consoleSettings(credential({ users: { user: [user, { ...user, name: 'Ann' }] } }))).toThrow('twice');
	});
});

describe('sign-in by password', () => {
	const caller = (headers: Record<string, string>, address = '10.0.0.1') => ({ headers, address });

	it('takes the right password, again without deriving it anew', async () => {
		const desk = new SignInDesk();
		const ann = { user: { name: 'ann', role: 'operator' } };
		expect(await desk.signIn(settings, caller(basic('ann', 'pässword')), NOW)).toEqual(ann);
		const started = process.hrtime.bigint();
		for (let i = 0; i < 50; i++) expect(await desk.signIn(settings, caller(basic('ann', 'pässword')), NOW)).toEqual(ann);
		expect(Number(process.hrtime.bigint() - started) / 1e6).toBeLessThan(500);
	});

	it.each([[{}], [{ authorization: 'Bearer x' }], [{ authorization: 'Basic !!' }], [{ authorization: `Basic ${Buffer.from('ann').toString('base64')}` }]])(
		'asks for a sign-in at %j', async (headers) => {
			expect(await new SignInDesk().signIn(settings, caller(headers as Record<string, string>), NOW)).toEqual({ status: 401 });
		},
	);

	it('locks a user out at one address after five failures, right password or not, and says so once', async () => {
		const desk = new SignInDesk();
		const wrong = () => desk.signIn(settings, caller(basic('ann', 'guess')), NOW);
		for (let i = 0; i < 4; i++) expect(await wrong()).toEqual({ status: 401 });
		expect(await wrong()).toEqual({ status: 429, retryAfterSeconds: 30, lockedOut: 'ann' });
		expect(await desk.signIn(settings, caller(basic('ann', 'pässword')), NOW + 29_000)).toEqual({ status: 429, retryAfterSeconds: 1 });
		expect(await desk.signIn(settings, caller(basic('ann', 'pässword'), '10.0.0.2'), NOW)).toMatchObject({ user: { name: 'ann' } });
		expect(await desk.signIn(settings, caller(basic('ann', 'pässword')), NOW + 30_000)).toMatchObject({ user: { name: 'ann' } });
	});

	it('locks names that nobody has in the same way, without a record', async () => {
		const desk = new SignInDesk();
		const answers = [];
		for (let i = 0; i < 5; i++) answers.push(await desk.signIn(settings, caller(basic('nobody', 'x')), NOW));
		expect(answers[3]).toEqual({ status: 401 });
		expect(answers[4]).toEqual({ status: 429, retryAfterSeconds: 30 });
	});

	it('takes no more guesses at once than one after the other', async () => {
		const desk = new SignInDesk();
		const guesses = [...Array.from({ length: 35 }, (_, i) => `guess ${i}`), 'pässword'];
		const answers = await Promise.all(guesses.map(async (guess) => await desk.signIn(settings, caller(basic('ann', guess)), NOW)));
		expect(answers.slice(0, 5).filter((answer) => 'status' in answer && answer.status === 401)).toHaveLength(4);
		expect(answers).toContainEqual({ status: 429, retryAfterSeconds: 30, lockedOut: 'ann' });
		expect(answers.slice(5)).toEqual(Array(31).fill({ status: 429, retryAfterSeconds: 1 }));
	});

	it('lets an address fail twenty times a minute, whatever the names, and keeps nobody else waiting', async () => {
		const desk = new SignInDesk();
		const ann = { user: { name: 'ann', role: 'operator' } };
		const right = async (address: string, nowMs = NOW) => await desk.signIn(settings, caller(basic('ann', 'pässword'), address), nowMs);
		expect(await right('10.0.0.1')).toEqual(ann);
		const flood = Array.from({ length: 60 }, async (_, i) => await desk.signIn(settings, caller(basic(`made up ${i}`, 'x')), NOW));
		expect(await right('10.0.0.1')).toEqual(ann);
		const bob = consoleSettings(credential({ users: { user: [{ name: 'bob', role: 'viewer', passwordHash: await hashPassword('bob', 'pässword') }] } }));
		expect(await desk.signIn(bob, caller(basic('bob', 'pässword'), '10.0.0.2'), NOW)).toEqual({ user: { name: 'bob', role: 'viewer' } });
		const answers = await Promise.all(flood);
		expect(answers.slice(0, 20)).toEqual(Array(20).fill({ status: 401 }));
		expect(answers.slice(20)).toEqual(Array(40).fill({ status: 429, retryAfterSeconds: 60 }));
		expect(await desk.signIn(settings, caller(basic('made up', 'x')), NOW + 60_000)).toEqual({ status: 401 });
	});

	it('counts guesses for a name that is signed in, also at an address that may not try any more', async () => {
		const desk = new SignInDesk();
		await desk.signIn(settings, caller(basic('ann', 'pässword')), NOW);
		for (let i = 0; i < 20; i++) await desk.signIn(settings, caller(basic(`made up ${i}`, 'x')), NOW);
		const guess = async () => await desk.signIn(settings, caller(basic('ann', 'guess')), NOW);
		for (let i = 0; i < 4; i++) expect(await guess()).toEqual({ status: 429, retryAfterSeconds: 60 });
		expect(await guess()).toEqual({ status: 429, retryAfterSeconds: 60, lockedOut: 'ann' });
		expect(await desk.signIn(settings, caller(basic('ann', 'pässword')), NOW)).toEqual({ status: 429, retryAfterSeconds: 30 });
	});

	it('derives two keys at a time, so that threads are left for everything else', async () => {
		const desk = new SignInDesk();
		const waiting: (() => void)[] = [];
		for (let i = 0; i < 4; i++) derive.mockImplementationOnce(async () => await new Promise((resolve) => waiting.push(() => resolve(false))));
		const all = Promise.all(Array.from({ length: 4 }, async (_, i) => await desk.signIn(settings, caller(basic(`made up ${i}`, 'x')), NOW)));
		for (let done = 0; done < 4; done++) {
			await new Promise((resolve) => setImmediate(resolve));
			expect(waiting.length).toBe(Math.min(2, 4 - done));
			waiting.shift()?.();
		}
		await all;
	});

	it('remembers a password for five minutes after its last use', async () => {
		const desk = new SignInDesk();
		const derivedAt = async (minute: number) => {
			derive.mockClear();
			await desk.signIn(settings, caller(basic('ann', 'pässword')), NOW + minute * 60_000);
			return derive.mock.calls.length;
		};
		expect([await derivedAt(0), await derivedAt(4), await derivedAt(8), await derivedAt(12), await derivedAt(17)]).toEqual([1, 0, 0, 0, 1]);
	});

	it('forgets what it remembered when the credential changes', async () => {
		const desk = new SignInDesk();
		await desk.signIn(settings, caller(basic('ann', 'pässword')), NOW);
		const changed = consoleSettings(credential({ users: { user: [{ name: 'ann', role: 'operator', passwordHash: await hashPassword('ann', 'new') }] } }));
		expect(await desk.signIn(changed, caller(basic('ann', 'pässword')), NOW)).toEqual({ status: 401 });
	});
});

describe('a hash that n8n left in the place of another user', () => {
	it('opens neither account, and says so for a hash of the older form', async () => {
		const shifted = consoleSettings(credential({ users: { user: [{ name: 'ben', role: 'admin', passwordHash }] } }));
		for (const name of ['ann', 'ben']) {
			expect(await new SignInDesk().signIn(shifted, { headers: basic(name, 'pässword'), address: 'a' }, NOW)).toEqual({ status: 401 });
		}
		const old = credential({ users: { user: [{ name: 'ben', role: 'admin', passwordHash: passwordHash.replace('scrypt2', 'scrypt') }] } });
		expect(() => consoleSettings(old)).toThrow('User ben: the password hash is of the older form');
	});
});

describe('sign-in by proxy', () => {
	const proxied = () => consoleSettings(credential({ trustProxy: true, proxySecret: SECRET, proxyProofHeader: 'X-Proof', proxyUserHeader: 'X-User' }));
	const sign = async (used: ConsoleSettings, headers: Record<string, string>) => await new SignInDesk().signIn(used, { headers, address: 'a' }, NOW);

	it('takes the word of a proxy that proves itself, for users that are known', async () => {
		expect(await sign(proxied(), { 'x-proof': SECRET, 'x-user': 'ann' })).toEqual({ user: { name: 'ann', role: 'operator' } });
		expect(await sign(proxied(), { 'x-proof': SECRET, 'x-user': 'eve' })).toEqual({ status: 401 });
		expect(await sign(proxied(), { 'x-proof': 'guess', 'x-user': 'ann' })).toEqual({ status: 401 });
	});

	it('ignores the headers when it is off', async () => {
		expect(await sign(settings, { 'x-proof': SECRET, 'x-user': 'ann' })).toEqual({ status: 401 });
	});
});

describe('lock-out', () => {
	it('never gets shorter with more failures, and never longer than an hour', () => {
		fc.assert(fc.property(fc.integer({ min: 1, max: 40 }), (failures) => {
			const lockout = new Lockout();
			const locks = Array.from({ length: failures }, () => lockout.failed('ann', 'a', NOW));
			expect(locks).toEqual([...locks].sort((one, other) => one - other));
			expect(Math.max(...locks)).toBeLessThanOrEqual(3_600_000);
			expect(lockout.waitMs('ann', 'a', NOW)).toBe(locks[failures - 1]);
			expect(lockout.waitMs('ann', 'b', NOW)).toBe(0);
		}));
	});

	it('lasts, however many other names fail meanwhile', () => {
		const lockout = new Lockout();
		for (let i = 0; i < 12; i++) lockout.failed('ann', 'a', NOW);
		for (let i = 0; i < 20_000; i++) lockout.failed(`made up ${i}`, 'a', NOW + 1);
		expect(lockout.waitMs('ann', 'a', NOW + 1)).toBe(3_600_000 - 1);
	});

	it('starts anew after a success and after a day', () => {
		const lockout = new Lockout();
		for (let i = 0; i < 6; i++) lockout.failed('ann', 'a', NOW);
		expect(lockout.failed('ann', 'a', NOW + 86_400_000)).toBe(0);
		for (let i = 0; i < 6; i++) lockout.failed('bob', 'a', NOW);
		lockout.succeeded('bob', 'a');
		expect(lockout.failed('bob', 'a', NOW)).toBe(0);
	});
});
