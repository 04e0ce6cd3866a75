import type { IDataObject } from 'n8n-workflow';
import { CiscoWebex } from '../../../../nodes/CiscoWebex/CiscoWebex.node';
import { nextLink } from '../../../../nodes/CiscoWebex/transport/request';
import {
	fakeExecute,
	fakeLoadOptions,
	withoutWaiting,
	type FakeAnswer,
	type FakeServer,
} from '../support/fakeContext';

const credentials = {
	ciscoRtcWebexBotApi: { accessToken: 'bot-token', baseUrl: 'https://webexapis.com/v1/' },
};

function start(server: FakeServer, parameters: IDataObject | IDataObject[]) {
	const context = fakeExecute({ parameters, credentials, server });
	const work = new CiscoWebex().execute.call(context).then(([output]) => output.map(({ json }) => json));
	return { work, context };
}

async function run(server: FakeServer, parameters: IDataObject | IDataObject[]) {
	const { work, context } = start(server, parameters);
	return { json: await work, requests: context.requests };
}

const echo: FakeServer = ({ body }) => ({ body: { id: 'm-1', ...(body as IDataObject) } });

/** Answers by method and path with query; anything else is a mistake of the node. */
const serverOf =
	(answers: Record<string, FakeAnswer>): FakeServer =>
	({ method, url }) =>
		answers[`${method} ${url.pathname.replace('/v1', '')}${url.search}`] ?? {
			status: 418,
			body: { message: `Unexpected ${method} ${url.pathname}${url.search}` },
		};

const room = { __rl: true, mode: 'id', value: 'room-1' };
const message = {
	resource: 'message',
	operation: 'send',
	sendTo: 'roomId',
	roomId: room,
	format: 'markdown',
	text: '**Hi**',
};

