import type { LabRequest, LabResponse } from '../../machine/vendor';
import { sha256Of, uuidOf } from '../shared/values';
import type { Account } from './accounts';

/** How long after the login a session ends, used or not; ms. */
export const SESSION_MS = 20 * 60_000;

const JWT_COOKIE = 'stealthwatch.jwt';
const XSRF_COOKIE = 'XSRF-TOKEN';

/** A login of a user. */
export interface Session {
	account: Account;
	jwt: string;
	xsrfToken: string;
	/** Epoch ms. */
	openedAt: number;
	state: 'open' | 'expired' | 'loggedOut';
}

/** Value of a cookie that the client sent back. */
export function cookieOf(request: LabRequest, name: string): string | undefined {
	for (const pair of (request.headers.cookie ?? '').split(/[;,]\s*/)) {
		const equals = pair.indexOf('=');
		if (pair.slice(0, equals) === name) return pair.slice(equals + 1);
	}
	return undefined;
}

/** Whether a changing call repeats the session's token in header and cookie, as the double-submit check wants it. */
export function xsrfProblem(request: LabRequest, session: Session): string | undefined {
	const header = request.headers['x-xsrf-token'];
	if (header === undefined) return `${request.method} without the X-XSRF-TOKEN header`;
	if (cookieOf(request, XSRF_COOKIE) === undefined) return 'the XSRF-TOKEN cookie was not sent back';
	const fits = header === session.xsrfToken && cookieOf(request, XSRF_COOKIE) === session.xsrfToken;
	return fits ? undefined : 'X-XSRF-TOKEN is not the token of this session';
}

/** Sessions that the manager has given out. */
export class Sessions {
	private readonly byJwt = new Map<string, Session>();

	/** @param now epoch ms */
	open(account: Account, now: number): Session {
		const number = this.byJwt.size + 1;
		const part = (name: string) =>
			Buffer.from(sha256Of(`SNA ${name} ${account.username} ${number}`), 'hex').toString('base64url');
		const jwt = `eyJhbGciOiJSUzI1NiJ9.${part('claims')}.${part('signature')}`;
		const session: Session = {
			account,
			jwt,
			xsrfToken: uuidOf(`SNA xsrf ${account.username} ${number}`),
			openedAt: now,
			state: 'open',
		};
		this.byJwt.set(jwt, session);
		return session;
	}

	/** The session of a call, old ones expired; undefined when there is no cookie of a session. */
	find(request: LabRequest, now: number): Session | undefined {
		const session = this.byJwt.get(cookieOf(request, JWT_COOKIE) ?? '');
		if (session?.state === 'open' && now - session.openedAt > SESSION_MS) session.state = 'expired';
		return session;
	}

	expireAll(): void {
		for (const session of this.byJwt.values()) if (session.state === 'open') session.state = 'expired';
	}

	/** How many are open. */
	get size(): number {
		return [...this.byJwt.values()].filter(({ state }) => state === 'open').length;
	}
}

/** Headers that hand a session over: two cookies, each on a line of its own. */
export function sessionHeaders({ jwt, xsrfToken }: Session): LabResponse['headers'] {
	const cookies = [
		`${JWT_COOKIE}=${jwt}; Path=/; Secure; HttpOnly; SameSite=Lax`,
		`${XSRF_COOKIE}=${xsrfToken}; Path=/; Secure`,
	];
	return { 'set-cookie': cookies };
}
