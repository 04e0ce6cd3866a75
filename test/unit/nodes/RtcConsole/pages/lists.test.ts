import type { Intent, IntentState, ProtectedEntry } from '../../../../../ledger/api';
import type { LedgerService } from '../../../../../ledger/service';
import { approvals, approvalsView } from '../../../../../nodes/RtcConsole/pages/approvals';
import { intentFilter, intents, intentsView } from '../../../../../nodes/RtcConsole/pages/intents';
import { protectedEntries, protectedView } from '../../../../../nodes/RtcConsole/pages/protected';
import { INTENT_STATES } from '../../../../../nodes/RtcConsole/view/components';
import { ACTOR, detection, newLedger, PERSON, plainPolicy, START_MS, type TestLedger } from '../../../ledger/helpers';
import { expectHarmless, HOSTILE, hostile, pageContext, shown } from './pageContext';

const at = (minutes: number) => new Date(START_MS + minutes * 60_000).toISOString();

function intent(changes: Partial<Intent> = {}): Intent {
	return {
		id: '11111111-2222-3333-4444-555555555555',
		kind: 'contain',
		state: 'awaitingApproval',
		episodeId: 'e1',
		host: { hostId: 'h1', macs: ['00:11:22:33:44:55'], ips: [], hostnames: ['pc1'], users: [], connectorGuids: [] },
		trigger: { kind: 'hostname', key: 'pc1', score: 87.25 },
		decision: { guard: 'diversity', verdict: 'approve', reason: 'Only 1 source' },
		ancPolicy: 'Quarantine',
		isolateConnector: true,
		reason: 'hostname pc1 has 87 points',
		requestedBy: 'workflow',
		topContributions: [{ source: 'umbrella', eventType: 'Malware', penalty: 40, occurredAt: at(-1), link: 'https://dashboard.umbrella.com/x' }],
		createdAt: at(-5),
		expiresAt: at(10),
		quorum: 2,
		approvals: [{ by: 'bob', reason: 'yes', at: at(-1) }],
		attempts: 0,
		steps: {},
		...changes,
	};
}

let test: TestLedger;
let ledger: LedgerService;

beforeEach(async () => {
	test = await newLedger(plainPolicy({ mode: 'approval', retry: { attempts: 1, backoff: 'PT30S', maxBackoff: 'PT15M' } }));
	({ ledger } = test);
});
afterEach(async () => await test.close());

