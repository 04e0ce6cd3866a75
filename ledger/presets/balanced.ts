import type { Policy } from '../policy';
import { DEFAULT_RULES } from './rules';

/** RFC 1918, RFC 6598 shared address space, and IPv6 unique local addresses. */
export const PRIVATE_NETWORKS = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10', 'fc00::/7'];

/** What products write when they do not know. */
export const PLACEHOLDERS = [
	'unknown', 'n/a', 'na', 'none', 'null', 'undefined', '-', '--', 'not available', 'no hostname found', 'no hash found',
	'no user found', 'no mac found', 'no ip found', 'localhost', 'anonymous',
];

/** The default: scores fade, no single source decides alone, and a person is asked when in doubt. */
export const BALANCED: Policy = {
	name: 'balanced',
	mode: 'enforce',
	threshold: 80,
	rearmBelow: 60,
	bands: { yellow: 20, orange: 40, red: 60 },
	halfLife: 'PT24H',
	repeat: { mode: 'oncePer', window: 'PT1H' },
	sourceCap: { factor: 3 },
	rules: DEFAULT_RULES,
	weights: [],
	crossing: { mac: 'contain', hostname: 'contain', user: 'approve', ip: 'none' },
	guards: {
		minimumSources: 2,
		breaker: { limit: 5, window: 'PT10M', maxShare: 0.2, shareFloor: 5 },
		grace: 'PT30M',
	},
	containment: {
		ancPolicy: 'Quarantine',
		isolateConnector: true,
		releaseAfter: 'PT4H',
		releaseFactor: 2,
		releaseMax: 'P7D',
		releaseJitter: 0.1,
	},
	approval: { expiry: 'PT15M' },
	retry: { attempts: 8, backoff: 'PT30S', maxBackoff: 'PT15M' },
	protected: [],
	identity: {
		internalNetworks: PRIVATE_NETWORKS,
		placeholders: PLACEHOLDERS,
		userDomain: 'strip',
		hostnameDomain: 'strip',
		currentWindow: 'P1D',
	},
};
