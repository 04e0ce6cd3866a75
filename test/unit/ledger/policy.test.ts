import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { parseDuration, PolicyError, PRESETS, validatePolicy } from '../../../ledger';
import { detection } from './helpers';
import { compilePolicy } from '../../../ledger/compiledPolicy';
import { EVENT_TYPES as ENDPOINT_TYPES } from '../../../lab/vendors/secureEndpoint/eventTypes';
import { EVENT_TYPES as NETWORK_TYPES } from '../../../lab/vendors/secureNetworkAnalytics/catalogue';
import { SECURITY_CATEGORIES } from '../../../nodes/CiscoUmbrella/categories';
import { defaultPolicyDoc } from '../../support/defaultPolicyDoc';

const changed = (path: string, value: unknown): unknown => {
	const policy = structuredClone(PRESETS.balanced) as unknown as Record<string, unknown>;
	const names = path.split('.');
	let at = policy;
	for (const name of names.slice(0, -1)) at = at[name] as Record<string, unknown>;
	if (value === undefined) delete at[names[names.length - 1]];
	else at[names[names.length - 1]] = value;
	return policy;
};

const problemsOf = (value: unknown): string[] => {
	try {
		validatePolicy(value);
		return [];
	} catch (error) {
		if (error instanceof PolicyError) return error.problems.map(({ path }) => path);
		throw error;
	}
};

describe('validatePolicy', () => {
	it.each(Object.entries(PRESETS))('accepts the preset %s', (_name, preset) => {
		expect(validatePolicy(preset)).toEqual(preset);
	});

	it.each([
		['threshold', 'high', 'threshold'],
		['threshold', undefined, 'threshold'],
		['threshold', NaN, 'threshold'],
		['rearmBelow', 81, 'rearmBelow'],
		['bands.orange', 10, 'bands.orange'],
		['rearmBelow', { toString: '' }, 'rearmBelow'],
		['mode', 'off', 'mode'],
		['halfLife', 'P1Y', 'halfLife'],
		['halfLife', '', 'halfLife'],
		['repeat', { mode: 'oncePer' }, 'repeat.window'],
		['repeat', { mode: 'once', scope: ['colour'] }, 'repeat.scope[0]'],
		['rules', [{ source: 'x', penalty: -1, reason: 'r' }], 'rules[0].penalty'],
		['rules', [{ source: 'x', penalty: 1, reason: 'r', eventtype: '1' }], 'rules[0].eventtype'],
		['rules', [{ source: 'x', penalty: 1, reason: 'r', eventType: [] }], 'rules[0].eventType'],
		['weights', [{ type: 'cidr', value: '10.0.0.0/40', weight: 1 }], 'weights[0].value'],
		['protected', [{ type: 'oui', value: '00:11', reason: 'r' }], 'protected[0].value'],
		['crossing.ip', 'maybe', 'crossing.ip'],
		['guards.breaker.window', 'ten minutes', 'guards.breaker.window'],
		['guards.minimumSources', 1.5, 'guards.minimumSources'],
		['containment.isolateConnector', 'yes', 'containment.isolateConnector'],
		['identity.internalNetworks', ['10.0.0.0/8', 'office'], 'identity.internalNetworks[1]'],
		['surprise', 1, 'surprise'],
	])('%s = %j is a problem at %s', (path, value, at) => expect(problemsOf(changed(path, value))).toEqual([at]));

	it('lists every problem at once', () => {
		const policy = changed('mode', 'off') as Record<string, unknown>;
		policy.threshold = -1;
		policy.rules = [{}];
		expect(problemsOf(policy)).toEqual(expect.arrayContaining(['mode', 'threshold', 'rules[0].source', 'rules[0].penalty', 'rules[0].reason']));
	});

	it('answers any JSON with a policy or a PolicyError', () => {
		fc.assert(fc.property(fc.jsonValue(), (value) => problemsOf(value).length > 0), { numRuns: 300 });
		const field = fc.constantFrom(...Object.keys(PRESETS.balanced));
		fc.assert(fc.property(field, fc.jsonValue(), (name, value) => Array.isArray(problemsOf({ ...PRESETS.balanced, [name]: value }))), { numRuns: 500 });
	});
});

describe('the balanced preset', () => {
	const policy = compilePolicy(PRESETS.balanced, 1);
	const penaltyOf = (changes: object) => policy.matching(detection(changes)).reduce((sum, { penalty }) => sum + penalty, 0);

	it.each([
		['secureEndpoint', { id: '1107296272', name: 'Executed malware' }, [], 60],
		['secureEndpoint', { id: '1107296274', name: 'Cloud IOC' }, [], 40],
		['secureEndpoint', { id: '1107296284', name: 'Potential Ransomware' }, [], 80],
		['secureEndpoint', { id: '553648143', name: 'Threat Quarantined' }, [], 5],
		['secureEndpoint', { id: '553648130', name: 'Policy Update' }, [], 0],
		['umbrella', { id: 'dns', name: 'DNS' }, ['Command and Control'], 50],
		['umbrella', { id: 'dns', name: 'DNS' }, ['Command and Control', 'Malware'], 90],
		['umbrella', { id: 'dns', name: 'DNS' }, ['Newly Seen Domains'], 5],
		['secureNetworkAnalytics', { id: '42', name: 'Worm Propagation' }, [], 50],
		['secureNetworkAnalytics', { id: '7', name: 'Brute Force Login' }, [], 25],
	])('%s %j %j costs %d', (source, eventType, categories, penalty) => {
		expect(penaltyOf({ source, eventType, categories })).toBe(penalty);
	});
});

