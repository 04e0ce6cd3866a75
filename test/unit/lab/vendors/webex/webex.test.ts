import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createWebex } from '../../../../../lab/vendors/webex';
import { PEOPLE } from '../../../../../lab/vendors/webex/model';
import { send, testLab, type CallOptions } from '../support';

const [BOT, OTHER_BOT, ANALYST] = PEOPLE;
const API = 'https://webexapis.com/v1';

function setUp() {
	const lab = testLab();
	const webex = createWebex(lab);
	const as =
		(token: string | undefined) =>
		async (method: string, path: string, { headers, body }: CallOptions = {}) => {
			const response = await send(webex, method, path.startsWith('https') ? path : `${API}${path}`, {
				headers: {
					...(token && { authorization: `Bearer ${token}` }),
					...(body !== undefined && { 'content-type': 'application/json' }),
					...headers,
				},
				body,
			});
			// eslint-disable-next-line @typescript-eslint/no-explicit-any
			return { ...response, body: response.body as any };
		};
	// eslint-disable-next-line @typescript-eslint/no-explicit-any
	const state = () => webex.state() as any;
	const roomId: string = state().rooms[0].id;
	return {
		lab,
		webex,
		bot: as(BOT.token),
		otherBot: as(OTHER_BOT.token),
		analyst: as(ANALYST.token),
		as,
		state,
		roomId,
	};
}

const card = (content: Record<string, unknown> = {}) => ({
	contentType: 'application/vnd.microsoft.card.adaptive',
	content: {
		type: 'AdaptiveCard',
		version: '1.3',
		body: [{ type: 'TextBlock', text: 'PC-7' }],
		actions: [{ type: 'Action.Submit', title: 'Quarantine', data: { action: 'quarantine' } }],
		...content,
	},
});

describe('Every call', () => {
	test.each([[undefined], ['wrong']])('needs a known token, not %s', async (token) => {
		const { as } = setUp();
		const response = await as(token)('GET', '/people/me');
		expect(response.status).toBe(401);
		expect(response.violation).toBeTruthy();
		expect(response.body).toMatchObject({
			errors: [{ description: response.body.message }],
			trackingId: response.headers.Trackingid,
		});
	});

	test('carries a tracking id of its own', async () => {
		const { bot } = setUp();
		const one = await bot('GET', '/people/me');
		const two = await bot('GET', '/people/me');
		expect(one.headers.Trackingid).toMatch(/^ROUTERGW_[0-9a-f-]{36}$/);
		expect(two.headers.Trackingid).not.toBe(one.headers.Trackingid);
	});

	test.each([
		['GET', '/nothing', 404],
		['PATCH', '/rooms', 405],
	])('%s %s is refused with %d', async (method, path, status) => {
		const { bot } = setUp();
		expect(await bot(method, path)).toMatchObject({ status, violation: expect.any(String) });
	});

	test('a body of another type gets 415', async () => {
		const { bot } = setUp();
		const response = await bot('POST', '/messages', {
			body: 'a=b',
			headers: { 'content-type': 'text/plain' },
		});
		expect(response.status).toBe(415);
	});
});

