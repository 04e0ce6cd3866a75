import { AMP, NOISE_PARTS, NOISE_STEPS } from './noise';
import type { Scenario } from './scenario';

/**
 * The network sees the same implant by the laptop's MAC. It names no user: points of Umbrella and of the network for
 * one user would add up to a question about the user before the laptop itself crosses.
 */
export const commandAndControl: Scenario = {
	name: 'commandAndControl',
	title: 'Two laptops call home',
	story:
		'A quiet implant on two laptops: no file is ever blocked, but both ask for the same odd names again and again, ' +
		'and something rewrites their start-up entries.',
	durationMs: 180_000,
	parts: { ...NOISE_PARTS, implanted: { count: 2, infected: true } },
	steps: [
		...NOISE_STEPS,
		{
			who: 'implanted',
			atMs: 4_000,
			spreadMs: 10_000,
			times: 8,
			everyMs: 12_000,
			vendor: 'umbrella',
			type: 'dns',
			data: {
				domain: 'ns1.weather-widget-api.example',
				categories: ['Command and Control'],
				verdict: 'blocked',
				threat: 'Cobalt Strike',
			},
		},
		{
			who: 'implanted',
			atMs: 10_000,
			spreadMs: 10_000,
			times: 6,
			everyMs: 15_000,
			vendor: 'secureNetworkAnalytics',
			type: 'Bot Infected Host - Attempted C&C Activity',
			data: { peerIp: '203.0.113.53', peerPort: 53, protocol: 'udp', mac: true, user: false },
		},
		{
			who: 'implanted',
			atMs: 30_000,
			spreadMs: 20_000,
			vendor: 'secureEndpoint',
			type: AMP.cloudIoc,
			data: {
				detection: 'W32.RunKeyPersistence.ioc',
				sha256: '{sha256}',
				fileName: 'reg.exe',
				severity: 'Medium',
			},
		},
		{
			who: 'implanted',
			atMs: 60_000,
			spreadMs: 20_000,
			vendor: 'secureEndpoint',
			type: AMP.threatDetected,
			data: {
				detection: 'W32.CobaltStrike.Beacon',
				sha256: '{sha256}',
				fileName: 'widget.dll',
				severity: 'High',
			},
		},
	],
	expectation: {
		contain: ['implanted'],
		maxAutomatic: 2,
		text: 'Exactly the two laptops that call home are taken off the network.',
	},
};
