import { createHash, timingSafeEqual } from 'node:crypto';

/** `requester` asks, `operator` acts, `approver` may also act on what is protected. */
export type TokenRole = 'requester' | 'operator' | 'approver';

/** Whoever holds a token. */
export interface Caller {
	name: string;
	role: TokenRole;
}

interface KnownToken extends Caller {
	digest: Buffer;
}

const ROLES: readonly string[] = ['requester', 'operator', 'approver'];

/** Tokens are random, so that their plain digest can't be turned back. Shorter ones might be guessed. */
export const MIN_TOKEN_LENGTH = 24;

/** @throws Error naming the line that can't be read; never what it holds. */
export function readTokens(text: string): KnownToken[] {
	const lines = text.split('\n').map((line) => line.split('#')[0].trim());
	const tokens = lines.flatMap((line, index) => (line === '' ? [] : [readLine(line, index + 1)]));
	if (tokens.length > 0) return tokens;
	throw new Error('The credential holds no tokens');
}

function readLine(line: string, number: number): KnownToken {
	const [, name, role, digest] = /^([^:]+):\s*(\w+)\s*:\s*(?:sha256:)?([0-9a-f]{64})$/i.exec(line) ?? [];
	if (name === undefined || !ROLES.includes(role)) {
		throw new Error(`Line ${number} of the credential is not "name: role: SHA-256 in hexadecimal"`);
	}
	return { name: name.trim(), role: role as TokenRole, digest: Buffer.from(digest, 'hex') };
}

/** Who holds the token of an `Authorization` header. Takes as long for a wrong token as for a right one. */
export function callerOf(tokens: readonly KnownToken[], authorization: unknown): Caller | undefined {
	const [, token = ''] = /^Bearer +(\S{1,512})$/i.exec(typeof authorization === 'string' ? authorization : '') ?? [];
	const digest = createHash('sha256').update(token).digest();
	let found: KnownToken | undefined;
	for (const known of tokens) if (timingSafeEqual(known.digest, digest)) found = known;
	return found && token.length >= MIN_TOKEN_LENGTH ? { name: found.name, role: found.role } : undefined;
}
