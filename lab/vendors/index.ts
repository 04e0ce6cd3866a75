import type { VendorFactory } from '../machine/vendor';
import { createIse } from './ise';
import { createSecureEndpoint } from './secureEndpoint';
import { createSecureNetworkAnalytics } from './secureNetworkAnalytics';
import { createServiceNow } from './serviceNow';
import { createUmbrella } from './umbrella';
import { createWebex } from './webex';

/** Every vendor that the lab plays. */
export const vendorFactories: readonly VendorFactory[] = [
	createSecureEndpoint,
	createUmbrella,
	createSecureNetworkAnalytics,
	createIse,
	createWebex,
	createServiceNow,
];
