import type { IDataObject } from 'n8n-workflow';
import type { FakeAnswer, FakeServer, SentRequest } from '../support/fakeContext';

let accounts = 0;

/** A credential that no other test uses: tokens and quotas are kept per account in the process. */
export const credentials = (fields: IDataObject = {}) => ({
	ciscoRtcUmbrellaApi: {
		apiKey: `key-${++accounts}`,
		apiSecret: 'secret',
		baseUrl: 'https://api.umbrella.com',
		customBaseUrl: '',
		organizationId: '',
		investigateTier: 'tier3',
		...fields,
	},
});

/** Answers the token request and passes the rest on. */
export function withToken(server: (request: SentRequest) => FakeAnswer | Error): FakeServer {
	let tokens = 0;
	return (request) =>
		request.url.pathname === '/auth/v2/token'
			? { body: { token_type: 'bearer', access_token: `token-${++tokens}`, expires_in: 3600 } }
			: server(request);
}

export const isToken = ({ url }: SentRequest) => url.pathname === '/auth/v2/token';

/** Requests other than those for a token. */
export const calls = (requests: readonly SentRequest[]) => requests.filter((request) => !isToken(request));

/** A DNS request to a malware domain, `second` seconds after the epoch second 1 700 000 000. */
export const dnsRecord = (second: number, domain = `d${second}.example`) => ({
	type: 'dns',
	domain,
	querytype: 'A',
	internalip: '10.1.1.1',
	externalip: '198.51.100.9',
	timestamp: (1_700_000_000 + second) * 1_000,
	verdict: 'blocked',
	categories: [{ id: 66, label: 'Malware', type: 'security' }],
	identities: [{ id: 1, label: 'LAPTOP-7', type: { id: 34, type: 'anyconnect', label: '' } }],
	threats: [],
});
