import type { VendorFactory } from '../machine/vendor';
import { createCmx } from './cmx';
import { createIse } from './ise';
import { createSecureEndpoint } from './secureEndpoint';
import { createSecureMalwareAnalytics } from './secureMalwareAnalytics';
import { createSecureNetworkAnalytics } from './secureNetworkAnalytics';
import { createServiceNow } from './serviceNow';
import { createUmbrella } from './umbrella';
import { createVirusTotal } from './virusTotal';
import { createWebex } from './webex';

/** Every vendor that the lab plays. */
export const vendorFactories: readonly VendorFactory[] = [
	createSecureEndpoint,
	createUmbrella,
	createSecureNetworkAnalytics,
	createIse,
	createWebex,
	createServiceNow,
	createSecureMalwareAnalytics,
	createVirusTotal,
	createCmx,
];
