import fc from 'fast-check';
import { ACTION_NAMES, ACTIONS, type ActionName } from '../../../../../nodes/RtcConsole/actions/catalogue';
import { reaches } from '../../../../../nodes/RtcConsole/actions/fields';
import { TOKEN_LIFE_MS } from '../../../../../nodes/RtcConsole/http/token';
import { ROLES } from '../../../../../nodes/RtcConsole/pages/page';
import type { Target } from '../../../../../ledger/detection';
import { detection } from '../../../ledger/helpers';
import { ConsoleDoor, expectRefused, FORMS, tokenOf, type Answer } from './consoleDoor';

let door: ConsoleDoor;
beforeAll(async () => {
	door = await ConsoleDoor.open();
	await seen({ hostname: 'pc1', connectorGuid: FORMS.isolate.object });
});
afterAll(async () => await door.close());

async function seen(...targets: Target[]): Promise<void> {
	await door.ledger.score([detection({ penalty: 1, targets })], { actor: { name: 'poll' } });
}

/** Sends the form of an action; everything right unless said otherwise. */
async function send(user: string, action: ActionName, changes: Record<string, string | undefined> = {}, token = tokenOf(user, action, FORMS[action].object)): Promise<Answer> {
	const { object, fields } = FORMS[action];
	const form = { action, object, token, ...fields, ...changes };
	return await door.post(user, Object.fromEntries(Object.entries(form).filter(([, value]) => value !== undefined)) as Record<string, string>);
}

describe('every action by every role', () => {
	const allowed = new Set(ACTION_NAMES.flatMap((action) => ROLES.filter((role) => reaches(role, ACTIONS[action].role)).map((role) => `${action} ${role}`)));

	it.each(ACTION_NAMES.flatMap((action) => ROLES.map((role) => [action, role] as const)))('%s by %s', async (action, role) => {
		if (!allowed.has(`${action} ${role}`)) {
			await expectRefused(door, async () => await send(role, action), { status: 403, by: role, says: /needs the role/ });
			return;
		}
		const [state, seq, items] = [door.state(), await door.auditSeq(), door.items.length];
		expect(await send(role, action)).toMatchObject({ status: 303 });
		expect(door.state()).toBe(state);
		expect(door.items.slice(items)).toEqual([expect.objectContaining({ action, actor: { name: role, role } })]);
		expect(await door.auditSince(seq)).toEqual([expect.objectContaining({ actor: role, action: `console.${action}`, subject: FORMS[action].object })]);
	});

	it('is a table in which nobody but an admin changes the policy or forgets scores, and a viewer does nothing', () => {
		const roles = (action: ActionName) => ROLES.filter((role) => allowed.has(`${action} ${role}`)).join();
		for (const action of ['purge', 'updatePolicy', 'restorePolicy'] as const) expect(roles(action)).toBe('admin');
		for (const action of ['approve', 'deny', 'protect', 'unprotect', 'blockObservable'] as const) expect(roles(action)).toBe('approver,admin');
		for (const action of ['quarantine', 'release', 'isolate', 'stopIsolation', 'retryIntent'] as const) expect(roles(action)).toBe('operator,approver,admin');
	});

	it('a field of a higher role is refused as well', async () => {
		await expectRefused(door, async () => await send('operator', 'quarantine', { overrideProtection: 'on' }), { status: 403, by: 'operator', says: /approver/ });
	});
});

