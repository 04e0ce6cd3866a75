import { PRESETS } from '../../../../../ledger/presets';
import { answer, type ConsoleAnswer } from '../../../../../nodes/RtcConsole/console';
import { consoleSettings } from '../../../../../nodes/RtcConsole/http/settings';
import { SignInDesk } from '../../../../../nodes/RtcConsole/http/signIn';
import { PAGES } from '../../../../../nodes/RtcConsole/pages';
import { newLedger, START_MS, type TestLedger } from '../../../ledger/helpers';
import { formFields } from './pageContext';

const SECRET = 'x'.repeat(40);
const settings = consoleSettings({
	users: { user: [{ name: 'ann', role: 'admin' }, { name: 'olga', role: 'operator' }] },
	signingSecret: SECRET, trustProxy: true, proxyProofHeader: 'x-secret', proxySecret: SECRET, proxyUserHeader: 'x-user',
});

let test: TestLedger;
beforeEach(async () => {
	test = await newLedger();
});
afterEach(async () => await test.close());

async function ask(user: string, query: string, posted?: Record<string, string>): Promise<ConsoleAnswer & { text: string }> {
	const parts = { pages: PAGES, settings, desk: new SignInDesk(), ledger: test.ledger, pivots: {}, now: () => START_MS };
	const result = await answer(parts, {
		method: posted ? 'POST' : 'GET',
		query: new URLSearchParams(query),
		headers: { 'x-secret': SECRET, 'x-user': user, 'content-type': 'application/x-www-form-urlencoded' },
		address: '127.0.0.1',
		body: async () => ({ text: new URLSearchParams(posted).toString() }),
	});
	return { ...result, text: String(result.reply.body) };
}

describe('a policy draft that is posted', () => {
	const DRAFT = 'page=policy&of=draft';

	it('goes from the form to the review to the workflow, and only the last step asks for a change', async () => {
		const page = await ask('ann', 'page=policy');
		const before = (await test.ledger.getMetrics()).auditRecords;
		const review = await ask('ann', DRAFT, { ...formFields(page.text), threshold: '90', do: 'review' });
		expect(review.reply.status).toBe(200);
		expect(review.request).toBeUndefined();
		expect((await test.ledger.getMetrics()).auditRecords).toBe(before);
		const { draft: _draft, days: _days, ...save } = formFields(review.text.slice(review.text.indexOf('<h2>Save</h2>')));
		expect(Object.keys(save).sort()).toEqual(['action', 'comment', 'object', 'policy', 'token']);
		const saved = await ask('ann', DRAFT, { ...save, comment: 'higher' });
		expect(saved.reply.status).toBe(303);
		expect(saved.request).toMatchObject({ action: 'updatePolicy', object: { type: 'policy', version: 1 }, reason: 'higher' });
		expect(JSON.parse(String(saved.request?.fields.policy))).toEqual({ ...PRESETS.balanced, threshold: 90 });
	});

	it('needs the token of its own form, and a role that may save', async () => {
		const fields = { ...formFields((await ask('ann', 'page=policy')).text), do: 'whatIf' };
		for (const [user, changes] of [
			['ann', { token: 'x' }], ['ann', { token: '' }], ['ann', { object: '7' }], ['ann', { action: 'approve' }], ['olga', {}],
		] as const) {
			const { reply, request } = await ask(user, DRAFT, { ...fields, ...changes });
			expect(reply.status).toBe(403);
			expect(request).toBeUndefined();
		}
		const { items } = await test.ledger.getAudit({ action: 'console.refused', limit: 10 });
		expect(items).toHaveLength(5);
	});

	it('another page, or a form of another action, takes none', async () => {
		const fields = formFields((await ask('ann', 'page=policy')).text);
		expect((await ask('ann', 'page=protected&of=draft', { ...fields, do: 'review' })).reply.status).toBe(400);
		const protect = formFields((await ask('ann', 'page=protected')).text);
		expect((await ask('ann', DRAFT, { ...protect, do: 'review' })).reply.status).toBe(400);
	});
});
