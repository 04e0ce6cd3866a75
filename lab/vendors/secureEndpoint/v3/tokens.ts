import { sha256Of } from '../../shared/values';
import type { OAuthClient, Region } from '../accounts';

/** Seconds that tokens of both steps live. */
export const TOKEN_LIFETIME = 600;

/** `issuer`: of Cisco XDR or Secure Client Cloud Management; `api`: of Secure Endpoint, for which it is exchanged. */
export type TokenKind = 'issuer' | 'api';

interface Issued {
	kind: TokenKind;
	region: Region;
	client: OAuthClient;
	/** Epoch ms. */
	expiresAt: number;
}

/** Tokens that one cloud or another has given out. */
export class Tokens {
	private readonly issued = new Map<string, Issued>();

	/** @param now epoch ms */
	issue(kind: TokenKind, region: Region, client: OAuthClient, now: number): string {
		const number = this.issued.size + 1;
		const part = (name: string) =>
			Buffer.from(sha256Of(`${name} ${kind} ${region} ${client.clientId} ${number}`), 'hex').toString(
				'base64url',
			);
		const token = `eyJhbGciOiJSUzI1NiJ9.${part('claims')}.${part('signature')}`;
		this.issued.set(token, { kind, region, client, expiresAt: now + TOKEN_LIFETIME * 1000 });
		return token;
	}

	/** Whose token it is; `expired` when its time is over, `foreign` with the reason when it is of no use here. */
	check(
		token: string,
		kind: TokenKind,
		region: Region,
		now: number,
	): { client: OAuthClient } | { refused: string } | 'expired' {
		const found = this.issued.get(token);
		if (!found) return { refused: 'unknown bearer token' };
		if (found.kind !== kind)
			return { refused: `a token of the ${found.kind}, where one of the ${kind} is needed` };
		if (found.region !== region) return { refused: `a token of region ${found.region}` };
		return found.expiresAt > now ? { client: found.client } : 'expired';
	}

	expireAll(): void {
		for (const token of this.issued.values()) token.expiresAt = 0;
	}
}