describe('isolating a connector', () => {
	const DC = '99999999-2222-3333-4444-555555555555';
	const OTHER = '99999999-2222-3333-4444-666666666666';
	beforeAll(async () => {
		await seen({ hostname: 'dc1', user: 'jdoe', connectorGuid: DC }, { hostname: 'kiosk', connectorGuid: OTHER });
		await seen({ user: 'jdoe', connectorGuid: DC });
		await door.ledger.protect({ type: 'hostname', value: 'dc1', reason: 'Domain controller' }, { name: 'boss' });
	});
	const isolate = async (user: string, entity: string, guid: string) =>
		await send(user, 'isolate', { object: guid, entity }, tokenOf(user, 'isolate', guid));
	const pageOf = async (user: string, kind: string, key: string) => (await door.call({ user, path: `?page=entity&of=${kind}&of=${key}` })).text;

	it.each([['hostname', 'dc1'], ['user', 'jdoe']])('of a protected host needs an approver, on the page of the %s %s too', async (kind, key) => {
		await expectRefused(door, async () => await isolate('operator', `${kind}:${key}`, DC), { status: 403, by: 'operator', says: /protected \(hostname dc1: Domain controller\).*role approver/ });
		const text = await pageOf('operator', kind, key);
		expect(text).not.toContain('name="action" value="isolate"');
		expect(text).toContain('name="action" value="stopIsolation"');
		expect(text).toContain('so it needs the role approver');
		expect(await pageOf('approver', kind, key)).toContain('name="action" value="isolate"');
		expect((await isolate('approver', `${kind}:${key}`, DC)).status).toBe(303);
	});

	it.each([['of another host', 'hostname:pc1', DC], ['of another host in the same detection', 'hostname:dc1', OTHER], ['that nobody saw', 'hostname:pc1', '00000000-2222-3333-4444-555555555555']])(
		'%s is refused', async (_which, entity, guid) => {
			await expectRefused(door, async () => await isolate('admin', entity, guid), { status: 400, by: 'admin', says: /not seen on the host/ });
			expect(await pageOf('admin', 'hostname', entity.split(':')[1])).not.toContain(`name="action" value="isolate"><input type="hidden" name="object" value="${guid}"`);
		},
	);

	it('of an entity that is not known is refused', async () => {
		await expectRefused(door, async () => await isolate('admin', 'hostname:nobody', DC), { status: 400, by: 'admin', says: /does not know the entity/ });
	});
});

describe('tokens', () => {
	const object = FORMS.purge.object;
	it.each<[string, () => string | undefined, RegExp]>([
		['none', () => undefined, /without a valid token/],
		['an empty one', () => '', /without a valid token/],
		['one of another user', () => tokenOf('approver', 'purge', object), /does not belong to you/],
		['one of another action', () => tokenOf('admin', 'release', object), /does not belong to you/],
		['one of another object', () => tokenOf('admin', 'purge', 'hostname:pc2'), /does not belong to you/],
		['one of a notice', () => tokenOf('admin', 'notice:purge', object), /does not belong to you/],
		['one under another secret', () => tokenOf('admin', 'purge', object, { secret: 'guessed' }), /does not belong to you/],
		['an expired one', () => tokenOf('admin', 'purge', object, { atMs: Date.now() - TOKEN_LIFE_MS - 1 }), /open for too long/],
		['one of tomorrow', () => tokenOf('admin', 'purge', object, { atMs: Date.now() + 86_400_000 }), /open for too long/],
		['one with a later time', () => tokenOf('admin', 'purge', object).replace(/^[^.]+/, (Date.now() + 1_000).toString(36)), /does not belong to you/],
		['one with another id', () => tokenOf('admin', 'purge', object).replace(/\.[^.]+\./, '.AAAAAAAAAAAAAAAA.'), /does not belong to you/],
		['an unsigned one', () => tokenOf('admin', 'purge', object).replace(/[^.]+$/, ''), /without a valid token/],
	])('%s is refused', async (_which, token, says) => {
		await expectRefused(door, async () => await send('admin', 'purge', { token: token() }), { status: 403, by: 'admin', says });
	});

	it('are good for nothing after one change', async () => {
		const place = fc.nat(40);
		await fc.assert(fc.asyncProperty(place, fc.constantFrom('A', '_', '0', '.', 'é', '\0'), async (at, character) => {
			const token = tokenOf('admin', 'purge', object);
			const changed = token.slice(0, at) + character + token.slice(at + 1);
			fc.pre(changed !== token);
			const items = door.items.length;
			expect((await send('admin', 'purge', { token: changed })).status).toBe(403);
			expect(door.items).toHaveLength(items);
		}), { numRuns: 40 });
	});

	it.each(ACTION_NAMES)('%s is done once, however often its form comes', async (action) => {
		const token = tokenOf('admin', action, FORMS[action].object);
		expect((await send('admin', action, {}, token)).status).toBe(303);
		await expectRefused(door, async () => await send('admin', action, {}, token), { status: 409, by: 'admin', says: /sent before/ });
		const changed = 'reason' in ACTIONS[action].fields;
		await expectRefused(door, async () => await send('admin', action, { reason: 'another' }, token), { status: changed ? 409 : 400, by: 'admin' });
	});

	it('is done once, also when its form comes twice at the same moment', async () => {
		const token = tokenOf('admin', 'release', FORMS.release.object);
		const items = door.items.length;
		const answers = await Promise.all(Array.from({ length: 8 }, async () => await send('admin', 'release', {}, token)));
		expect(answers.map(({ status }) => status).sort()).toEqual([303, ...Array<number>(7).fill(409)]);
		expect(door.items).toHaveLength(items + 1);
	});
});

