import fc from 'fast-check';
import { PRESETS } from '../../../../../ledger/presets';
import { policyProblems, validatePolicy } from '../../../../../ledger/policy';
import { draftOf, RULES_PER_PAGE, stepOf } from '../../../../../nodes/RtcConsole/pages/policy/draft';
import { elementsOf, textOfElements } from '../../../../../nodes/RtcConsole/pages/policy/elements';
import { editForm } from '../../../../../nodes/RtcConsole/pages/policy/editView';
import { CATEGORIES, knownEventTypes, namesOf } from '../../../../../nodes/RtcConsole/pages/policy/eventTypes';
import { FieldProblems } from '../../../../../nodes/RtcConsole/pages/policy/fieldProblems';
import { policyText } from '../../../../../nodes/RtcConsole/pages/policy/jsonView';
import { SETTING_GROUPS } from '../../../../../nodes/RtcConsole/pages/policy/settings';
import { fitsForm } from '../../../../../nodes/RtcConsole/pages/policy';
import { formFields, pageContext } from './pageContext';

type Draft = Record<string, unknown>;
const asDraft = (policy: unknown) => structuredClone(policy) as Draft;

/** What a browser posts from the form of a draft, with these changes. */
function posted(draft: Draft, changes: Record<string, string> = {}, page = 0): URLSearchParams {
	const { text } = editForm(pageContext(), { base: 1, draft, page, problems: new FieldProblems([]), unrated: [] });
	return new URLSearchParams({ ...formFields(text), ...changes });
}

function read(form: URLSearchParams): Draft {
	const result = draftOf(form);
	if ('problem' in result) throw new Error(result.problem);
	return result.draft;
}

describe('several values in one input', () => {
	it('come back as they were', () => {
		const element = fc.string().map((text) => text.trim()).filter((text) => text !== '');
		fc.assert(fc.property(fc.array(element), (elements) => expect(elementsOf(textOfElements(elements))).toEqual(elements)));
	});

	it.each([
		['a', ['a']], [' a | b ', ['a', 'b']], ['a||', ['a']], ['', []], ['a\\|b', ['a|b']], ['a\\', ['a\\']],
	])('%j are %j', (text, expected) => expect(elementsOf(text)).toEqual(expected));
});

describe('a form that nobody touched', () => {
	const custom = asDraft({
		...PRESETS.balanced,
		approval: { expiry: 'PT15M', quorum: 2 },
		sourceCap: { factor: null, perSource: { umbrella: 50 } },
		weights: [{ type: 'cidr', value: '10.0.0.0/8', weight: 2 }],
		rules: [
			{ source: '*', eventType: ['a|b', 'c\\d'], category: ['x'], severity: ['High', 'Low'], penalty: 2.5, reason: ' spaces\nand "lines" ' },
			{ source: 'xdr', penalty: 5, reason: 'r', repeat: { mode: 'oncePer', window: 'P1D', scope: ['target'] } },
		],
	});
	it.each([['balanced', asDraft(PRESETS.balanced)], ['classic', asDraft(PRESETS.classic)], ['one of its own', custom]])(
		'leaves the policy %s exactly as it is, on every page of its rules',
		(_name, draft) => {
			expect(policyProblems(draft)).toEqual([]);
			const pages = Math.ceil((draft.rules as unknown[]).length / RULES_PER_PAGE);
			for (let page = 0; page < pages; page++) expect(read(posted(draft, {}, page))).toEqual(draft);
		},
	);
});

describe('what was typed', () => {
	const draft = asDraft(PRESETS.balanced);
	it.each<[string, Record<string, string>, (result: Draft) => unknown, unknown]>([
		['a threshold', { threshold: '90' }, ({ threshold }) => threshold, 90],
		['no half-life', { halfLife: '' }, ({ halfLife }) => halfLife, null],
		['a quorum', { 'approval.quorum': '2' }, ({ approval }) => approval, { expiry: 'PT15M', quorum: 2 }],
		['a mode', { mode: 'observe' }, ({ mode }) => mode, 'observe'],
		['networks', { 'identity.internalNetworks': '10.0.0.0/8 | fc00::/7' }, ({ identity }) => (identity as Draft).internalNetworks, ['10.0.0.0/8', 'fc00::/7']],
		[
			'no breaker',
			{ 'guards.breaker.limit': '', 'guards.breaker.window': '', 'guards.breaker.maxShare': '', 'guards.breaker.shareFloor': '' },
			({ guards }) => (guards as Draft).breaker, null,
		],
		['a penalty', { 'rules[3].penalty': '7.5' }, ({ rules }) => (rules as Draft[])[3].penalty, 7.5],
		['two event types', { 'rules[3].eventType': 'a | b' }, ({ rules }) => (rules as Draft[])[3].eventType, ['a', 'b']],
		['any event type', { 'rules[3].eventType': '' }, ({ rules }) => 'eventType' in (rules as Draft[])[3], false],
		['a repeat', { 'rules[3].repeatMode': 'oncePer', 'rules[3].repeatWindow': 'PT2H' }, ({ rules }) => (rules as Draft[])[3].repeat, { mode: 'oncePer', window: 'PT2H' }],
	])('%s is taken over, and nothing else changes', (_what, typed, look, expected) => {
		const result = read(posted(draft, typed));
		expect(look(result)).toEqual(expected);
		expect(policyProblems(result)).toEqual([]);
		const back = read(posted(result, formFieldsOf(draft, typed)));
		expect(back).toEqual(draft);
	});

	/** What these fields showed before. */
	function formFieldsOf(before: Draft, typed: Record<string, string>): Record<string, string> {
		const original = posted(before);
		return Object.fromEntries(Object.keys(typed).map((name) => [name, original.get(name) as string]));
	}

	it('an unticked box is false', () => {
		const form = posted(draft);
		form.delete('containment.isolateConnector');
		expect((read(form).containment as Draft).isolateConnector).toBe(false);
	});

	it('what is no number stays as typed, and is named by its path', () => {
		const result = read(posted(draft, { threshold: 'many', 'rules[2].penalty': '1e9', 'rules[4].source': '' }));
		expect(policyProblems(result).map(({ path }) => path)).toEqual(['threshold', 'rules[2].penalty', 'rules[4].source']);
		const { text } = editForm(pageContext(), { base: 1, draft: result, page: 0, problems: new FieldProblems(policyProblems(result)), unrated: [] });
		expect(text).toContain('name="threshold" value="many"');
		expect(text).toMatch(/name="threshold"[^>]*aria-invalid="true" aria-describedby="problem-threshold"/);
		expect(text).toMatch(/<span class="removed" id="problem-threshold">must be a number<\/span>/);
		expect(text).toMatch(/name="rules\[2\]\.penalty"[^>]*aria-invalid="true"/);
	});

	it('names that are no fields of a policy change nothing', () => {
		const result = read(posted(draft, { '__proto__.polluted': '1', 'constructor.prototype.polluted': '1', 'rules[0].__proto__': 'x', 'rules[9999].source': 'x', protected: 'x' }));
		expect(result).toEqual(draft);
		expect(({} as Draft).polluted).toBeUndefined();
	});

	it('a rule is added at the end and removed where it stands', () => {
		const rules = draft.rules as unknown[];
		const added = posted(draft, { do: 'add' });
		expect((read(added).rules as unknown[]).slice(0, -1)).toEqual(rules);
		expect(stepOf(added, rules.length + 1)).toEqual({ do: 'edit', page: Math.floor(rules.length / RULES_PER_PAGE) });
		const removed = posted(draft, { do: 'remove:30' }, 1);
		expect(read(removed).rules).toEqual(rules.toSpliced(30, 1));
		expect(stepOf(removed, rules.length - 1)).toEqual({ do: 'edit', page: 1 });
	});
});

