import type { LedgerService } from '../../../../../ledger/service';
import { PRESETS } from '../../../../../ledger/presets';
import { policy } from '../../../../../nodes/RtcConsole/pages/policy';
import { ACTOR, detection, HOUR_MS, newLedger, PERSON, plainPolicy, START_MS, type TestLedger } from '../../../ledger/helpers';
import { expectHarmless, formFields, HOSTILE, shown } from './pageContext';

let test: TestLedger;
let ledger: LedgerService;

beforeEach(async () => {
	test = await newLedger();
	({ ledger } = test);
});
afterEach(async () => await test.close());

const post = async (posted: Record<string, string>, role: 'admin' | 'operator' = 'admin') =>
	await shown(policy, { ledger, role, segments: ['draft'], posted: { object: '1', ...posted }, nowMs: test.clock.nowMs });

describe('policy page', () => {
	it('gives admins a form and others the same to read', async () => {
		const admin = await shown(policy, { ledger });
		expect(admin.text).toContain('data-action="updatePolicy" data-object="1"');
		expect(admin.text).toContain('name="threshold" value="80"');
		expect(admin.text).toMatch(/<option value="1107296272">Secure Endpoint: Executed malware<\/option>/);
		const viewer = await shown(policy, { ledger, role: 'viewer' });
		expect(viewer.text).not.toMatch(/<form|<input/);
		expect(viewer.text).toContain('Executed malware');
		expect((await shown(policy, { ledger, role: 'viewer', query: 'p=2' })).text).not.toContain('Potential Ransomware');
	});

	it('lists event types that no rule rates', async () => {
		await ledger.score([detection({ eventType: { id: 'new-1', name: HOSTILE } })], { actor: ACTOR });
		const { text } = await shown(policy, { ledger });
		expect(text).toContain('Event types that no rule rates');
		expect(text).toContain('new-1');
		expectHarmless({ text });
	});

	it('shows each problem next to its field, and offers no way to save', async () => {
		const { text } = await shown(policy, { ledger });
		const review = await post({ ...formFields(text), do: 'review', threshold: '-1', 'rules[0].penalty': HOSTILE });
		expect(review.text).toMatch(/<code>threshold<\/code> must be from 0.001/);
		expect(review.text).toMatch(/name="rules\[0\]\.penalty"[^>]*aria-invalid="true"/);
		expect(review.text).not.toContain('name="comment"');
		expectHarmless(review);
	});

	it('goes to the page of the rule that has the problem', async () => {
		const draft = structuredClone(PRESETS.balanced);
		draft.rules[40].penalty = 5_000;
		const { text } = await post({ draft: JSON.stringify(draft), do: 'review' });
		expect(text).toContain('name="rules[40].penalty" value="5000"');
	});

	it('reviews, tries on history, and saves exactly the draft', async () => {
		await ledger.updatePolicy(plainPolicy({ threshold: 80 }), ACTOR, 'x');
		for (let i = 0; i < 4; i++) await ledger.score([detection({ penalty: 10, atMs: START_MS })], { actor: ACTOR });
		test.clock.nowMs += HOUR_MS;
		const page = await shown(policy, { ledger });
		const fields = formFields(page.text);
		const review = await post({ object: '2', ...fields, do: 'review', threshold: '30', rearmBelow: '20' });
		expect(review.text).toMatch(/<code>threshold<\/code>.*?80.*?30/s);
		const before = await ledger.getMetrics();
		const whatIf = await post({ object: '2', draft: formFields(review.text).draft, do: 'whatIf', days: '1' });
		expect(whatIf.text).toContain('4 detections: 1 host contained automatically');
		expect(whatIf.text).toContain('pc1');
		expect((await ledger.getMetrics()).auditRecords).toBe(before.auditRecords);
		const saved = JSON.parse(formFields(whatIf.text).policy) as unknown;
		expect(saved).toMatchObject({ threshold: 30, rearmBelow: 20, name: 'plain' });
		await ledger.updatePolicy(saved, PERSON, 'lower');
		expect((await ledger.getPolicy()).policy).toEqual({ ...plainPolicy({ threshold: 30, rearmBelow: 20 }) });
	});

	it('a history with nobody to contain says so', async () => {
		const { text } = await post({ draft: JSON.stringify(PRESETS.balanced), do: 'whatIf', days: '90' });
		expect(text).toContain('Nobody would have been contained');
		expect(text).toContain('last 90 days');
	});

	it('tells when the policy was changed by somebody else meanwhile, and compares with theirs', async () => {
		await ledger.updatePolicy({ ...PRESETS.balanced, threshold: 70 }, PERSON, 'x');
		const { text } = await post({ object: '1', draft: JSON.stringify(PRESETS.balanced), do: 'review' });
		expect(text).toContain('your draft began with version 1');
		expect(text).toMatch(/<code>threshold<\/code>.*?70.*?80/s);
		expect(text).toContain('data-object="2"');
	});

	it('a draft without changes has nothing to save', async () => {
		const { text } = await post({ draft: JSON.stringify(PRESETS.balanced), do: 'review' });
		expect(text).toContain('No difference.');
		expect(text).not.toContain('name="comment"');
	});

	it('JSON that is none comes back with what is wrong', async () => {
		const page = await post({ json: `{"name": ${HOSTILE}` });
		expect(page.status).toBe(400);
		expect(page.text).toContain('This is not JSON');
		expectHarmless(page);
	});

	it('shows any draft harmlessly, as form, JSON and review', async () => {
		const draft = { ...structuredClone(PRESETS.balanced), name: HOSTILE, weights: [{ type: 'user', value: HOSTILE, weight: 2 }] };
		draft.rules = [{ source: HOSTILE, eventType: [HOSTILE, HOSTILE], penalty: 5, reason: HOSTILE }];
		for (const step of ['edit', 'json', 'review', 'whatIf']) expectHarmless(await post({ draft: JSON.stringify(draft), do: step }));
	});

	it('looks at no draft of somebody who may not save one', async () => {
		expect(await post({ draft: JSON.stringify(PRESETS.balanced), do: 'whatIf' }, 'operator')).toMatchObject({ status: 403 });
	});

	it('shows versions, what each changed, and the way back', async () => {
		await ledger.updatePolicy({ ...PRESETS.balanced, threshold: 70 }, PERSON, HOSTILE);
		await ledger.updatePolicy({ ...PRESETS.balanced, threshold: 60 }, PERSON, 'less still');
		const history = await shown(policy, { ledger, segments: ['versions'] });
		expect(history.text.indexOf('Version 3')).toBeLessThan(history.text.indexOf('Version 2'));
		expectHarmless(history);
		const version = await shown(policy, { ledger, segments: ['versions', '2'] });
		expect(version.text).toMatch(/What it changed from version 1.*?80.*?70/s);
		expect(version.text).toMatch(/to version 3, which is in force.*?70.*?60/s);
		expect(version.text).toContain('data-action="restorePolicy" data-object="3"');
		expect(version.text).toContain('name="version" value="2"');
		const latest = await shown(policy, { ledger, segments: ['versions', '3'] });
		expect(latest.text).not.toContain('restorePolicy');
	});

	it.each([[['versions', '9']], [['versions', '0']], [['versions', 'x']], [['other']], [['versions', '1', 'x']]])('%j is no page', async (segments) => {
		await expect(shown(policy, { ledger, segments })).rejects.toThrow('shows no markup');
	});

	it('a policy of 5,000 rules is read page by page, below 200 kB, and not edited here', async () => {
		const rules = Array.from({ length: 5_000 }, (_, i) => ({ source: 'umbrella', eventType: `t${i}`, penalty: 1, reason: 'r'.repeat(900) }));
		await ledger.updatePolicy({ ...PRESETS.balanced, rules }, ACTOR, 'many');
		const page = await shown(policy, { ledger, query: 'p=100' });
		expect(page.text).toContain('too large for a form');
		expect(page.text).toContain('t4999');
		for (const segments of [[], ['versions'], ['versions', '2']]) {
			expect(Buffer.byteLength((await shown(policy, { ledger, segments })).text)).toBeLessThan(200_000);
		}
	}, 60_000);

	it('the default policy stays below 200 kB in every step', async () => {
		for (const step of ['edit', 'page:1', 'json', 'review', 'whatIf']) {
			const { text } = await post({ draft: JSON.stringify({ ...PRESETS.balanced, threshold: 81 }), do: step });
			expect(Buffer.byteLength(text)).toBeLessThan(200_000);
		}
	});
});
