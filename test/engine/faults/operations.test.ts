import { vendorOperations } from '../../support/faults/operations';
import { SCENES } from '../../support/faults/scenes';

const LOOKED_UP = 'fills in what the console shows, and says what it could not: test/engine/console.test.ts';

/** Operations that the matrix does not play, and why. */
const ELSEWHERE: Record<string, string> = {
	'webex ciscoWebexTrigger': 'n8n calls it, and Webex: test/unit/nodes/CiscoWebex plays what goes wrong then',
	'secureMalwareAnalytics file: get': LOOKED_UP,
	'virusTotal httpRequest': LOOKED_UP,
	'cmx httpRequest': LOOKED_UP,
	'webex ciscoWebexReplyTrigger': 'comes switched off, and polls like the trigger nodes: test/unit/nodes/CiscoWebex',
};

const used = vendorOperations().map(({ vendor, name }) => `${vendor} ${name}`);
const played = SCENES.map(({ vendor, operation }) => `${vendor} ${operation}`);

it('the matrix plays every operation of the bundled workflows at a vendor', () => {
	expect(used.filter((name) => !played.includes(name) && !ELSEWHERE[name])).toEqual([]);
});

it('and none that they do not use', () => {
	expect([...played, ...Object.keys(ELSEWHERE)].filter((name) => !used.includes(name))).toEqual([]);
	expect(new Set(SCENES.map(({ title }) => title)).size).toBe(SCENES.length);
});