describe('any post', () => {
	it('is read without an exception, and saves nothing by itself', () => {
		const name = fc.oneof(fc.constantFrom('draft', 'json', 'do', 'settings', 'threshold', 'rules[0].source', 'rules[0].penalty', 'days', 'guards.breaker.limit'), fc.string());
		const value = fc.oneof(fc.string(), fc.json(), fc.constantFrom('remove:0', 'page:99', 'add', 'whatIf', '{"rules":[1,null,{}]}', '{"guards":3}'));
		fc.assert(
			fc.property(fc.array(fc.tuple(name, value)), (pairs) => {
				const form = new URLSearchParams(pairs);
				const result = draftOf(form);
				if ('problem' in result) return;
				const page = stepOf(form, Array.isArray(result.draft.rules) ? result.draft.rules.length : 0);
				expect(['edit', 'json', 'review', 'whatIf']).toContain(page.do);
				expect(policyProblems(result.draft).length).toBeGreaterThan(0);
				editForm(pageContext(), { base: 1, draft: result.draft, page: 0, problems: new FieldProblems(policyProblems(result.draft)), unrated: [] });
			}),
		);
	});

	it.each([['no JSON', '{'], ['a list', '[]'], ['nothing', ''], ['null', 'null']])('%s is a problem in words', (_what, json) => {
		expect(draftOf(new URLSearchParams({ json }))).toMatchObject({ problem: expect.stringMatching(/JSON/) as string, text: json });
	});
});

describe('JSON', () => {
	it('is the same policy, and short enough to be posted when its draft was', () => {
		for (const policy of [PRESETS.balanced, PRESETS.classic]) {
			expect(JSON.parse(policyText(asDraft(policy)))).toEqual(policy);
			expect(fitsForm(policy)).toBe(true);
			expect(new URLSearchParams({ json: policyText(asDraft(policy)) }).toString().length).toBeLessThan(60_000);
		}
		const large = { ...PRESETS.balanced, rules: Array.from({ length: 5_000 }, () => PRESETS.balanced.rules[0]) };
		expect(fitsForm(large)).toBe(false);
	});
});

describe('the catalogue', () => {
	it('offers event types by id with their names, and those seen that no rule rates', () => {
		const seen = { source: 'umbrella', eventType: { id: '999', name: 'Brand new' }, detections: 3, firstSeenAt: '', lastSeenAt: '' };
		const types = knownEventTypes([seen]);
		expect(types).toContainEqual({ source: 'secureEndpoint', value: '1107296272', name: 'Executed malware' });
		expect(types).toContainEqual({ source: 'umbrella', value: '999', name: 'Brand new' });
		expect(types.filter(({ source }) => source === 'secureNetworkAnalytics').map(({ name }) => name)).toContain('Data Exfiltration');
		expect(CATEGORIES.map(({ name }) => name)).toContain('Command and Control');
		expect(namesOf(['1107296272'], 'secureEndpoint')).toEqual(['Executed malware']);
		expect(namesOf(['1107296272'], 'umbrella')).toEqual([]);
	});
});

describe('settings', () => {
	it('every field outside the lists has an input, in every preset', () => {
		const paths = SETTING_GROUPS.flatMap(({ settings }) => settings.map(({ path }) => path));
		const leaves = (value: unknown, path = ''): string[] => (value !== null && typeof value === 'object' && !Array.isArray(value)
			? Object.entries(value).flatMap(([name, inner]) => leaves(inner, path === '' ? name : `${path}.${name}`))
			: [path]);
		const policy = validatePolicy(PRESETS.balanced);
		const lists = ['rules', 'weights', 'protected'];
		expect(leaves(policy).filter((path) => !paths.includes(path) && !lists.includes(path))).toEqual([]);
	});
});