describe('the default rules', () => {
	const { rules } = PRESETS.balanced;
	const policy = compilePolicy(PRESETS.balanced, 1);
	const ofSource = (source: string) => rules.filter((rule) => rule.source === source);

	/** The catalogues are those of the lab, which is written from the vendors' documents. */
	it.each(ENDPOINT_TYPES.map(({ id, name }) => [name, String(id)]))('rate "%s" (%s) of Secure Endpoint, once', (name, id) => {
		const matching = policy.matching(detection({ source: 'secureEndpoint', eventType: { id, name } }));
		expect(matching.map(({ penalty }) => penalty)).toHaveLength(1);
		expect(policy.matching(detection({ source: 'secureEndpoint', eventType: { id, name: id } }))).toEqual(matching);
	});

	it.each(NETWORK_TYPES.filter(({ name }) => !['Host Lock Violation', 'High Volume Email', 'Mail Relay'].includes(name)).map(({ name }) => [name]))(
		'rate "%s" of Secure Network Analytics by name, once',
		(name) => expect(policy.matching(detection({ source: 'secureNetworkAnalytics', eventType: { id: '9999', name } }))).toHaveLength(1),
	);

	it.each(SECURITY_CATEGORIES.map(({ id, label }) => [label, String(id)]))('rate "%s" (%s) of Umbrella, once', (name, id) => {
		expect(policy.matching(detection({ source: 'umbrella', eventType: { id, name }, categories: [name] }))).toHaveLength(1);
	});

	it.each(['dns', 'proxy', 'firewall', 'ip'])('know Umbrella activity of kind %s without a sign of a threat', (id) => {
		const matching = policy.matching(detection({ source: 'umbrella', eventType: { id, name: id }, severity: 'Unknown' }));
		expect(matching.map(({ penalty }) => penalty)).toEqual([0]);
	});

	it.each(['secureEndpoint', 'umbrella', 'secureNetworkAnalytics'])('name no event type of %s twice', (source) => {
		const named = ofSource(source).flatMap(({ eventType, category, severity }) =>
			[eventType ?? [], category ?? []].flat().flatMap((name) => [severity ?? ['any']].flat().map((one) => `${name.toLowerCase()} ${one}`)),
		);
		expect(named.filter((name, i) => named.indexOf(name) !== i)).toEqual([]);
	});

	it('give a reason of their own for each', () => {
		const given = rules.filter(({ source }) => ['secureEndpoint', 'umbrella', 'secureNetworkAnalytics'].includes(source));
		const names = given.map(({ eventType, category }) => [eventType ?? [], category ?? []].flat().map((name) => name.toLowerCase())).flat();
		for (const { reason } of given) {
			expect(reason.length).toBeGreaterThan(15);
			expect(names).not.toContain(reason.toLowerCase());
		}
	});

	it('are what docs/default-policy.md says', () => {
		const file = join(__dirname, '../../../docs/default-policy.md');
		if (process.env.UPDATE_DOCS) writeFileSync(file, defaultPolicyDoc(PRESETS.balanced));
		expect(readFileSync(file, 'utf8')).toBe(defaultPolicyDoc(PRESETS.balanced));
	});

	it('the document names every rule', () => {
		const text = defaultPolicyDoc(PRESETS.balanced);
		const missing = rules.filter(({ penalty, reason }) => !text.includes(`| ${penalty} |`) || !text.includes(`| ${reason} |`));
		expect(missing).toEqual([]);
		const bySource = (source: string) => ofSource(source).map(({ source: _source, ...rest }) => rest);
		for (const source of ['secureFirewall', 'xdr', 'globalThreatAlerts', 'gigamonThreatInsight']) {
			expect(bySource(source)).toEqual(bySource('secureWorkload'));
		}
	});
});

describe('parseDuration', () => {
	it.each([
		['PT4H', 14_400_000],
		['P1DT12H', 129_600_000],
		['PT0S', 0],
		['P2W', 1_209_600_000],
		['PT1.5S', 1_500],
		['P7D', 604_800_000],
		['P1M', undefined],
		['P1Y', undefined],
		['PT', undefined],
		['P', undefined],
		['4 hours', undefined],
		['-PT1H', undefined],
	])('%s is %s ms', (text, ms) => expect(parseDuration(text)).toBe(ms));
});
