import fc from 'fast-check';
import type { AuditRecord, Intent, ProtectedEntry } from '../../../../../ledger/api';
import { approvalsView } from '../../../../../nodes/RtcConsole/pages/approvals';
import { auditView, csvLines, recordView, verdictView } from '../../../../../nodes/RtcConsole/pages/audit';
import { intentsView } from '../../../../../nodes/RtcConsole/pages/intents';
import { PAGES } from '../../../../../nodes/RtcConsole/pages';
import { protectedView } from '../../../../../nodes/RtcConsole/pages/protected';
import { html } from '../../../../../nodes/RtcConsole/view/html';
import { outsideLink } from '../../../../../nodes/RtcConsole/view/components';
import { ACTOR, plainPolicy } from '../../../ledger/helpers';
import { pageContext } from '../pages/pageContext';
import { ConsoleDoor } from './consoleDoor';
import { harmOf, PAYLOADS } from './harm';

const payload = fc.oneof(fc.constantFrom(...PAYLOADS), fc.tuple(fc.constantFrom(...PAYLOADS), fc.string()).map(([one, other]) => one + other), fc.string({ unit: 'binary' }));
const NO_NONCE = 'none';

describe('the check itself', () => {
	it.each(PAYLOADS.filter((text) => /[<>]|on\w+=/.test(text)))('sees %j where nobody escapes', (text) => {
		expect([...harmOf(`<p>${text}</p>`, NO_NONCE), ...harmOf(`<p title="${text}">x</p>`, NO_NONCE), ...harmOf(`<p title='${text}'>x</p>`, NO_NONCE)]).not.toEqual([]);
	});

	it('sees addresses that run something, and scripts of others', () => {
		expect(harmOf('<a href="javascript:alert(1)">x</a>', NO_NONCE)).toEqual(['href=javascript:alert(1)']);
		expect(harmOf('<script nonce="guess">1</script>', NO_NONCE)).toEqual(['<script> without the nonce']);
	});
});

describe('views', () => {
	const shown = (markup: { text: string }) => expect(harmOf(markup.text, NO_NONCE)).toEqual([]);

	it('the template tag keeps any text a text', () => {
		fc.assert(fc.property(payload, (text) => shown(html`<p title="${text}">${text}${[text]}</p>`)));
	});

	it('a link leads to http and https only, whatever the vendor says', () => {
		fc.assert(fc.property(payload, payload, (href, text) => {
			const link = outsideLink(href, text);
			shown(link);
			expect(link.text.includes('<a ')).toBe(/^https?:\/\//i.test(href));
		}));
	});

	it('of intents and approvals show any text as text', () => {
		fc.assert(fc.property(payload, fc.constantFrom('awaitingApproval', 'failed', 'done', 'pending') as fc.Arbitrary<Intent['state']>, (text, state) => {
			const at = new Date(0).toISOString();
			const one: Intent = {
				id: text, kind: 'contain', state, episodeId: text, host: { hostId: text, macs: [text], ips: [text], hostnames: [text], users: [text], connectorGuids: [text] },
				trigger: { kind: 'hostname', key: text, score: 1 }, decision: { guard: 'diversity', verdict: 'approve', reason: text }, ancPolicy: text, isolateConnector: true, reason: text, requestedBy: text,
				topContributions: [{ source: text, eventType: text, penalty: 1, occurredAt: at, link: text }], createdAt: at, quorum: 2, approvals: [{ by: text, reason: text, at }], attempts: 1, lastError: text, steps: { [text]: text },
			};
			shown(approvalsView(pageContext({ role: 'approver' }), { items: [one], total: 1 }));
			shown(intentsView(pageContext({ query: new URLSearchParams({ state: text, kind: text }).toString() }), { items: [one], total: 1 }));
		}));
	});

	it('of the audit trail and of protected entries show any text as text', () => {
		fc.assert(fc.property(payload, (text) => {
			const record: AuditRecord = { seq: 1, at: new Date(0).toISOString(), actor: text, execution: text, action: text, subject: text, details: { [text]: text }, hash: text };
			const context = pageContext({ query: new URLSearchParams({ action: text, subject: text, actor: text, since: text, before: text }).toString() });
			shown(auditView(context, { items: [record, { ...record, subject: `user:${text}` }], total: 2 }, { ok: false, records: 1, brokenAt: 1, problem: text, headHash: text }));
			shown(recordView(context, record));
			shown(verdictView({ ok: true, records: 1, headHash: text }));
			const entry: ProtectedEntry = { type: 'hostname', value: text, reason: text, addedBy: text, addedAt: new Date(0).toISOString() };
			shown(protectedView(pageContext({ query: new URLSearchParams({ q: text }).toString() }), [entry]));
		}));
	});

	it('no field of an exported audit trail is a formula to a spreadsheet', async () => {
		await fc.assert(fc.asyncProperty(fc.oneof(payload, fc.tuple(fc.constantFrom('=', '+', '-', '@', '\t=', '\r=', ' =', '\u00a0=', '＝', '|', '%'), fc.string()).map((parts) => parts.join(''))), async (text) => {
			const records = (async function* () {
				yield { seq: 1, at: text, actor: text, execution: text, action: text, subject: text, details: {}, hash: text };
			})();
			const lines: string[] = [];
			for await (const line of csvLines(records)) lines.push(line);
			for (const [, field] of lines[1].matchAll(/(?:^|,)"((?:[^"]|"")*)"/g)) {
				if (!/^-?\d+(\.\d+)?$/.test(field)) expect(field).not.toMatch(/^[\s\p{Cc}]*[=+\-@|%＝＋－＠]/u);
			}
		}));
	});
});

