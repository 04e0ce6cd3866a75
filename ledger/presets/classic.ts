import type { Policy } from '../policy';
import { BALANCED } from './balanced';

/**
 * The oldest system, event for event: penalties are added up for ever, the same source on the same target and
 * observable counts once for ever whatever the event type, nothing fades, nothing guards, and only a person releases.
 * Names are taken as they come: a computer or user of two domains is two, and any address that can be a host's counts.
 */
export const CLASSIC: Policy = {
	...BALANCED,
	name: 'classic',
	threshold: 100,
	rearmBelow: 0,
	bands: { yellow: 25, orange: 50, red: 75 },
	halfLife: null,
	repeat: { mode: 'once', scope: ['target', 'observable'] },
	sourceCap: { factor: null },
	crossing: { mac: 'contain', hostname: 'contain', user: 'none', ip: 'none' },
	guards: { minimumSources: 0, breaker: null, grace: 'PT0S' },
	containment: { ...BALANCED.containment, releaseAfter: null, releaseFactor: 1, releaseJitter: 0 },
	identity: { ...BALANCED.identity, internalNetworks: ['0.0.0.0/0', '::/0'], userDomain: 'keep', hostnameDomain: 'keep' },
};