describe('Send', () => {
	it('posts to a room with the token of the bot', async () => {
		const { requests } = await run(echo, message);
		const [{ method, url, headers, body }] = requests;
		expect(`${method} ${url.href}`).toBe('POST https://webexapis.com/v1/messages');
		expect(headers).toMatchObject({ authorization: 'Bearer bot-token', 'content-type': 'application/json' });
		expect(body).toEqual({ roomId: 'room-1', markdown: '**Hi**' });
	});

	it.each([
		[{ sendTo: 'toPersonEmail', toPersonEmail: ' jane@example.com ' }, { toPersonEmail: 'jane@example.com' }],
		[{ sendTo: 'toPersonId', toPersonId: 'p-1' }, { toPersonId: 'p-1' }],
	])('posts to a person: %j', async (fields, expected) => {
		const { requests } = await run(echo, {
			...message,
			...fields,
			format: 'text',
			options: { parentId: 'm-0', fileUrl: 'https://x/y' },
		});
		expect(requests[0].body).toEqual({
			...expected,
			text: '**Hi**',
			parentId: 'm-0',
			files: ['https://x/y'],
		});
	});

	it.each([
		[{ roomId: { ...room, value: '' } }, 'No room is chosen'],
		[{ sendTo: 'toPersonEmail', toPersonEmail: ' ' }, 'Nobody is named'],
		[{ text: ' ' }, '"Text" is empty'],
		[{ format: 'card', title: '' }, '"Title" of the card is empty'],
		[{ format: 'cardJson', cardJson: '{' }, 'not an Adaptive Card'],
		[{ format: 'cardJson', cardJson: '{"type":"Other"}' }, 'not an Adaptive Card'],
		[
			{ format: 'card', title: 'T', buttons: { button: [{ type: 'submit', title: 'B', data: '[1]' }] } },
			'not a JSON object',
		],
		[
			{ format: 'card', title: 'T', buttons: { button: [{ type: 'openUrl', title: 'B', url: 'x' }] } },
			'URL of the button "B"',
		],
		[{ format: 'card', title: 'T', inputs: { input: [{ type: 'text', id: '' }] } }, 'has no ID'],
	])('refuses %j before anything is sent', async (fields, expected) => {
		const { work, context } = start(echo, { ...message, ...fields } as IDataObject);
		await expect(work).rejects.toThrow(expected);
		expect(context.requests).toEqual([]);
	});

	it('cuts text by bytes', async () => {
		const { requests } = await run(echo, { ...message, text: 'ä'.repeat(4_000) });
		const { markdown } = requests[0].body as { markdown: string };
		expect(Buffer.byteLength(markdown)).toBeLessThanOrEqual(7_439);
		expect(Buffer.byteLength(markdown)).toBeGreaterThan(7_430);
		expect(markdown.endsWith('ä…')).toBe(true);
	});

	it('refuses text that is too long when told not to cut', async () => {
		const { work } = start(echo, { ...message, text: 'ä'.repeat(4_000), options: { truncate: false } });
		await expect(work).rejects.toThrow('8000 bytes');
	});

	it('sends a card from the form with text for other clients', async () => {
		const { requests } = await run(echo, {
			...message,
			format: 'card',
			title: 'Quarantine PC-7?',
			severity: 'warning',
			facts: { fact: [{ name: 'Score', value: 90 }] },
			inputs: { input: [{ type: 'choice', id: 'why', label: '', choices: 'Malware, Test' }] },
			buttons: { button: [{ type: 'submit', title: 'Yes', data: '{"intent":"i-1"}' }] },
		});
		const { text, attachments } = requests[0].body as {
			text: string;
			attachments: { contentType: string; content: IDataObject }[];
		};
		expect(text).toBe('Quarantine PC-7?\nScore: 90');
		expect(attachments).toHaveLength(1);
		expect(attachments[0].contentType).toBe('application/vnd.microsoft.card.adaptive');
		expect(attachments[0].content.body).toMatchObject([
			{ color: 'Warning' },
			{ facts: [{ title: 'Score', value: '90' }] },
			{ type: 'Input.ChoiceSet', label: 'why', choices: [{ value: 'Malware' }, { value: 'Test' }] },
		]);
		expect(attachments[0].content.actions).toEqual([
			{ type: 'Action.Submit', title: 'Yes', data: { intent: 'i-1' } },
		]);
	});

	it.each([
		[
			{
				body: [
					{ type: 'Container', items: [{ type: 'TextBlock', text: 'Inside' }] },
					{ type: 'FactSet', facts: [{ title: 'A', value: '1' }] },
				],
			},
			'',
			'Inside\nA: 1',
		],
		[{ body: [] }, '', 'Card'],
		[{ body: [{ type: 'TextBlock', text: 'Shown' }] }, ' Mine ', 'Mine'],
	])('sends any card with fallback text: %j', async (card, fallbackText, text) => {
		const content = { type: 'AdaptiveCard', version: '1.2', ...card };
		const { requests } = await run(echo, { ...message, format: 'cardJson', cardJson: content, fallbackText });
		expect(requests[0].body).toMatchObject({ text, attachments: [{ content }] });
	});

	it('refuses a card of more than 22 KB', async () => {
		const body = [{ type: 'TextBlock', text: 'ä'.repeat(12_000) }];
		const { work } = start(echo, {
			...message,
			format: 'cardJson',
			cardJson: JSON.stringify({ type: 'AdaptiveCard', body }),
		});
		await expect(work).rejects.toThrow(/^The card has 240\d\d bytes/);
	});
});

describe('quotas and refusals', () => {
	beforeEach(() => jest.useFakeTimers());
	afterEach(() => jest.useRealTimers());

	const after = (refusal: FakeAnswer): FakeServer => {
		let calls = 0;
		return (request) => (++calls === 1 ? refusal : echo(request));
	};

	it.each([
		[{ status: 429, headers: { 'Retry-After': '7' } }, 7_000],
		[{ status: 429 }, 15_000],
	])('waits as %j asks, also for a new message', async (refusal, wait) => {
		const begin = Date.now();
		const { work, context } = start(after(refusal), message);
		await withoutWaiting(work);
		expect(context.requests).toHaveLength(2);
		expect(Date.now() - begin).toBeGreaterThanOrEqual(wait);
	});

	it('tries again after 423 when that is harmless', async () => {
		const { work, context } = start(after({ status: 423, headers: { 'Retry-After': '2' } }), {
			resource: 'person',
			operation: 'get',
			personId: 'me',
		});
		await withoutWaiting(work);
		expect(context.requests).toHaveLength(2);
	});

	it('never sends a message twice after an unclear end', async () => {
		const { work, context } = start(() => ({ status: 502 }), message);
		await expect(withoutWaiting(work)).rejects.toThrow('answered 502');
		expect(context.requests).toHaveLength(1);
	});

	it.each([
		[{ errors: [null] }, /404/],
		[{ errors: 'x', message: { text: 'x' } }, /404/],
		[{ errors: { description: 'Not here' } }, /Not here/],
		[{ errors: [null, { description: 5 }, { description: 'Not here' }] }, /Not here/],
	])('reads the error %j', async (body, told) => {
		const { work } = start(() => ({ status: 404, body }), { resource: 'message', operation: 'get', messageId: 'm' });
		const error = (await withoutWaiting(work).catch((reason: unknown) => reason)) as Error & { description: string };
		expect(`${error.message} ${error.description}`).toMatch(told);
		expect(error.message).toContain('answered 404');
	});

	it('quotes the tracking ID, and no token', async () => {
		const description = 'The requested resource could not be found.';
		const body = { message: description, errors: [{ description }], trackingId: 'ROUTERGW_1' };
		const { work } = start(() => ({ status: 404, body }), {
			resource: 'message',
			operation: 'get',
			messageId: 'm',
		});
		const error = await withoutWaiting(work).catch(
			(reason: unknown) => reason as Error & { description: string },
		);
		expect(error).toMatchObject({
			description: expect.stringContaining(`${description} (tracking ID ROUTERGW_1)`),
		});
		expect(JSON.stringify(error)).not.toContain('bot-token');
	});
});

