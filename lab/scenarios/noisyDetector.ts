import { AMP, NOISE_PARTS, NOISE_STEPS } from './noise';
import type { Scenario } from './scenario';

/** The loud hosts appear in one source only: a second one, however small its points, would make two. */
export const noisyDetector: Scenario = {
	name: 'noisyDetector',
	title: 'One detector cries wolf',
	story:
		'A new signature takes a build tool for a trojan. Five machines compile all morning: hundreds of detections, ' +
		'every one with another file, all from Secure Endpoint.',
	durationMs: 180_000,
	parts: { ...NOISE_PARTS, builders: { count: 5 } },
	steps: [
		...NOISE_STEPS,
		{
			who: 'builders',
			atMs: 3_000,
			spreadMs: 5_000,
			times: 80,
			everyMs: 1_300,
			vendor: 'secureEndpoint',
			type: AMP.threatDetected,
			data: {
				detection: 'W32.GenericTrojan.Heur',
				sha256: '{sha256}',
				fileName: 'build-{n}.obj.exe',
				severity: 'Medium',
			},
		},
	],
	expectation: {
		contain: [],
		maxAutomatic: 0,
		text: 'Nobody is contained automatically: one source alone is not enough. The five builders wait for a person.',
	},
};
