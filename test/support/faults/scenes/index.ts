import type { Scene } from '../scene';
import { INCIDENT_ROOM } from './incidentRoom';
import { ISE } from './ise';
import { SECURE_ENDPOINT } from './secureEndpoint';
import { SECURE_NETWORK_ANALYTICS } from './secureNetworkAnalytics';
import { SERVICE_NOW } from './serviceNow';
import { UMBRELLA } from './umbrella';
import { WEBEX } from './webex';

/** Every row of the matrix. */
export const SCENES: Scene[] = [
	...SECURE_ENDPOINT,
	...UMBRELLA,
	...SECURE_NETWORK_ANALYTICS,
	...ISE,
	...WEBEX,
	...INCIDENT_ROOM,
	...SERVICE_NOW,
];
