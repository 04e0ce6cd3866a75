import path from 'node:path';
import type { AxiosError, AxiosStatic, InternalAxiosRequestConfig } from 'axios';
import { virtualTime } from '../virtualTime';

/** Long enough for the lab to have taken the call. */
const PATIENCE_MS = 300;

interface Shortened extends InternalAxiosRequestConfig {
	/** What the caller would have waited, ms. */
	wouldWaitMs?: number;
}

/** The one that n8n's request helpers use. */
const network = path.dirname(require.resolve('@n8n/backend-network', { paths: [require.resolve('n8n-core')] }));
const axios = jest.requireActual<AxiosStatic>(require.resolve('axios', { paths: [network] }));

/**
 * Calls to these paths give up after a moment instead of their time-out, and virtual time moves by the whole of it.
 * For calls that the lab does not answer: others could give up for nothing.
 *
 * @returns what ends it
 */
export function shortenTimeouts(isSilent: (method: string, url: URL) => boolean): () => void {
	const { request, response } = axios.interceptors;
	const onRequest = request.use((config: Shortened) => {
		if (isSilent(String(config.method).toUpperCase(), new URL(axios.getUri(config)))) {
			config.wouldWaitMs = config.timeout;
			config.timeout = PATIENCE_MS;
		}
		return config;
	});
	const onResponse = response.use(undefined, async (error: AxiosError) => {
		const { wouldWaitMs } = (error.config ?? {}) as Shortened;
		if (error.code === 'ECONNABORTED' && wouldWaitMs) virtualTime.advance(wouldWaitMs - PATIENCE_MS);
		throw error;
	});
	return () => {
		request.eject(onRequest);
		response.eject(onResponse);
	};
}