describe('People and rooms', () => {
	test('people/me tells bots from persons', async () => {
		const { bot, analyst } = setUp();
		expect((await bot('GET', '/people/me')).body).toMatchObject({
			type: 'bot',
			emails: ['rtc-alerts@webex.bot'],
		});
		expect((await analyst('GET', '/people/me')).body.type).toBe('person');
	});

	test('people are found by e-mail; without criterion the call is refused', async () => {
		const { bot } = setUp();
		const { items } = (await bot('GET', '/people?email=approver@corp.example')).body;
		expect(items).toHaveLength(1);
		expect((await bot('GET', `/people/${items[0].id}`)).body.displayName).toBe('Ann Prover');
		expect((await bot('GET', '/people')).status).toBe(400);
	});

	test('a token sees its own rooms only', async () => {
		const { bot, otherBot, roomId } = setUp();
		expect((await bot('GET', '/rooms')).body.items[0]).toMatchObject({ id: roomId, title: 'RTC alerts' });
		expect((await otherBot('GET', '/rooms')).body.items).toEqual([]);
		const response = await otherBot('GET', `/rooms/${roomId}`);
		expect(response.status).toBe(404);
		expect(response.violation).toBeUndefined();
	});

	test('rooms are created, renamed and deleted', async () => {
		const { bot, state } = setUp();
		const { id } = (await bot('POST', '/rooms', { body: { title: 'War room' } })).body;
		expect((await bot('PUT', `/rooms/${id}`, { body: { title: 'Peace room' } })).body.title).toBe(
			'Peace room',
		);
		expect((await bot('DELETE', `/rooms/${id}`)).status).toBe(204);
		expect(state().rooms).toHaveLength(1);
		expect((await bot('POST', '/rooms', { body: {} })).status).toBe(400);
	});

	test('the link to the next page has the defect max=null, which is refused', async () => {
		const { bot } = setUp();
		for (const title of ['A', 'B']) await bot('POST', '/rooms', { body: { title } });
		const first = await bot('GET', '/rooms?max=2');
		const next = new URL(/^<([^>]+)>; rel="next"$/.exec(first.headers.Link)![1]);
		expect(next.searchParams.get('max')).toBe('null');
		expect((await bot('GET', next.href)).status).toBe(400);
		next.searchParams.set('max', '2');
		const second = await bot('GET', next.href);
		expect(second.body.items).toHaveLength(1);
		expect(second.headers.Link).toBeUndefined();
	});

	test('adding a member twice is a 409 without blame', async () => {
		const { bot, roomId, state } = setUp();
		const body = { roomId, personEmail: 'other-bot@webex.bot' };
		expect((await bot('POST', '/memberships', { body })).status).toBe(200);
		const again = await bot('POST', '/memberships', { body });
		expect(again.status).toBe(409);
		expect(again.violation).toBeUndefined();
		expect(state().rooms[0].members).toContain('other-bot@webex.bot');
	});
});

