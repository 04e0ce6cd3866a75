import { Engine } from '../engine';
import { TROUBLES } from './columns';
import { type Outcome, play } from './play';
import { SCENES } from './scenes';
import { compareTable } from './table';

/** One and the same call in one run: five tries at each of two nodes. */
const MOST_CALLS = 10;
/** Not a limit on what is tested: machines differ, and a cell starts up to three workflows. */
const CELL_MS = 120_000;

const NAMES: Record<string, RegExp> = {
	secureEndpoint: /Secure Endpoint/,
	umbrella: /Umbrella/,
	secureNetworkAnalytics: /Secure Network Analytics/,
	ise: /\bISE\b/,
	webex: /Webex/,
	serviceNow: /ServiceNow/,
};

/** n8n's own ServiceNow node reads no Retry-After: its next try comes when the ledger says, after half a minute and more. */
const isKnownLimit = (misdeed: string) => /^serviceNow .* before the Retry-After/.test(misdeed);

/** The tests of one vendor: every operation in every trouble, and the table of the documentation. */
export function testMatrix(vendor: string): void {
	let engine: Engine;
	beforeAll(async () => (engine = await Engine.start()));
	afterAll(async () => await engine.close());
	const scenes = SCENES.filter((scene) => scene.vendor === vendor);
	const outcomes = new Map<string, Map<string, Outcome>>();

	describe.each(scenes.map((scene) => [scene.title, scene] as const))('%s', (_title, scene) => {
		outcomes.set(scene.title, new Map());
		it.each(TROUBLES.map((trouble) => [trouble.title, trouble] as const))('%s', async (title, trouble) => {
			const played = await play(engine, scene, trouble);
			if (!played.isAdmitted) expect(played.got).toEqual(played.wanted);
			expect(played.misdeeds.filter((text) => !isKnownLimit(text))).toEqual([]);
			expect(played.hits).toBeGreaterThan(0);
			expect(played.mostCalls).toBeLessThanOrEqual(MOST_CALLS);
			if (played.outcome === 'told' || (played.outcome === 'later' && trouble.lasts !== 'standing'))
				expect(played.texts.join('\n')).toMatch(NAMES[vendor]);
			outcomes.get(scene.title)?.set(title, played.outcome);
		}, CELL_MS);
	});

	it('docs/reliability.md says the same', () => compareTable(vendor, scenes, outcomes));
}
