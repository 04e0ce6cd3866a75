import type { ICredentialTestFunctions, IHttpRequestOptions, INode } from 'n8n-workflow';
import type { ApiContext } from './http';
import type { RetryPolicy } from './retry';

/** Somebody is waiting for the answer. */
export const NO_RETRY: RetryPolicy = { attempts: 1, baseDelayMs: 0, maxDelayMs: 0 };

/**
 * A context for requests out of a credential test. Credential tests only get n8n's older request helper; this gives
 * it the newer one's form.
 *
 * @param displayName of the node, for errors
 * @param type of the node, without the name of the pack
 */
export function credentialTestContext(
	{ helpers }: ICredentialTestFunctions,
	displayName: string,
	type: string,
): ApiContext {
	const httpRequest = async (options: IHttpRequestOptions): Promise<unknown> =>
		await helpers.request({
			method: options.method,
			uri: options.url,
			headers: options.headers,
			body: options.body,
			timeout: options.timeout,
			agentOptions: options.agentOptions,
			...(options.skipSslCertificateValidation && { rejectUnauthorized: false }),
			followRedirect: false,
			resolveWithFullResponse: true,
			simple: false,
		});
	const node: INode = {
		id: 'credential-test',
		name: displayName,
		type: `n8n-nodes-cisco-rtc.${type}`,
		typeVersion: 1,
		position: [0, 0],
		parameters: {},
	};
	return { helpers: { httpRequest }, getNode: () => node } as unknown as ApiContext;
}

/** What went wrong, in words; `undefined` when nothing did. */
export async function reasonOfFailure(work: () => Promise<void>): Promise<string | undefined> {
	try {
		await work();
		return undefined;
	} catch (error) {
		const { message, description } = error as Error & { description?: string };
		return description ? `${message} (${description})` : message;
	}
}