describe('lists', () => {
	const items = (from: number, count: number) =>
		Array.from({ length: count }, (_, index) => ({ id: `r${from + index}`, title: `Room ${from + index}` }));
	const next = (address: string) => ({ Link: `<${address}>; rel="next"` });
	const rooms = { resource: 'room', operation: 'getMany', returnAll: true };

	it('follow links, and repair the page size that Webex breaks', async () => {
		const answers = {
			'GET /rooms?max=100': {
				body: { items: items(0, 2) },
				headers: next('https://webexapis.com/v1/rooms?cursor=a&max=null'),
			},
			'GET /rooms?cursor=a&max=100': { body: { items: items(2, 1) } },
		};
		expect((await run(serverOf(answers), rooms)).json.map(({ id }) => id)).toEqual(['r0', 'r1', 'r2']);
	});

	it('never follow a link to another server', async () => {
		const server: FakeServer = () => ({
			body: { items: items(0, 1) },
			headers: next('https://evil.example/v1/rooms'),
		});
		const { work, context } = start(server, rooms);
		await expect(work).rejects.toThrow('another server');
		expect(context.requests).toHaveLength(1);
	});

	it('end when a link points to its own page', async () => {
		const server: FakeServer = () => ({
			body: { items: items(0, 1) },
			headers: next('https://webexapis.com/v1/rooms?max=100'),
		});
		expect((await run(server, rooms)).requests).toHaveLength(1);
	});

	it('read no more than asked for', async () => {
		const server: FakeServer = () => ({
			body: { items: items(0, 5) },
			headers: next('https://webexapis.com/v1/rooms?cursor=x'),
		});
		const { json, requests } = await run(server, { ...rooms, returnAll: false, limit: 3 });
		expect(json).toHaveLength(3);
		expect(requests.map(({ url }) => url.search)).toEqual(['?max=3']);
	});

	it('search titles in full pages', async () => {
		const answers = {
			'GET /rooms?type=group&max=100': {
				body: { items: items(0, 10) },
				headers: next('https://webexapis.com/v1/rooms?cursor=a'),
			},
			'GET /rooms?cursor=a': { body: { items: items(10, 10) } },
		};
		const filters = { titleContains: 'ROOM 1', type: 'group' };
		const { json } = await run(serverOf(answers), { ...rooms, returnAll: false, limit: 3, filters });
		expect(json.map(({ title }) => title)).toEqual(['Room 1', 'Room 10', 'Room 11']);
	});

	it('of messages ask for mentions, as bots must', async () => {
		const parameters = { resource: 'message', operation: 'getMany', roomId: room };
		const only = await run(() => ({ body: { items: [] } }), parameters);
		expect(only.requests[0].url.search).toBe('?roomId=room-1&mentionedPeople=me&max=50');
		const filters = { onlyMentions: false, before: '2026-01-02T03:04:05Z', parentId: 'm-0' };
		const all = await run(() => ({ body: { items: [] } }), { ...parameters, filters });
		expect(Object.fromEntries(all.requests[0].url.searchParams)).toEqual({
			roomId: 'room-1',
			before: '2026-01-02T03:04:05.000Z',
			parentId: 'm-0',
			max: '50',
		});
	});

	it.each([
		[
			{ resource: 'message', operation: 'getManyDirect', person: 'a@b.example' },
			'/v1/messages/direct?personEmail=a%40b.example&max=50',
		],
		[
			{ resource: 'message', operation: 'getManyDirect', person: 'p-1' },
			'/v1/messages/direct?personId=p-1&max=50',
		],
		[
			{ resource: 'membership', operation: 'getMany', roomId: room, filters: { personEmail: 'a@b.example' } },
			'/v1/memberships?roomId=room-1&personEmail=a%40b.example&max=50',
		],
		[
			{ resource: 'person', operation: 'getMany', searchBy: 'displayName', value: 'Ann' },
			'/v1/people?displayName=Ann&max=50',
		],
	])('ask for %j', async (parameters, expected) => {
		const { requests } = await run(() => ({ body: { items: [] } }), parameters as IDataObject);
		expect(requests.map(({ url }) => url.pathname + url.search)).toEqual([expected]);
	});

	it.each([
		['<https://a/b?c=1,2>; rel="next"', 'https://a/b?c=1,2'],
		['<https://a/p>; rel="prev", <https://a/n>; rel="next"', 'https://a/n'],
		['<https://a/n>; title="x, y"; rel=next', 'https://a/n'],
		['<https://a/n>; rel="last next"', 'https://a/n'],
		['<https://a/p>; rel="previous"', undefined],
		['<https://a/p>; rel="nextish"', undefined],
		['', undefined],
		[undefined, undefined],
	])('find the next page in %s', (header, expected) => {
		expect(nextLink(header)).toBe(expected);
	});
});