describe('approvals', () => {
	const view = (changes: Partial<Intent> = {}, given: Parameters<typeof pageContext>[0] = {}) =>
		approvalsView(pageContext({ role: 'approver', ...given }), { items: [intent(changes)], total: 1 }).text;

	it('says what waits, why, until when, and who approved already', () => {
		const text = view();
		for (const part of ['pc1', 'Only 1 source', 'Malware', 'Umbrella', 'in 10 min', '1 of 2: bob']) expect(text).toContain(part);
		expect(text).toContain('data-action="approve" data-object="11111111-2222-3333-4444-555555555555"');
		expect(text).toContain('data-action="deny"');
		expect(text.match(/name="reason"[^>]* required/g)).toHaveLength(2);
	});

	it.each<[string, Partial<Intent>, Parameters<typeof pageContext>[0], { approve: boolean; deny: boolean; says: string }]>([
		['an operator', {}, { role: 'operator' }, { approve: false, deny: false, says: 'Approvers can answer this' }],
		['a viewer', {}, { role: 'viewer' }, { approve: false, deny: false, says: 'Approvers can answer this' }],
		['an admin', {}, { role: 'admin' }, { approve: true, deny: true, says: 'Only 1 source' }],
		['who asked for it', { requestedBy: 'ann' }, {}, { approve: false, deny: true, says: 'somebody else has to approve' }],
		['who approved it', {}, { name: 'bob' }, { approve: false, deny: true, says: 'another person has to' }],
		['somebody who comes too late', { expiresAt: at(0) }, {}, { approve: false, deny: false, says: 'has expired' }],
	])('%s can do what the ledger would let them', (_who, changes, given, { approve, deny, says }) => {
		const text = view(changes, given);
		expect(text.includes('data-action="approve"')).toBe(approve);
		expect(text.includes('data-action="deny"')).toBe(deny);
		expect(text).toContain(says);
	});

	it('goes on to the next page where counting stopped, and says so', () => {
		const page = (query: string) => approvalsView(pageContext({ query }), { items: [intent()], total: 10_000, atLeast: true }).text;
		expect(page('p=500')).toMatch(/of 10\W000 or more/);
		expect(page('p=501')).toContain('p=502');
		expect(page('')).toContain('<span class="button off" aria-disabled="true">Last</span>');
	});

	it('puts first what ends first', () => {
		const items = [intent({ reason: 'later', expiresAt: at(9) }), intent({ reason: 'sooner', expiresAt: at(2) })];
		const { text } = approvalsView(pageContext(), { items, total: 2 });
		expect(text.indexOf('sooner')).toBeLessThan(text.indexOf('later'));
	});

	it('escapes every field', () => {
		const text = view(hostile(intent(), ['kind', 'state', 'createdAt', 'expiresAt', 'occurredAt', 'at', 'verdict', 'guard']));
		expectHarmless({ text });
		expect(text).toContain('&lt;script&gt;');
		expect(text).not.toMatch(/href="(?!\?|https:)/);
	});

	it('without any says when there would be some', async () => {
		expect((await shown(approvals, { ledger })).text).toContain('Nothing waits for approval');
	});

	it('lists what the ledger has, page by page', async () => {
		await ledger.score(
			Array.from({ length: 45 }, (_, i) => detection({ penalty: 90, targets: [{ hostname: `pc${i}` }] })), { actor: ACTOR },
		);
		const page = await shown(approvals, { ledger, query: 'p=3' });
		expect(page.text.match(/data-action="approve"/g)).toHaveLength(5);
		expect(page.text).toContain('41–45 of 45');
		const [first] = /data-object="([^"]+)"/.exec(page.text)?.slice(1) ?? [];
		await ledger.approve(first, PERSON, 'x');
		expect((await shown(approvals, { ledger, query: 'p=3' })).text).not.toContain(first);
	});
});

describe('intents', () => {
	it.each<[IntentState, Partial<Intent>, string]>([
		['awaitingApproval', { expiresAt: at(10) }, 'Expires'],
		['awaitingApproval', { expiresAt: at(-1) }, 'Expires now'],
		['pending', { attempts: 2, nextAttemptAt: at(1) }, 'Next try'],
		['pending', { attempts: 0, nextAttemptAt: at(0) }, 'Due now'],
		['claimed', { leaseUntil: at(5) }, 'Lease ends'],
		['claimed', { leaseUntil: at(-5) }, 'The lease has ended'],
		['failed', { lastError: 'ISE is down' }, 'A person has to act'],
		['done', {}, 'Done'],
	])('%s with %j says %s', (state, changes, says) => {
		const { text } = intentsView(pageContext(), { items: [intent({ state, ...changes })], total: 1 });
		expect(text).toContain(says);
		if (changes.lastError !== undefined) expect(text).toContain(changes.lastError);
	});

	it.each<[IntentState, 'viewer' | 'operator', boolean]>([
		...INTENT_STATES.map((state): [IntentState, 'operator', boolean] => [state, 'operator', state === 'failed']),
		['failed', 'viewer', false],
	])('%s can be retried by a %s: %j', (state, role, can) => {
		const { text } = intentsView(pageContext({ role }), { items: [intent({ state })], total: 1 });
		expect(text.includes('data-action="retryIntent"')).toBe(can);
	});

	it('escapes every field', () => {
		const all = INTENT_STATES.map((state) => hostile(intent({ state, lastError: 'x', leaseUntil: at(1), nextAttemptAt: at(1) }), ['kind', 'state', 'createdAt', 'expiresAt', 'leaseUntil', 'nextAttemptAt', 'occurredAt']));
		expectHarmless(intentsView(pageContext(), { items: all, total: all.length }));
		expectHarmless(intentsView(pageContext({ query: new URLSearchParams({ state: HOSTILE, kind: HOSTILE }).toString() }), { items: [], total: 0 }));
	});

	it('takes only filters that exist', () => {
		expect(intentFilter(new URLSearchParams('state=failed&kind=release'))).toEqual({ state: 'failed', kind: 'release' });
		expect(intentFilter(new URLSearchParams('state=nope&kind=__proto__'))).toEqual({});
	});

	it('shows those of a state from the ledger, and tells empty from filtered', async () => {
		expect((await shown(intents, { ledger })).text).toContain('No intents yet');
		await ledger.score([detection({ penalty: 90 })], { actor: ACTOR });
		expect((await shown(intents, { ledger, query: 'state=awaitingApproval' })).text).toContain('pc1');
		expect((await shown(intents, { ledger, query: 'state=failed' })).text).toContain('No intent fits the filter');
	});

	it('stays below 200 kB with the longest texts there can be', () => {
		const long = intent({ state: 'failed', reason: '"'.repeat(5_000), lastError: '<'.repeat(5_000), host: { ...intent().host, hostnames: ['&'.repeat(500)] } });
		const { text } = intentsView(pageContext(), { items: Array.from({ length: 50 }, () => long), total: 50 });
		expect(Buffer.byteLength(text)).toBeLessThan(200_000);
	});
});