describe('fields', () => {
	it.each<[string, ActionName, Record<string, string | undefined>, number, RegExp]>([
		['an action that does not exist', 'release', { action: 'dropTables' }, 400, /no such action/],
		['an action of the prototype', 'release', { action: 'constructor' }, 400, /no such action/],
		['no action', 'release', { action: undefined }, 400, /no such action/],
		['a field that the action has not', 'release', { overrideProtection: 'on' }, 400, /no field/],
		['a field of the prototype', 'release', { __proto__x: '1' }, 400, /no field/],
		['no reason', 'release', { reason: ' ' }, 400, /Reason: is empty/],
		['a reason that is too long', 'release', { reason: 'x'.repeat(501) }, 400, /longer than 500/],
		['a reason with line breaks', 'release', { reason: 'a\r\nSet-Cookie: a=b' }, 400, /cannot be shown/],
		['a reason with a NUL', 'release', { reason: 'a\0b' }, 400, /cannot be shown/],
		['a duration that is none', 'quarantine', { duration: '4 hours' }, 400, /ISO 8601/],
	])('%s is refused', async (_what, action, changes, status, says) => {
		await expectRefused(door, async () => await send('admin', action, changes), { status, by: 'admin', says });
	});

	it.each<[ActionName, string]>([
		['quarantine', 'process:1'], ['quarantine', 'hostname:'], ['quarantine', 'pc1'], ['approve', '1 OR 1=1'], ['isolate', '../../v1/computers'],
		['blockObservable', 'mutex:x'], ['purge', 'hostname:a\u0000b'], ['updatePolicy', '0'], ['updatePolicy', '-1'], ['unprotect', 'everything:*'],
		['purge', `hostname:${'x'.repeat(3_000)}`], ['purge', `hostname:${'😀'.repeat(200)}`.slice(0, 299) + '😀\u0001'],
	])('%s of %j is refused', async (action, object) => {
		await expectRefused(door, async () => await send('admin', action, { object }, tokenOf('admin', action, object)), { status: 400, by: 'admin', says: /does not name anything/ });
	});

	it('a field that comes twice is refused', async () => {
		const body = new URLSearchParams({ action: 'release', ...FORMS.release, token: tokenOf('admin', 'release', 'hostname:pc1') } as never);
		body.delete('fields');
		body.append('reason', 'one');
		body.append('reason', 'two');
		const call = { method: 'POST', user: 'admin', headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: body.toString() };
		await expectRefused(door, async () => await door.call(call), { status: 400, by: 'admin', says: /more than once/ });
	});

	it('anything at all is answered, changes nothing and leaves the audit trail whole', async () => {
		const text = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('😀'.repeat(160), '\ud83d', `${'a'.repeat(299)}😀`, `hostname:${'a'.repeat(290)}😀`, '\u0000', '%00', '%', '&='));
		const name = fc.oneof(fc.constantFrom('action', 'object', 'token', 'reason', '__proto__', 'toString'), text);
		await fc.assert(fc.asyncProperty(fc.array(fc.tuple(name, text), { maxLength: 5 }), async (pairs) => {
			const [state, items] = [door.state(), door.items.length];
			const body = `action=purge&${pairs.map(([key, value]) => `${encode(key)}=${encode(value)}`).join('&')}`;
			const { status } = await door.call({ method: 'POST', user: 'admin', headers: { 'content-type': 'application/x-www-form-urlencoded' }, body });
			expect([400, 403]).toContain(status);
			expect(door.state()).toBe(state);
			expect(door.items).toHaveLength(items);
		}), { numRuns: 60 });
		expect(await door.ledger.verifyAudit()).toMatchObject({ ok: true });
	});
});

function encode(text: string): string {
	return new URLSearchParams([['', text]]).toString().slice(1);
}