describe('single calls', () => {
	const webhook = { id: 'w-1', name: 'rtc', targetUrl: 'https://n8n/x', status: 'active' };

	it.each<[string, IDataObject, Record<string, FakeAnswer>, IDataObject]>([
		[
			'get a message',
			{ resource: 'message', operation: 'get', messageId: 'a/b' },
			{ 'GET /messages/a%2Fb': { body: { id: 'a/b' } } },
			{ id: 'a/b' },
		],
		[
			'delete a message',
			{ resource: 'message', operation: 'delete', messageId: 'm' },
			{ 'DELETE /messages/m': { status: 204 } },
			{ deleted: true },
		],
		[
			'get a room',
			{ resource: 'room', operation: 'get', roomId: room },
			{ 'GET /rooms/room-1': { body: { id: 'room-1' } } },
			{ id: 'room-1' },
		],
		[
			'delete a room',
			{ resource: 'room', operation: 'delete', roomId: room },
			{ 'DELETE /rooms/room-1': { status: 204 } },
			{ deleted: true },
		],
		[
			'delete a membership',
			{ resource: 'membership', operation: 'delete', membershipId: 'x' },
			{ 'DELETE /memberships/x': { status: 204 } },
			{ deleted: true },
		],
		[
			'read the bot itself',
			{ resource: 'person', operation: 'get', personId: 'me' },
			{ 'GET /people/me': { body: { type: 'bot' } } },
			{ type: 'bot' },
		],
		[
			'read a press on a button',
			{ resource: 'attachmentAction', operation: 'get', attachmentActionId: 'a' },
			{ 'GET /attachment/actions/a': { body: { inputs: { x: 1 } } } },
			{ inputs: { x: 1 } },
		],
		[
			'delete a webhook',
			{ resource: 'webhook', operation: 'delete', webhookId: 'w' },
			{ 'DELETE /webhooks/w': { status: 204 } },
			{ deleted: true },
		],
		[
			'list webhooks without their secrets',
			{ resource: 'webhook', operation: 'getMany' },
			{ 'GET /webhooks?max=50': { body: { items: [{ ...webhook, secret: 's' }] } } },
			webhook,
		],
	])('%s', async (_, parameters, answers, expected) => {
		expect((await run(serverOf(answers), parameters)).json).toEqual([expected]);
	});

	it('edits a message in its own room', async () => {
		const answers = {
			'GET /messages/m': { body: { roomId: 'room-9' } },
			'PUT /messages/m': { body: { id: 'm' } },
		};
		const { requests } = await run(serverOf(answers), {
			resource: 'message',
			operation: 'edit',
			messageId: 'm',
			format: 'text',
			text: 'New',
		});
		expect(requests[1].body).toEqual({ roomId: 'room-9', text: 'New' });
	});

	it('creates a room', async () => {
		const { requests } = await run(echo, {
			resource: 'room',
			operation: 'create',
			title: 'War room',
			additionalFields: { isLocked: true },
		});
		expect(requests[0].body).toEqual({ title: 'War room', isLocked: true });
	});

	it.each([
		[{ description: 'New' }, ['GET', 'PUT'], { description: 'New', title: 'Old' }],
		[{ title: 'New' }, ['PUT'], { title: 'New' }],
	])('changes a room by %j and keeps its title', async (updateFields, methods, body) => {
		const answers = { 'GET /rooms/room-1': { body: { title: 'Old' } }, 'PUT /rooms/room-1': { body: {} } };
		const { requests } = await run(serverOf(answers), {
			resource: 'room',
			operation: 'update',
			roomId: room,
			updateFields,
		});
		expect(requests.map(({ method }) => method)).toEqual(methods);
		expect(requests.at(-1)!.body).toEqual(body);
	});

	it('adds a member', async () => {
		const { json, requests } = await run(echo, {
			resource: 'membership',
			operation: 'create',
			roomId: room,
			person: 'a@b.example',
		});
		expect(requests[0].body).toEqual({ roomId: 'room-1', personEmail: 'a@b.example', isModerator: false });
		expect(json[0].alreadyMember).toBe(false);
	});

	it('takes a member who is there already as success', async () => {
		const answers = {
			'POST /memberships': { status: 409, body: { message: 'User is already a participant' } },
			'GET /memberships?roomId=room-1&personEmail=a%40b.example&max=1': { body: { items: [{ id: 'x' }] } },
		};
		const { json } = await run(serverOf(answers), {
			resource: 'membership',
			operation: 'create',
			roomId: room,
			person: 'a@b.example',
		});
		expect(json).toEqual([{ id: 'x', roomId: 'room-1', personEmail: 'a@b.example', alreadyMember: true }]);
	});

	it('creates a webhook and shows no secret', async () => {
		const parameters = {
			resource: 'webhook',
			operation: 'create',
			name: 'rtc',
			targetUrl: 'https://n8n/x',
			webhookResource: 'attachmentActions',
			event: 'created',
			additionalFields: { secret: 's3cret', filter: 'roomId=r' },
		};
		const { json, requests } = await run(echo, parameters);
		expect(requests[0].body).toEqual({
			name: 'rtc',
			targetUrl: 'https://n8n/x',
			resource: 'attachmentActions',
			event: 'created',
			secret: 's3cret',
			filter: 'roomId=r',
		});
		expect(JSON.stringify(json)).not.toContain('s3cret');
	});

	it('turns a webhook on again and keeps its target', async () => {
		const answers = {
			'GET /webhooks/w-1': { body: { ...webhook, status: 'inactive' } },
			'PUT /webhooks/w-1': { body: webhook },
		};
		const { requests } = await run(serverOf(answers), {
			resource: 'webhook',
			operation: 'update',
			webhookId: 'w-1',
			updateFields: { status: 'active' },
		});
		expect(requests[1].body).toEqual({ name: 'rtc', targetUrl: 'https://n8n/x', status: 'active' });
	});

	it.each([
		['', 'Message ID is empty'],
		['.', '"." is not an ID of Cisco Webex'],
		['..', '".." is not an ID of Cisco Webex'],
	])('refuses the ID %j', async (messageId, message) => {
		const { work, context } = start(echo, { resource: 'message', operation: 'delete', messageId });
		await expect(work).rejects.toThrow(message);
		expect(context.requests).toEqual([]);
	});
});

it('searches rooms page by page', async () => {
	const server: FakeServer = ({ url }) =>
		url.searchParams.has('cursor')
			? { body: { items: [{ id: 'b', title: 'Alerts B' }] } }
			: {
					body: {
						items: [
							{ id: 'a', title: 'Alerts A' },
							{ id: 'x', title: 'Lunch' },
						],
					},
					headers: { Link: '<https://webexapis.com/v1/rooms?cursor=2>; rel="next"' },
				};
	const context = fakeLoadOptions({ credentials, server });
	const { searchRooms } = new CiscoWebex().methods.listSearch;
	const first = await searchRooms.call(context, 'alerts');
	expect(first.results).toEqual([{ name: 'Alerts A', value: 'a' }]);
	const second = await searchRooms.call(context, 'alerts', first.paginationToken as string);
	expect(second).toEqual({ results: [{ name: 'Alerts B', value: 'b' }], paginationToken: undefined });
});
