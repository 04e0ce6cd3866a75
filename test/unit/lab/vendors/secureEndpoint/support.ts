import type { VendorEvent } from '../../../../../lab/machine/vendor';
import { createSecureEndpoint } from '../../../../../lab/vendors/secureEndpoint';
import type { WorldHost } from '../../../../../lab/world/world';
import { basic, type CallOptions, send, START, testContext } from '../shared/testLab';

export const US = 'https://api.amp.cisco.com/v1';

interface Pair {
	clientId: string;
	apiKey: string;
}

export interface Credentials extends Pair {
	readOnly: Pair;
	regions: Record<'us' | 'eu' | 'apjc', Pair & { baseUrl: string; readOnly: Pair }>;
}

/** A vendor with its clock, and calls signed with the US account. */
export function secureEndpointLab(hosts?: WorldHost[]) {
	const lab = testContext(hosts);
	const vendor = createSecureEndpoint(lab.context);
	const credentials = vendor.credentials() as unknown as Credentials;
	const authorization = basic(credentials.clientId, credentials.apiKey);
	const call = (method: string, path: string, options: CallOptions = {}) =>
		send(vendor, method, path.startsWith('https:') ? path : US + path, {
			...options,
			headers: { authorization, ...options.headers },
		});
	const emit = (event: Partial<VendorEvent> = {}) =>
		vendor.emit?.({ at: START, hostname: 'LAP-001', type: '1090519054', ...event });
	return { ...lab, vendor, credentials, call, emit };
}

/** The parsed body of an answer, as a careless client sees it. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export function parsed(response: { body?: unknown }): any {
	return JSON.parse(response.body as string);
}
