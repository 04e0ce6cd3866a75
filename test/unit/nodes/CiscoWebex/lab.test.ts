import type { IDataObject } from 'n8n-workflow';
import { createWebex, type WebexVendor } from '../../../../lab/vendors/webex';
import { CiscoWebex } from '../../../../nodes/CiscoWebex/CiscoWebex.node';
import { send, testLab } from '../../lab/vendors/support';
import { fakeExecute, type FakeServer } from '../support/fakeContext';

/** The node against the lab's Webex, which was written from the vendor's documents and notes every broken rule. */
function setUp() {
	const webex: WebexVendor = createWebex(testLab());
	const { people } = webex.credentials() as { people: { type: string; token?: string }[] };
	const accessToken = people.find(({ type }) => type === 'bot')!.token!;
	const violations: string[] = [];
	const server: FakeServer = async ({ method, url, headers, body }) => {
		const answer = await send(webex, method, url.href, { headers, body });
		if (answer.violation) violations.push(answer.violation);
		return { status: answer.status, headers: answer.headers, body: answer.body };
	};
	const credentials = { ciscoRtcWebexBotApi: { accessToken, baseUrl: 'https://webexapis.com/v1' } };
	const run = async (parameters: IDataObject) => {
		const [output] = await new CiscoWebex().execute.call(fakeExecute({ parameters, credentials, server }));
		return output.map(({ json }) => json);
	};
	return { webex, run, violations };
}

it('sends a card, reads who pressed its button, answers in the thread and takes the card away', async () => {
	const { webex, run, violations } = setUp();
	const [room] = await run({
		resource: 'room',
		operation: 'getMany',
		returnAll: true,
		filters: { titleContains: 'rtc' },
	});
	const roomId = { __rl: true, mode: 'id', value: room.id } as IDataObject;
	const member = { resource: 'membership', operation: 'create', roomId, person: 'analyst@corp.example' };
	await run(member);
	expect(await run(member)).toMatchObject([{ alreadyMember: true, personEmail: 'analyst@corp.example' }]);

	const [card] = await run({
		resource: 'message',
		operation: 'send',
		sendTo: 'roomId',
		roomId,
		format: 'card',
		title: 'Quarantine PC-7?',
		severity: 'critical',
		inputs: { input: [{ type: 'multilineText', id: 'comment', label: 'Comment' }] },
		buttons: { button: [{ type: 'submit', title: 'Yes', data: { intent: 'i-1' } }] },
	});
	const messageId = String(card.id);
	const inputs = { intent: 'i-1', comment: 'ok' };
	const press = webex.pressButton({ messageId, personEmail: 'analyst@corp.example', inputs });
	const [action] = await run({
		resource: 'attachmentAction',
		operation: 'get',
		attachmentActionId: press.id,
	});
	expect(action).toMatchObject({ messageId, inputs });

	const answer = {
		resource: 'message',
		operation: 'send',
		sendTo: 'roomId',
		roomId,
		format: 'markdown',
		text: '**Done**',
	};
	expect(await run({ ...answer, options: { parentId: messageId } })).toMatchObject([{ parentId: messageId }]);
	expect(await run({ resource: 'message', operation: 'delete', messageId })).toEqual([{ deleted: true }]);
	expect(violations).toEqual([]);
});

it('sends text of any length, and changes it', async () => {
	const { run, violations } = setUp();
	const direct = {
		resource: 'message',
		operation: 'send',
		sendTo: 'toPersonEmail',
		toPersonEmail: 'analyst@corp.example',
	};
	const [sent] = await run({ ...direct, format: 'text', text: 'ä'.repeat(10_000) });
	const edit = {
		resource: 'message',
		operation: 'edit',
		messageId: sent.id as string,
		format: 'text',
		text: '😀'.repeat(5_000),
	};
	expect(String((await run(edit))[0].text).endsWith('😀…')).toBe(true);
	expect(
		await run({
			resource: 'message',
			operation: 'getManyDirect',
			person: 'analyst@corp.example',
			returnAll: true,
		}),
	).toHaveLength(1);
	expect(await run({ resource: 'person', operation: 'get', personId: 'me' })).toMatchObject([
		{ type: 'bot' },
	]);
	expect(violations).toEqual([]);
});
