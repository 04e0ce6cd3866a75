import fc from 'fast-check';
import { Lockout } from '../../../../../nodes/RtcConsole/http/lockout';
import { hashPassword, parseHash, verifyPassword, type PasswordHash } from '../../../../../nodes/RtcConsole/http/password';
import { consoleSettings, type ConsoleCredential, type ConsoleSettings } from '../../../../../nodes/RtcConsole/http/settings';
import { SignInDesk } from '../../../../../nodes/RtcConsole/http/signIn';

const NOW = Date.UTC(2026, 5, 1);
const SECRET = 's'.repeat(32);
const basic = (name: string, password: string) => ({ authorization: `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}` });

let passwordHash: string;
let settings: ConsoleSettings;
const credential = (changes: Partial<ConsoleCredential> = {}): ConsoleCredential => ({
	users: { user: [{ name: 'ann', role: 'operator', passwordHash }] }, signingSecret: SECRET, ...changes,
});
beforeAll(async () => {
	passwordHash = await hashPassword('pässword');
	settings = consoleSettings(credential());
});

describe('password hashes', () => {
	it('verifies what it made, in either Unicode form, and nothing else', async () => {
		const known = parseHash(passwordHash) as PasswordHash;
		expect(await verifyPassword('pässword', known)).toBe(true);
		expect(await verifyPassword('pässword'.normalize('NFD'), known)).toBe(true);
		expect(await verifyPassword('password', known)).toBe(false);
		expect(await hashPassword('pässword')).not.toBe(passwordHash);
	});

	const salt = Buffer.alloc(16).toString('base64url');
	const hash = Buffer.alloc(32).toString('base64url');
	it.each([
		['', 'form'], ['plain', 'form'], [`bcrypt$16384$8$1$${salt}$${hash}`, 'form'], [`scrypt$16384$8$1$${salt}$${hash}$x`, 'form'],
		[`scrypt$1024$8$1$${salt}$${hash}`, '16384'], [`scrypt$16385$8$1$${salt}$${hash}`, 'power'], [`scrypt$16384$1$1$${salt}$${hash}`, 'r of'],
		[`scrypt$1073741824$8$1$${salt}$${hash}`, '256 MB'], [`scrypt$16384$8$NaN$${salt}$${hash}`, '256 MB'], [`scrypt$16384$8$1$AAAA$${hash}`, 'salt'], [`scrypt$16384$8$1$${salt}$AAAA`, 'hash'],
	])('refuses %s', (text, problem) => {
		expect(parseHash(text)).toEqual({ problem: expect.stringContaining(problem) });
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

	it('forgets what it remembered when the credential changes', async () => {
		const desk = new SignInDesk();
		await desk.signIn(settings, caller(basic('ann', 'pässword')), NOW);
		const changed = consoleSettings(credential({ users: { user: [{ name: 'ann', role: 'operator', passwordHash: await hashPassword('new') }] } }));
		expect(await desk.signIn(changed, caller(basic('ann', 'pässword')), NOW)).toEqual({ status: 401 });
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

	it('starts anew after a success and after a day', () => {
		const lockout = new Lockout();
		for (let i = 0; i < 6; i++) lockout.failed('ann', 'a', NOW);
		expect(lockout.failed('ann', 'a', NOW + 86_400_000)).toBe(0);
		for (let i = 0; i < 6; i++) lockout.failed('bob', 'a', NOW);
		lockout.succeeded('bob', 'a');
		expect(lockout.failed('bob', 'a', NOW)).toBe(0);
	});
});
