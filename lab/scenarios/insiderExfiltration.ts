import { AMP, NOISE_PARTS, NOISE_STEPS } from './noise';
import type { Scenario } from './scenario';

const DROP_SITE = 'big-file-drop.example';
const DROP_ADDRESS = '203.0.113.66';
const FILE_SERVER = 'srv-file01';

/**
 * The network sees most of it, and that is not enough: 70 points by the laptop's MAC. What adds up with them is the
 * copying tool that Secure Endpoint finds, by the same MAC. Umbrella knows names and users, no MACs; it stays small
 * so that the user, who would only be asked about, never crosses before the laptop does.
 */
export const insiderExfiltration: Scenario = {
	name: 'insiderExfiltration',
	title: 'An employee leaves with the files',
	story:
		'Somebody who has given notice copies the file server to a laptop, and from there to a file sharing site that ' +
		'nobody has used before. A backup server does its work, and looks almost the same.',
	durationMs: 180_000,
	parts: {
		...NOISE_PARTS,
		insider: { count: 1, infected: true },
		backup: { count: 1, hostname: 'srv-backup01' },
		scanner: { count: 1, hostname: 'srv-jump01' },
	},
	steps: [
		...NOISE_STEPS,
		{
			who: 'backup',
			atMs: 3_000,
			times: 3,
			everyMs: 30_000,
			vendor: 'secureNetworkAnalytics',
			type: 'Suspect Data Hoarding',
			data: { peerHostname: FILE_SERVER, peerPort: 445, hitCount: 6, mac: true },
		},
		{
			who: 'backup',
			atMs: 80_000,
			vendor: 'secureNetworkAnalytics',
			type: 'Suspect Data Loss',
			data: { peerIp: '203.0.113.80', peerPort: 443, hitCount: 4, mac: true },
		},
		{
			who: 'scanner',
			atMs: 15_000,
			times: 3,
			everyMs: 20_000,
			vendor: 'secureNetworkAnalytics',
			type: 'Port Scan',
			data: { peerHostname: FILE_SERVER, peerPort: 22, hitCount: 40 },
		},
		{
			who: 'healthy',
			atMs: 10_000,
			spreadMs: 90_000,
			vendor: 'secureNetworkAnalytics',
			type: 'High Total Traffic',
			data: { peerHostname: FILE_SERVER, peerPort: 445 },
		},
		{
			who: 'insider',
			atMs: 8_000,
			times: 4,
			everyMs: 10_000,
			vendor: 'secureNetworkAnalytics',
			type: 'Suspect Data Hoarding',
			data: { peerHostname: FILE_SERVER, peerPort: 445, hitCount: 12, user: true, mac: true },
		},
		{
			who: 'insider',
			atMs: 45_000,
			times: 5,
			everyMs: 15_000,
			vendor: 'umbrella',
			type: 'dns',
			data: {
				domain: DROP_SITE,
				categories: ['Newly Seen Domains', 'File Transfer Services'],
				verdict: 'allowed',
			},
		},
		{
			who: 'insider',
			atMs: 60_000,
			vendor: 'secureEndpoint',
			type: AMP.threatDetected,
			data: {
				detection: 'PUA.Win.Tool.MassUpload',
				sha256: '{sha256}',
				fileName: 'fastcopy.exe',
				severity: 'Medium',
			},
		},
		{
			who: 'insider',
			atMs: 75_000,
			times: 4,
			everyMs: 12_000,
			vendor: 'secureNetworkAnalytics',
			type: 'Data Exfiltration',
			data: { peerIp: DROP_ADDRESS, peerPort: 443, hitCount: 8, user: true, mac: true },
		},
	],
	expectation: {
		contain: ['insider'],
		maxAutomatic: 1,
		text: 'Exactly the laptop that hoards and uploads is taken off the network; the backup server is not.',
	},
};
