import { AMP } from './noise';
import type { Scenario } from './scenario';

const FLEET = 2_000;
const BROWSER = '00a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e8f';

/** Two bad verdicts on the same day, from both sources: the breaker is all that stands between it and an outage. */
export const massFalsePositive: Scenario = {
	name: 'massFalsePositive',
	title: 'Two thousand false alarms in a minute',
	story:
		'A bad signature condemns the newest browser update, and a bad feed the network it comes from. Within one ' +
		'minute, two thousand healthy laptops look infected to both products.',
	durationMs: 180_000,
	fleet: FLEET,
	parts: { fleet: { count: FLEET, fleet: true } },
	steps: [
		{
			who: 'fleet',
			atMs: 0,
			spreadMs: 60_000,
			vendor: 'secureEndpoint',
			type: AMP.executedMalware,
			data: { detection: 'W32.Browser.FP.Gen', sha256: BROWSER, fileName: 'chrome.exe', severity: 'High' },
		},
		{
			who: 'fleet',
			atMs: 0,
			spreadMs: 60_000,
			vendor: 'umbrella',
			type: 'dns',
			data: { domain: 'browser-updates-cdn.example', categories: ['Malware'], verdict: 'blocked' },
		},
	],
	expectation: {
		contain: [],
		mayContain: ['fleet'],
		maxAutomatic: 5,
		text: 'At most five laptops are contained automatically; all others wait for a person.',
	},
};
