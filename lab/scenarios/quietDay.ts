import { NOISE_PARTS, NOISE_STEPS } from './noise';
import type { Scenario } from './scenario';

export const quietDay: Scenario = {
	name: 'quietDay',
	title: 'A quiet day',
	story: 'Policy updates, clean scans, a little adware, a few doubtful links. Nothing that needs anybody.',
	durationMs: 180_000,
	parts: NOISE_PARTS,
	steps: NOISE_STEPS,
	expectation: { contain: [], maxAutomatic: 0, text: 'Nobody is contained, nobody is asked.' },
};
