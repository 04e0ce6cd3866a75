import type { LabRequest, LabResponse } from '../../machine/vendor';
import { basicCredentials, bearerToken } from '../shared/auth';
import { formBody } from '../shared/body';
import { notAuthenticated } from './errors';

export interface NowAccount {
	user: string;
	password: string;
	mayWrite: boolean;
}

export const NOW_ACCOUNTS: NowAccount[] = [
	{ user: 'rtc.integration', password: 'now-lab-1', mayWrite: true },
	{ user: 'rtc.readonly', password: 'now-read-lab-1', mayWrite: false },
];

export const OAUTH_CLIENT = {
	clientId: '5f0a4b1e6c7d4e2f9a8b7c6d5e4f3a2b',
	clientSecret: 'now-lab-2',
};

/** Seconds that an access token lives. */
const ACCESS_SECONDS = 1799;
const REFRESH_MS = 100 * 86_400_000;

/** Accounts of the instance, by Basic authentication or OAuth token. */
export interface NowAccess {
	/** The account of a call; throws 401. */
	accountOf(request: LabRequest): NowAccount;
	/** POST `/oauth_token.do`. */
	issueToken(request: LabRequest): LabResponse;
	expireTokens(): void;
	reset(): void;
}

interface Grant {
	account: NowAccount;
	expiresAt: number;
}

export function createAccess(now: () => number, newToken: () => string): NowAccess {
	const access = new Map<string, Grant>();
	const refresh = new Map<string, Grant>();
	const live = (grants: Map<string, Grant>, token: string | null | undefined) => {
		const grant = grants.get(token ?? '');
		return grant && grant.expiresAt > now() ? grant.account : undefined;
	};
	const grant = (account: NowAccount, refreshToken?: string): LabResponse => {
		const accessToken = newToken();
		access.set(accessToken, { account, expiresAt: now() + ACCESS_SECONDS * 1000 });
		return {
			status: 200,
			body: {
				access_token: accessToken,
				...(refreshToken && { refresh_token: refreshToken }),
				scope: 'useraccount',
				token_type: 'Bearer',
				expires_in: ACCESS_SECONDS,
			},
		};
	};
	const granted = (form: URLSearchParams): LabResponse => {
		switch (form.get('grant_type')) {
			case 'password': {
				const account = accountBy(form.get('username'), form.get('password'));
				if (!account) return refused(401, 'access_denied', 'user name or password is wrong');
				const refreshToken = newToken();
				refresh.set(refreshToken, { account, expiresAt: now() + REFRESH_MS });
				return grant(account, refreshToken);
			}
			case 'client_credentials':
				return grant(NOW_ACCOUNTS[0]);
			case 'refresh_token': {
				const account = live(refresh, form.get('refresh_token'));
				if (!account) return refused(401, 'access_denied', 'the refresh token is unknown or expired');
				return grant(account, form.get('refresh_token') ?? undefined);
			}
			default:
				return refused(
					400,
					'unsupported_grant_type',
					'grant_type must be password, client_credentials or refresh_token',
				);
		}
	};
	return {
		accountOf(request) {
			const basic = basicCredentials(request);
			const account = basic ? accountBy(basic.user, basic.password) : live(access, bearerToken(request));
			if (!account) throw notAuthenticated();
			return account;
		},
		issueToken(request) {
			const form = formBody(request);
			if (!form)
				return refused(400, 'invalid_request', 'the token endpoint takes a form, not another content type');
			const client = basicCredentials(request) ?? {
				user: form.get('client_id'),
				password: form.get('client_secret'),
			};
			if (client.user !== OAUTH_CLIENT.clientId || client.password !== OAUTH_CLIENT.clientSecret) {
				return refused(401, 'access_denied', 'the OAuth client is unknown or its secret is wrong');
			}
			return granted(form);
		},
		expireTokens: () => access.clear(),
		reset() {
			access.clear();
			refresh.clear();
		},
	};
}

function accountBy(user: string | null, password: string | null): NowAccount | undefined {
	return NOW_ACCOUNTS.find((account) => account.user === user && account.password === password);
}

function refused(status: number, description: string, violation: string): LabResponse {
	return { status, body: { error_description: description, error: 'server_error' }, violation };
}