describe('protected', () => {
	const entry = (changes: Partial<ProtectedEntry> = {}): ProtectedEntry =>
		({ type: 'oui', value: '00:1B:C5', reason: 'Phones', addedBy: 'ann', addedAt: at(0), ...changes });

	it('lists the entries, with the way out for those who may', async () => {
		await ledger.protect({ type: 'oui', value: '00:1B:C5', reason: 'Phones' }, PERSON);
		const approver = await shown(protectedEntries, { ledger, role: 'approver' });
		expect(approver.text).toContain('data-action="unprotect" data-object="oui:00:1B:C5"');
		expect(approver.text).toContain('data-action="protect" data-object=""');
		const operator = await shown(protectedEntries, { ledger, role: 'operator' });
		expect(operator.text).toContain('Phones');
		expect(operator.text).not.toContain('data-action');
	});

	it('sends whoever wants to change an entry of the policy to the policy', () => {
		const { text } = protectedView(pageContext(), [entry({ addedBy: 'policy 3' })]);
		expect(text).toContain('In the policy');
		expect(text).not.toContain('data-action="unprotect"');
	});

	it('searches in type, value and reason, and pages', () => {
		const all = Array.from({ length: 120 }, (_, i) => entry({ type: 'hostname', value: `dc${i}`, reason: i === 7 ? 'Seventh' : 'Server' }));
		expect(protectedView(pageContext({ query: 'q=SEVENTH' }), all).text).toMatch(/dc7.*1–1 of 1/s);
		expect(protectedView(pageContext({ query: 'p=3' }), all).text).toMatch(/dc119.*101–120 of 120/s);
		expect(protectedView(pageContext({ query: 'p=99' }), all).text).toContain('dc119');
		expect(protectedView(pageContext({ query: 'q=zzz' }), all).text).toContain('Nothing fits the search');
		expect(protectedView(pageContext(), []).text).toContain('Nothing is protected');
	});

	it('escapes every field', () => {
		expectHarmless(protectedView(pageContext({ query: new URLSearchParams({ q: '<' }).toString() }), [hostile(entry(), ['type', 'addedAt'])]));
		expectHarmless(protectedView(pageContext({ query: new URLSearchParams({ q: HOSTILE }).toString() }), [hostile(entry(), ['type', 'addedAt'])]));
	});
});