describe('Messages', () => {
	test('are posted with text made from markdown, and mentions', async () => {
		const { bot, roomId, state } = setUp();
		const { status, body, violation } = await bot('POST', '/messages', {
			body: { roomId, markdown: '**PC-7** for <@personEmail:analyst@corp.example|Ana>' },
		});
		expect(status).toBe(200);
		expect(violation).toBeUndefined();
		expect(body).toMatchObject({ text: 'PC-7 for Ana', roomType: 'group', mentionedPeople: [ANALYST.id] });
		expect(state().messages).toHaveLength(1);
	});

	test('go to a person through a room of two', async () => {
		const { bot, state } = setUp();
		const first = await bot('POST', '/messages', { body: { toPersonEmail: ANALYST.email, text: 'hello' } });
		const second = await bot('POST', '/messages', { body: { toPersonId: ANALYST.id, text: 'again' } });
		expect(first.body.roomType).toBe('direct');
		expect(second.body.roomId).toBe(first.body.roomId);
		expect(state().rooms).toHaveLength(2);
		const direct = await bot('GET', `/messages/direct?personEmail=${ANALYST.email}`);
		expect(direct.body.items.map(({ text }: { text: string }) => text)).toEqual(['again', 'hello']);
	});

	test('count bytes, not characters, up to 7439', async () => {
		const { bot, roomId } = setUp();
		const post = async (markdown: string) => await bot('POST', '/messages', { body: { roomId, markdown } });
		expect((await post('a'.repeat(7439))).status).toBe(200);
		const long = await post('ä'.repeat(3720));
		expect(long.status).toBe(400);
		expect(long.violation).toContain('7440');
	});

	test.each([
		['two destinations', { toPersonEmail: ANALYST.email, text: 'x' }],
		['nothing to say', {}],
		['two cards', { text: 'x', attachments: [card(), card()] }],
		['a card without fallback', { attachments: [card()] }],
		['a card and a file', { text: 'x', attachments: [card()], files: ['https://example.com/a.png'] }],
		['two files', { files: ['https://example.com/a.png', 'https://example.com/b.png'] }],
		['another content type', { text: 'x', attachments: [{ ...card(), contentType: 'application/json' }] }],
		['version 1.4', { text: 'x', attachments: [card({ version: '1.4' })] }],
		['version 2.0', { text: 'x', attachments: [card({ version: '2.0' })] }],
		['Action.Execute', { text: 'x', attachments: [card({ actions: [{ type: 'Action.Execute' }] })] }],
		['a Table', { text: 'x', attachments: [card({ body: [{ type: 'Table' }] })] }],
		[
			'a nested unknown action',
			{
				text: 'x',
				attachments: [
					card({
						body: [
							{
								type: 'Container',
								items: [{ type: 'ActionSet', actions: [{ type: 'Action.ToggleVisibility' }] }],
							},
						],
					}),
				],
			},
		],
		[
			'six actions',
			{ text: 'x', attachments: [card({ actions: Array(6).fill({ type: 'Action.Submit' }) })] },
		],
		[
			'an unknown action in a shown card',
			{
				text: 'x',
				attachments: [
					card({
						actions: [
							{
								type: 'Action.ShowCard',
								card: { type: 'AdaptiveCard', actions: [{ type: 'Action.Execute' }] },
							},
						],
					}),
				],
			},
		],
		['an input without id', { text: 'x', attachments: [card({ body: [{ type: 'Input.Text' }] })] }],
		[
			'a card over 22 KB',
			{ text: 'x', attachments: [card({ body: [{ type: 'TextBlock', text: 'y'.repeat(23_000) }] })] },
		],
	])('refuses %s', async (_name, fields) => {
		const { bot, roomId, state } = setUp();
		const response = await bot('POST', '/messages', { body: { roomId, ...fields } });
		expect(response.status).toBe(400);
		expect(response.violation).toBeTruthy();
		expect(state().messages).toEqual([]);
	});

	test('notes unknown fields', async () => {
		const { bot, roomId } = setUp();
		const response = await bot('POST', '/messages', { body: { roomId, text: 'x', card: {} } });
		expect(response.status).toBe(200);
		expect(response.violation).toContain('card');
	});

	test('take a file as multipart', async () => {
		const { bot, roomId, state } = setUp();
		const body = [
			['roomId', roomId],
			['text', 'Grüße'],
		]
			.map(([name, value]) => `--b\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`)
			.join('')
			.concat(
				'--b\r\nContent-Disposition: form-data; name="files"; filename="a.csv"\r\n\r\n1,2\r\n--b--\r\n',
			);
		const response = await bot('POST', '/messages', {
			body,
			headers: { 'content-type': 'multipart/form-data; boundary=b' },
		});
		expect(response.status).toBe(200);
		expect(state().messages[0]).toMatchObject({ text: 'Grüße', files: [expect.stringContaining('a.csv')] });
	});

	test('reply in threads of one level', async () => {
		const { bot, roomId } = setUp();
		const post = async (parentId?: string) =>
			await bot('POST', '/messages', { body: { roomId, text: 'x', parentId } });
		const reply = await post((await post()).body.id);
		expect(reply.status).toBe(200);
		expect((await post(reply.body.id)).status).toBe(400);
	});

	test('a bot lists a group room with mentionedPeople=me only', async () => {
		const { bot, analyst, roomId } = setUp();
		await analyst('POST', '/messages', {
			body: { roomId, markdown: 'hi <@personEmail:rtc-alerts@webex.bot>' },
		});
		await analyst('POST', '/messages', { body: { roomId, text: 'not for bots' } });
		const refused = await bot('GET', `/messages?roomId=${roomId}`);
		expect(refused).toMatchObject({ status: 403, violation: expect.any(String) });
		expect((await bot('GET', `/messages?roomId=${roomId}&mentionedPeople=me`)).body.items).toHaveLength(1);
		expect((await analyst('GET', `/messages?roomId=${roomId}`)).body.items).toHaveLength(2);
	});

	test('are edited up to 10 times, cards not at all', async () => {
		const { bot, roomId, state } = setUp();
		const { id } = (await bot('POST', '/messages', { body: { roomId, markdown: '**a**' } })).body;
		const edit = async (target: string) =>
			await bot('PUT', `/messages/${target}`, { body: { roomId, text: 'b' } });
		for (let count = 0; count < 10; count++) expect((await edit(id)).status).toBe(200);
		expect((await edit(id)).status).toBe(400);
		expect(state().messages[0]).toMatchObject({ text: 'b', edits: 10 });
		expect(state().messages[0].markdown).toBeUndefined();
		const withCard = await bot('POST', '/messages', { body: { roomId, text: 'x', attachments: [card()] } });
		expect(await edit(withCard.body.id)).toMatchObject({ status: 400, violation: expect.any(String) });
	});

	test('are deleted by their author only', async () => {
		const { bot, analyst, roomId, state } = setUp();
		const { id } = (await bot('POST', '/messages', { body: { roomId, text: 'x' } })).body;
		expect((await analyst('DELETE', `/messages/${id}`)).status).toBe(403);
		expect((await bot('DELETE', `/messages/${id}`)).status).toBe(204);
		expect(state().messages).toEqual([]);
		expect((await bot('GET', `/messages/${id}`)).status).toBe(404);
	});

	test('over 30 in 10 seconds are refused until Retry-After has passed', async () => {
		const { lab, bot, roomId } = setUp();
		const post = async () => await bot('POST', '/messages', { body: { roomId, text: 'x' } });
		for (let count = 0; count < 30; count++) expect((await post()).status).toBe(200);
		const refused = await post();
		expect(refused.status).toBe(429);
		expect(refused.body.trackingId).toBe(refused.headers.Trackingid);
		lab.advance(Number(refused.headers['Retry-After']) * 1000);
		expect((await post()).status).toBe(200);
	});
});