describe('every page of the console, over a ledger that an attacker filled', () => {
	const HOSTILE = PAYLOADS.filter((text) => text.length < 120);
	let door: ConsoleDoor;

	beforeAll(async () => {
		door = await ConsoleDoor.open(plainPolicy({ mode: 'approval', name: HOSTILE[0], rules: [...plainPolicy().rules, ...HOSTILE.map((text) => ({ source: '*', eventType: text, penalty: 50, reason: text }))] }));
		await fillWithHarm(door, HOSTILE);
	}, 60_000);
	afterAll(async () => await door.close());

	const inputs = ['q', 'p', 'sort', 'band', 'state', 'kind', 'action', 'subject', 'actor', 'since', 'before', 'hours', 'done', 'verify', 'of', 'page', 'format-', '<script>'];
	it.each(PAGES.map(({ path }) => path))('%s', async (path) => {
		const segments = path === 'entity' ? HOSTILE.flatMap((text) => [['user', text], ['hostname', text.toLowerCase()]]) : [[]];
		const texts = path === 'entity' ? ['1'] : HOSTILE;
		let found = 0;
		for (const parts of segments) {
			for (const text of texts) {
				const query = new URLSearchParams({ page: path });
				for (const part of parts) query.append('of', part);
				for (const name of inputs) if (!['of', 'page'].includes(name)) query.append(name, text);
				for (const asked of [query, new URLSearchParams([...query].filter(([name]) => ['page', 'of'].includes(name)))]) {
					const answer = await door.call({ user: 'admin', path: `?${asked}` });
					const nonce = /'nonce-([^']+)'/.exec(answer.headers['content-security-policy'] as string)?.[1] ?? '';
					expect({ path: asked.toString(), harm: harmOf(answer.text, nonce), small: answer.text.length < 200_000 }).toEqual({ path: asked.toString(), harm: [], small: true });
					if (answer.status === 200) found++;
				}
			}
		}
		expect(found).toBeGreaterThan(20);
	}, 120_000);

	it('shows the hostile texts, so that there was something to find', async () => {
		const { text } = await door.call({ user: 'admin', path: '?page=users' });
		expect(text).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
	});

	it('a page that is not found shows no more than that', async () => {
		for (const text of HOSTILE) {
			const { text: page, headers } = await door.call({ user: 'viewer', path: `?${new URLSearchParams({ page: text, of: text })}` });
			expect(harmOf(page, /'nonce-([^']+)'/.exec(headers['content-security-policy'] as string)?.[1] ?? '')).toEqual([]);
			expect(page).toContain('There is no such page.');
		}
	});

	it('links of a vendor that would run something are not taken', async () => {
		for (const link of HOSTILE.filter((text) => /^(javascript|data):/i.test(text))) {
			const { outcomes } = await door.ledger.score([harmful('user', link, 'p5')], { actor: ACTOR });
			expect(outcomes).toEqual([expect.objectContaining({ outcome: 'invalid', field: 'link' })]);
		}
	});
});

let counter = 0;
function harmful(text: string, link: string | undefined, eventType: string) {
	return {
		id: `umbrella:harm-${counter++}`, source: 'umbrella', eventType: { id: eventType, name: text }, categories: [text], severity: 'High', occurredAt: new Date().toISOString(),
		observables: [{ type: 'domain', value: text }, { type: text, value: text }], targets: [{ user: text, hostname: text, endpointProfile: text, identityGroup: text, connectorGuid: text }], ...(link !== undefined && { link }),
	};
}

/** Puts each text wherever somebody outside, or a user of another role, can put one. */
async function fillWithHarm({ ledger }: ConsoleDoor, texts: readonly string[]): Promise<void> {
	for (const text of texts) {
		const link = /^https?:/.test(text) ? text : `https://x.example/?${text}`;
		const { outcomes } = await ledger.score([harmful(text, link, 'p10'), harmful(text, link, text), harmful(text, link, 'p50')], { actor: { name: text, execution: text } });
		expect(outcomes.map(({ outcome }) => outcome)).not.toContain('invalid');
		await ledger.protect({ type: 'hostname', value: `server ${text}`, reason: text }, { name: text });
		await ledger.note({ name: text }, text, text, { [text]: text });
		await ledger.recordSourceFailure('umbrella', text, { name: text });
	}
	const { items } = await ledger.getIntents({ state: 'awaitingApproval', limit: 100 });
	expect(items.length).toBeGreaterThan(5);
	const [first, second] = items;
	await ledger.approve(first.id, { name: texts[0] }, texts[0]);
	await ledger.deny(second.id, { name: texts[1] }, texts[1]);
	const { policy } = await ledger.getPolicy();
	await ledger.updatePolicy({ ...policy, name: texts[1] }, { name: texts[0] }, texts[0]);
}
