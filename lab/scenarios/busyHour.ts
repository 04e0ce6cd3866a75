import { AMP } from './noise';
import type { Scenario, Step } from './scenario';

const OFFICE = 480;
const CURIOUS = 20;
const MINUTE = 60_000;

/** What happens to every laptop all the time, and means nothing. */
function routine(who: string, networkEvents: number): Step[] {
	return [
		{ who, atMs: 0, spreadMs: 12 * MINUTE, times: 4, everyMs: 15 * MINUTE, vendor: 'secureEndpoint', type: AMP.policyUpdate },
		{ who, atMs: MINUTE, spreadMs: 15 * MINUTE, times: 3, everyMs: 19 * MINUTE, vendor: 'secureEndpoint', type: AMP.scanStarted },
		{ who, atMs: 4 * MINUTE, spreadMs: 15 * MINUTE, times: 3, everyMs: 19 * MINUTE, vendor: 'secureEndpoint', type: AMP.scanClean },
		{
			who,
			atMs: 0,
			spreadMs: 9 * MINUTE,
			times: 6,
			everyMs: 10 * MINUTE,
			vendor: 'umbrella',
			type: 'dns',
			data: { domain: '{word}.example', categories: ['Newly Seen Domains'], verdict: 'allowed' },
		},
		{
			who,
			atMs: 0,
			spreadMs: 14 * MINUTE,
			times: networkEvents,
			everyMs: 14 * MINUTE,
			vendor: 'secureNetworkAnalytics',
			type: 'High Total Traffic',
			data: { peerHostname: 'srv-file01', peerPort: 445 },
		},
	];
}

/** Ten thousand events in an hour, from three products: what a source must carry without a 429 and without growing. */
export const busyHour: Scenario = {
	name: 'busyHour',
	title: 'A busy hour',
	story:
		'Five hundred laptops work for an hour: policy updates, scans, new domains, large transfers; now and then a ' +
		'phishing link that Umbrella blocks. Ten thousand events, and nothing that needs anybody.',
	durationMs: 60 * MINUTE,
	fleet: OFFICE + CURIOUS,
	parts: { office: { count: OFFICE, fleet: true }, curious: { count: CURIOUS, fleet: true } },
	steps: [
		...routine('office', 4),
		...routine('curious', 2),
		{
			who: 'curious',
			atMs: 5 * MINUTE,
			spreadMs: 50 * MINUTE,
			vendor: 'umbrella',
			type: 'dns',
			data: { domain: 'parcel-{word}.example', categories: ['Phishing'], verdict: 'blocked' },
		},
		{
			who: 'curious',
			atMs: 5 * MINUTE,
			spreadMs: 50 * MINUTE,
			vendor: 'secureEndpoint',
			type: AMP.threatQuarantined,
			data: { detection: 'PUA.Win.Adware.Toolbar', sha256: '{sha256}', fileName: 'ParcelTracker.exe', severity: 'Low' },
		},
	],
	expectation: { contain: [], maxAutomatic: 0, text: 'Nobody is contained, nobody is asked; no source is asked too often.' },
};
