import { randomBytes, scrypt, timingSafeEqual, type ScryptOptions } from 'node:crypto';

/**
 * A password hash, parsed: `scrypt2$N$r$p$salt$hash`, salt and hash in base64url. It is derived from the user's name and the
 * password: n8n keeps hidden fields of a list by their place, so that a hash may end up with another user. It fits none but its own.
 */
export interface PasswordHash {
	/** In the form that `canonicalName` gives. */
	user: string;
	cost: number;
	blockSize: number;
	parallelization: number;
	salt: Buffer;
	hash: Buffer;
}

const MAX_MEMORY = 256 * 1024 * 1024;
const MIN_COST = 1 << 14;
const OLD_FORM = 'the password hash is of the older form scrypt$…, which is not bound to the name: make a new one with the command in docs/console.md';

/** Names that differ only in case, Unicode form or spaces around them are the same user's. */
export function canonicalName(name: string): string {
	return name.trim().normalize('NFC').toLowerCase();
}

/** Reads the hash of a user, or says what is wrong with it without repeating it. */
export function parseHash(user: string, text: string): PasswordHash | { problem: string } {
	const [scheme, n, r, p, salt, hash, ...rest] = text.trim().split('$');
	if (scheme === 'scrypt') return { problem: OLD_FORM };
	if (scheme !== 'scrypt2' || hash === undefined || rest.length > 0) {
		return { problem: 'the password hash is not of the form scrypt2$N$r$p$salt$hash' };
	}
	const [cost, blockSize, parallelization] = [n, r, p].map(Number);
	const parsed = { user: canonicalName(user), cost, blockSize, parallelization, salt: Buffer.from(salt, 'base64url'), hash: Buffer.from(hash, 'base64url') };
	const isPower = Number.isSafeInteger(cost) && Number.isInteger(Math.log2(cost));
	if (!isPower || cost < MIN_COST || !(blockSize >= 8) || !(parallelization >= 1) || !(128 * cost * blockSize * parallelization <= MAX_MEMORY)) {
		return { problem: 'the password hash needs N of at least 16384 (a power of two), r of at least 8, and no more than 256 MB' };
	}
	if (parsed.salt.length < 16 || parsed.hash.length < 32) {
		return { problem: 'the password hash needs a salt of at least 16 bytes and a hash of at least 32 bytes' };
	}
	return parsed;
}

/** Whether the password, of the hash's user, has this hash; takes the same time either way. */
export async function verifyPassword(password: string, known: PasswordHash): Promise<boolean> {
	const derived = await derive(password, known, known.hash.length);
	return timingSafeEqual(derived, known.hash);
}

/** A new hash of a user's password, in the form that the credential takes. */
export async function hashPassword(user: string, password: string): Promise<string> {
	const made = { user: canonicalName(user), cost: 1 << 15, blockSize: 8, parallelization: 1, salt: randomBytes(16) };
	const hash = await derive(password, made, 32);
	return ['scrypt2', made.cost, made.blockSize, made.parallelization, made.salt.toString('base64url'), hash.toString('base64url')].join('$');
}

async function derive(
	password: string,
	{ user, cost, blockSize, parallelization, salt }: Omit<PasswordHash, 'hash'>,
	length: number,
): Promise<Buffer> {
	const options: ScryptOptions = { cost, blockSize, parallelization, maxmem: MAX_MEMORY + (1 << 20) };
	return await new Promise((resolve, reject) => {
		scrypt(`${user}:${password.normalize('NFC')}`, salt, length, options, (error, key) => (error ? reject(error) : resolve(key)));
	});
}
