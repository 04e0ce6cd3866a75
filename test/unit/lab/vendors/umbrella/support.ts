import type { LabResponse, VendorEvent } from '../../../../../lab/machine/vendor';
import { createUmbrella } from '../../../../../lab/vendors/umbrella';
import type { WorldHost } from '../../../../../lab/world/world';
import { basic, type CallOptions, send, START, testContext } from '../shared/testLab';

export const API = 'https://api.umbrella.com';
export const WINDOW = 'from=-1days&to=now&limit=100';

interface Credentials {
	apiKey: string;
	keySecret: string;
	orgId: number;
	limited: { apiKey: string; keySecret: string };
}

/** A vendor with its clock, and calls that bring a bearer token along. */
export function umbrellaLab(hosts?: WorldHost[]) {
	const lab = testContext(hosts);
	const vendor = createUmbrella(lab.context);
	const credentials = vendor.credentials() as unknown as Credentials;
	const requestToken = (
		key = credentials.apiKey,
		secret = credentials.keySecret,
		options: CallOptions = {},
	) =>
		send(vendor, 'POST', `${API}/auth/v2/token`, {
			form: { grant_type: 'client_credentials' },
			...options,
			headers: { authorization: basic(key, secret), ...options.headers },
		});
	const token = async (key?: string, secret?: string) => bodyOf(await requestToken(key, secret)).access_token;
	let cached: string | undefined;
	const call = async (method: string, path: string, options: CallOptions = {}) => {
		cached ??= await token();
		const url = path.startsWith('https:') ? path : API + path;
		return await send(vendor, method, url, {
			...options,
			headers: { authorization: `Bearer ${cached}`, ...options.headers },
		});
	};
	const emit = (event: Partial<VendorEvent> = {}) =>
		vendor.emit?.({ at: START, hostname: 'LAP-001', type: 'dns', ...event });
	return { ...lab, vendor, credentials, requestToken, token, call, emit };
}

// eslint-disable-next-line @typescript-eslint/no-explicit-any
export function bodyOf(response: LabResponse): any {
	return response.body;
}
