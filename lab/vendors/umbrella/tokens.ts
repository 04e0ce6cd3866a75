import { sha256Of } from '../shared/values';
import type { ApiKey } from './accounts';

/** Seconds that an access token lives. */
export const TOKEN_LIFETIME = 3600;

/** Access tokens that the vendor has issued. */
export class Tokens {
	private readonly issued = new Map<string, { key: ApiKey; expiresAt: number }>();

	/** @param now epoch ms */
	issue(key: ApiKey, now: number): string {
		const number = this.issued.size + 1;
		const part = (name: string) =>
			Buffer.from(sha256Of(`${name} ${key.apiKey} ${number}`), 'hex').toString('base64url');
		const token = `eyJhbGciOiJSUzI1NiJ9.${part('claims')}.${part('signature')}`;
		this.issued.set(token, { key, expiresAt: now + TOKEN_LIFETIME * 1000 });
		return token;
	}

	/** The key behind a token; `expired` when its time is over, undefined when it was never issued. */
	find(token: string, now: number): ApiKey | 'expired' | undefined {
		const found = this.issued.get(token);
		if (!found) return undefined;
		return found.expiresAt > now ? found.key : 'expired';
	}

	expireAll(): void {
		for (const token of this.issued.values()) token.expiresAt = 0;
	}
}