describe('Cards and webhooks', () => {
	const received: { body: Buffer; signature?: string }[] = [];
	let status = 200;
	const server = createServer((request, response) => {
		const chunks: Buffer[] = [];
		request.on('data', (chunk: Buffer) => chunks.push(chunk));
		request.on('end', () => {
			received.push({
				body: Buffer.concat(chunks),
				signature: request.headers['x-spark-signature'] as string,
			});
			response.writeHead(status).end();
		});
	});
	let targetUrl = '';
	beforeAll(async () => {
		await new Promise<void>((resolve) => {
			server.listen(0, '127.0.0.1', () => resolve());
		});
		targetUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhook`;
	});
	afterAll(() => server.close());
	beforeEach(() => {
		received.length = 0;
		status = 200;
	});

	const hook = (fields: Record<string, unknown> = {}) => ({
		name: 'rtc',
		targetUrl,
		resource: 'attachmentActions',
		event: 'created',
		secret: 'mysecret',
		...fields,
	});

	test('a pressed button reaches the webhook signed, without its inputs', async () => {
		const { webex, bot, otherBot, analyst, roomId } = setUp();
		await bot('POST', '/webhooks', { body: hook({ filter: `roomId=${roomId}` }) });
		const { id } = (await bot('POST', '/messages', { body: { roomId, text: 'x', attachments: [card()] } }))
			.body;
		webex.pressButton({
			messageId: id,
			personEmail: 'approver@corp.example',
			inputs: { action: 'quarantine' },
		});
		await webex.settled();

		expect(received).toHaveLength(1);
		expect(received[0].signature).toBe(createHmac('sha1', 'mysecret').update(received[0].body).digest('hex'));
		const event = JSON.parse(received[0].body.toString());
		expect(event).toMatchObject({
			resource: 'attachmentActions',
			event: 'created',
			data: { messageId: id, type: 'submit' },
		});
		expect(event.data.inputs).toBeUndefined();
		expect(event.secret).toBeUndefined();
		const action = (await bot('GET', `/attachment/actions/${event.data.id}`)).body;
		expect(action).toMatchObject({ inputs: { action: 'quarantine' }, roomId });
		expect((await otherBot('GET', `/attachment/actions/${event.data.id}`)).status).toBe(404);
		expect((await analyst('GET', `/attachment/actions/${event.data.id}`)).status).toBe(404);
		expect((await bot('GET', `/people/${action.personId}`)).body.emails).toEqual(['approver@corp.example']);
	});

	test.each([
		['duplicateDelivery', ['first', 'first', 'second', 'second']],
		['reorderDelivery', ['second', 'first']],
	])('the fault %s', async (fault, expected) => {
		const { webex, bot, roomId } = setUp();
		await bot('POST', '/webhooks', { body: hook() });
		webex.setFault?.(fault, true);
		const ids: Record<string, string> = {};
		for (const text of ['first', 'second']) {
			const { id } = (await bot('POST', '/messages', { body: { roomId, text, attachments: [card()] } })).body;
			ids[id] = text;
			webex.pressButton({ messageId: id, personEmail: ANALYST.email, inputs: {} });
			if (fault === 'duplicateDelivery') await webex.settled();
		}
		await webex.settled();
		const told = received.map(({ body }) => ids[JSON.parse(body.toString()).data.messageId]);
		expect(told).toEqual(expected);
	});

	test('no signature without secret; other filters and other bots hear nothing', async () => {
		const { webex, bot, otherBot, roomId } = setUp();
		await bot('POST', '/webhooks', { body: hook({ secret: undefined }) });
		await bot('POST', '/webhooks', { body: hook({ filter: 'roomId=other' }) });
		await otherBot('POST', '/webhooks', { body: hook() });
		const { id } = (await bot('POST', '/messages', { body: { roomId, text: 'x', attachments: [card()] } }))
			.body;
		webex.pressButton({ messageId: id, personEmail: ANALYST.email, inputs: {} });
		await webex.settled();
		expect(received).toHaveLength(1);
		expect(received[0].signature).toBeUndefined();
	});

	test('a bot hears of messages in group rooms only when mentioned', async () => {
		const { webex, bot, analyst, roomId } = setUp();
		await bot('POST', '/webhooks', { body: hook({ resource: 'messages' }) });
		await analyst('POST', '/messages', { body: { roomId, text: 'among us' } });
		await webex.settled();
		expect(received).toHaveLength(0);
		await analyst('POST', '/messages', {
			body: { roomId, markdown: '<@personEmail:rtc-alerts@webex.bot> release' },
		});
		await webex.settled();
		expect(received).toHaveLength(1);
		expect(JSON.parse(received[0].body.toString()).data.text).toBeUndefined();
	});

	test('goes inactive after 100 failures, and comes back by PUT', async () => {
		const { webex, bot, roomId, state, lab } = setUp();
		status = 500;
		const { id } = (await bot('POST', '/webhooks', { body: hook({ resource: 'messages' }) })).body;
		for (let count = 0; count < 100; count++) {
			lab.advance(1000);
			await bot('POST', '/messages', { body: { roomId, text: 'x' } });
			await webex.settled();
		}
		expect(state().webhooks[0]).toMatchObject({ status: 'inactive', hasSecret: true });
		expect(JSON.stringify(state())).not.toContain('mysecret');
		const revived = await bot('PUT', `/webhooks/${id}`, {
			body: { name: 'rtc', targetUrl, status: 'active' },
		});
		expect(revived.body.status).toBe('active');
	});

	test.each([
		['a target off the machine', { targetUrl: 'https://example.com/hook' }, false],
		['an unknown resource', { resource: 'attachmentactions' }, true],
		['an unknown event', { event: 'pressed' }, true],
		['no name', { name: undefined }, true],
	])('refuses %s', async (_name, fields, misused) => {
		const { bot, state } = setUp();
		const response = await bot('POST', '/webhooks', { body: hook(fields) });
		expect(response.status).toBe(400);
		expect(Boolean(response.violation)).toBe(misused);
		expect(state().webhooks).toEqual([]);
	});

	test("a webhook is its owner's alone", async () => {
		const { bot, otherBot, state } = setUp();
		const { id } = (await bot('POST', '/webhooks', { body: hook() })).body;
		expect((await otherBot('GET', `/webhooks/${id}`)).status).toBe(404);
		expect((await otherBot('GET', '/webhooks')).body.items).toEqual([]);
		expect((await bot('DELETE', `/webhooks/${id}`)).status).toBe(204);
		expect(state().webhooks).toEqual([]);
	});

	test('only members press, and only on cards', async () => {
		const { webex, bot, roomId } = setUp();
		const { id } = (await bot('POST', '/messages', { body: { roomId, text: 'plain' } })).body;
		const press = (messageId: string, personEmail: string) => () =>
			webex.pressButton({ messageId, personEmail, inputs: {} });
		expect(press(id, ANALYST.email)).toThrow('no card');
		expect(press('gone', ANALYST.email)).toThrow('gone');
		expect(press(id, 'nobody@corp.example')).toThrow('nobody');
		expect(press(id, OTHER_BOT.email)).toThrow('could not be found');
	});
});

test('reset brings the default room back, with the same id', async () => {
	const { webex, bot, roomId, state } = setUp();
	await bot('DELETE', `/rooms/${roomId}`);
	expect(state().rooms).toEqual([]);
	webex.reset();
	expect(state().rooms).toEqual([
		{
			id: roomId,
			title: 'RTC alerts',
			type: 'group',
			members: [
				'rtc-alerts@webex.bot',
				'analyst@corp.example',
				'approver@corp.example',
				'manager@corp.example',
			],
		},
	]);
});
