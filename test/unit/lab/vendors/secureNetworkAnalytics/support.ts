import type { LabResponse, VendorEvent } from '../../../../../lab/machine/vendor';
import { createSecureNetworkAnalytics } from '../../../../../lab/vendors/secureNetworkAnalytics';
import type { WorldHost } from '../../../../../lab/world/world';
import { type CallOptions, send, START, testContext } from '../shared/testLab';

export const SMC = 'https://smc.lab.example';
export const EVENTS = '/sw-reporting/v1/tenants/102/security-events';
export const FLOWS = '/sw-reporting/v2/tenants/102/flows/queries';
export const TAGS = '/smc-configuration/rest/v1/tenants/102/tags';

/** A time as security event and flow queries take it, `ms` after the start of the lab. */
export const queryTime = (ms: number) => `${new Date(START + ms).toISOString().slice(0, 19)}Z`;

/** The hour before the start of the lab. */
export const LAST_HOUR = { from: queryTime(-3_600_000), to: queryTime(0) };

interface Credentials {
	url: string;
	username: string;
	password: string;
	tenantId: number;
	readOnly: { username: string; password: string };
}

// eslint-disable-next-line @typescript-eslint/no-explicit-any
export function bodyOf(response: LabResponse): any {
	return response.body;
}

/** What a browser would send back for the cookies of a login. */
export function cookiesOf({ headers }: LabResponse): { cookie: string; xsrf: string } {
	const pairs = (headers?.['set-cookie'] as string[]).map((line) => line.split(';')[0]);
	const xsrf = pairs.find((pair) => pair.startsWith('XSRF-TOKEN='))?.slice('XSRF-TOKEN='.length) ?? '';
	return { cookie: pairs.join('; '), xsrf };
}

/** A vendor with its clock, and calls that bring a session along. */
export function snaLab(hosts?: WorldHost[]) {
	const lab = testContext(hosts);
	const vendor = createSecureNetworkAnalytics(lab.context);
	const credentials = vendor.credentials() as unknown as Credentials;
	const logIn = (options: CallOptions = {}) =>
		send(vendor, 'POST', `${SMC}/token/v2/authenticate`, {
			form: { username: credentials.username, password: credentials.password },
			...options,
		});
	const session = async (options?: CallOptions) => {
		const { cookie, xsrf } = cookiesOf(await logIn(options));
		return { cookie, 'x-xsrf-token': xsrf };
	};
	let cached: Record<string, string> | undefined;
	const call = async (method: string, path: string, options: CallOptions = {}) => {
		cached ??= await session();
		return await send(vendor, method, SMC + path, { ...options, headers: { ...cached, ...options.headers } });
	};
	const emit = (event: Partial<VendorEvent> = {}) =>
		vendor.emit?.({ at: START - 60_000, hostname: 'LAP-001', type: 'Suspect Data Hoarding', ...event });
	/** Runs a search of security events to its end. */
	const events = async (filter: Record<string, unknown> = {}) => {
		const started = await call('POST', `${EVENTS}/queries`, { json: { timeRange: LAST_HOUR, ...filter } });
		lab.advance(3_000);
		const answer = await call('GET', `${EVENTS}/results/${bodyOf(started).data.searchJob.id}`);
		return bodyOf(answer).data.results;
	};
	return { ...lab, vendor, credentials, logIn, session, call, emit, events };
}
