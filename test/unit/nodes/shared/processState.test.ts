import { accountKey, cachedToken, oneAtATime, sharedQuota } from '../../../../nodes/shared/processState';

describe('accountKey', () => {
	it('differs by account and product, and tells nothing about the secret', () => {
		const key = accountKey('umbrella', 'id', 'topsecret');
		expect(key).toBe(accountKey('umbrella', 'id', 'topsecret'));
		expect(key).not.toBe(accountKey('umbrella', 'id', 'other'));
		expect(key).not.toBe(accountKey('ise', 'id', 'topsecret'));
		expect(accountKey('umbrella', 'a', 'bc')).not.toBe(accountKey('umbrella', 'ab', 'c'));
		expect(key).not.toContain('topsecret');
	});
});

describe('cachedToken', () => {
	let logins: number;
	const login = async () => ({ headers: { Authorization: `Bearer ${++logins}` }, expiresAt: 1_000 });
	beforeEach(() => (logins = 0));

	it('logs in once for callers who come together, and once more after the end of its life', async () => {
		const together = await Promise.all([1, 2, 3].map(async () => await cachedToken('life', login, () => 0)));
		expect(together).toEqual(Array(3).fill({ Authorization: 'Bearer 1' }));
		await cachedToken('life', login, () => 999);
		expect(logins).toBe(1);
		await cachedToken('life', login, () => 1_000);
		expect(logins).toBe(2);
	});

	it('logs in once for callers who were refused together', async () => {
		const refused = await cachedToken('refused', login, () => 0);
		const renewed = await Promise.all(
			[1, 2, 3].map(async () => await cachedToken('refused', login, () => 0, refused)),
		);
		expect(logins).toBe(2);
		expect(renewed).toEqual(Array(3).fill({ Authorization: 'Bearer 2' }));
	});

	it('does not keep a failed log-in', async () => {
		const failing = async () => await Promise.reject(new Error('wrong key'));
		await expect(cachedToken('failing', failing, () => 0)).rejects.toThrow('wrong key');
		await expect(cachedToken('failing', login, () => 0)).resolves.toEqual({ Authorization: 'Bearer 1' });
	});
});

it('sharedQuota is one budget per key', () => {
	const windows = [{ limit: 1, windowMs: 100 }];
	expect(sharedQuota('a', windows)).toBe(sharedQuota('a', windows));
	expect(sharedQuota('a', windows)).not.toBe(sharedQuota('b', windows));
});

describe('oneAtATime', () => {
	it('runs works of one key one after the other, also after a failure', async () => {
		const log: string[] = [];
		const work =
			(name: string, fails = false) =>
			async () => {
				log.push(`${name} starts`);
				await Promise.resolve();
				log.push(`${name} ends`);
				if (fails) throw new Error(name);
				return name;
			};
		const results = await Promise.allSettled([
			oneAtATime('key', work('a', true)),
			oneAtATime('key', work('b')),
			oneAtATime('key', work('c')),
		]);
		expect(results.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'fulfilled']);
		expect(log).toEqual(['a starts', 'a ends', 'b starts', 'b ends', 'c starts', 'c ends']);
	});

	it('lets works of different keys run together', async () => {
		let release = () => {};
		const held = oneAtATime('x', async () => await new Promise<void>((resolve) => (release = resolve)));
		await expect(oneAtATime('y', async () => 'free')).resolves.toBe('free');
		release();
		await held;
	});
});
