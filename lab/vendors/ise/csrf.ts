import type { LabRequest } from '../../machine/vendor';
import { uuidOf } from '../shared/values';

/** ISE forgets a session that was idle for so long; ms. */
const IDLE_MS = 60_000;

/** ISE's optional CSRF check ("Use CSRF check for enhanced security" in the ERS settings). */
export interface CsrfGuard {
	/** Headers for the answer to a GET with `X-CSRF-TOKEN: fetch`: token and session cookie. */
	issue(): Record<string, string>;
	/** Whether a changing call brought a token and the cookie of the same live session. */
	accepts(request: LabRequest): boolean;
	reset(): void;
}

export function createCsrfGuard(now: () => number): CsrfGuard {
	const sessions = new Map<string, { token: string; usedAt: number }>();
	let issued = 0;
	return {
		issue() {
			issued += 1;
			const session = uuidOf(`ise session ${issued}`).replaceAll('-', '').toUpperCase();
			const token = uuidOf(`ise csrf ${issued}`).replaceAll('-', '').toUpperCase();
			sessions.set(session, { token, usedAt: now() });
			return {
				'X-CSRF-TOKEN': token,
				'Set-Cookie': `JSESSIONIDSSO=${session}; Path=/; Secure; HttpOnly`,
			};
		},
		accepts(request) {
			const id = /(?:^|;\s*)JSESSIONIDSSO=([^;]+)/.exec(request.headers.cookie ?? '')?.[1];
			const session = id ? sessions.get(id) : undefined;
			if (!session || now() - session.usedAt > IDLE_MS) return false;
			session.usedAt = now();
			return request.headers['x-csrf-token'] === session.token;
		},
		reset: () => sessions.clear(),
	};
}
