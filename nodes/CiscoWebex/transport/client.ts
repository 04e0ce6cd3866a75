import type { ICredentialDataDecryptedObject, IDataObject } from 'n8n-workflow';
import type { ApiClient, ApiContext, ApiResponse } from '../../shared/http';
import { usableText } from '../../shared/identity';
import { isObject, objectsIn, parseJson } from '../../shared/json';

/** Fields of the credential `ciscoRtcWebexBotApi`. */
export interface WebexCredential extends ICredentialDataDecryptedObject {
	accessToken: string;
	/** With the version of the API, e.g. `https://webexapis.com/v1`. */
	baseUrl: string;
	/** Lines for `readDeciders`; absent in credentials from before there were any. */
	deciders: string;
}

/** How one execution reaches Webex. */
export interface WebexClient {
	api: ApiClient;
	/** Path before every call, e.g. `/v1`. */
	basePath: string;
}

/** Wait after a 429 without `Retry-After`, as Cisco's own SDK has it; ms. */
const DEFAULT_WAIT_MS = 15_000;

/** A client for the bot of the credential. Bot tokens do not expire. */
export async function webexClient(context: ApiContext): Promise<WebexClient> {
	const { accessToken, baseUrl } = await context.getCredentials<WebexCredential>('ciscoRtcWebexBotApi');
	const { origin, pathname } = new URL(baseUrl.trim());
	return {
		api: {
			product: 'Cisco Webex',
			baseUrl: origin,
			authorize: async () => ({ Authorization: `Bearer ${accessToken.trim()}` }),
			canRefresh: false,
			describeError,
			quotaResetMs: () => DEFAULT_WAIT_MS,
		},
		basePath: pathname.replace(/\/+$/, ''),
	};
}

const MAX_REASON = 1_000;

/** What Webex says, with the tracking ID that its support asks for. */
function describeError({ text, headers }: ApiResponse): string | undefined {
	const { message, errors, trackingId = headers.trackingid } = errorBody(text);
	const given = [message, ...objectsIn(errors).map(({ description }) => description)];
	const reason = [...new Set(given.flatMap((one) => usableText(one, MAX_REASON) ?? []))].join('; ');
	if (!reason) return undefined;
	const tracking = usableText(trackingId, MAX_REASON);
	return tracking === undefined ? reason : `${reason} (tracking ID ${tracking})`;
}

function errorBody(text: string): IDataObject {
	try {
		const body = parseJson(text);
		return isObject(body) ? body : {};
	} catch {
		return {};
	}
}
