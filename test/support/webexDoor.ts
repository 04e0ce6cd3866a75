import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { IDataObject, IHookFunctions, INodeType, IPollFunctions, IWebhookFunctions } from 'n8n-workflow';
import type { Lab } from '../../lab/machine/lab';
import type { WebexVendor } from '../../lab/vendors/webex';
import { CiscoWebexReplyTrigger } from '../../nodes/CiscoWebex/CiscoWebexReplyTrigger.node';
import { CiscoWebexTrigger } from '../../nodes/CiscoWebex/CiscoWebexTrigger.node';
import { fakeNode, fakePoll, type FakeServer } from '../unit/nodes/support/fakeContext';
import { send } from '../unit/lab/vendors/support';

export const PEOPLE = {
	analyst: 'analyst@corp.example',
	approver: 'approver@corp.example',
	manager: 'manager@corp.example',
} as const;

export const DECIDERS = `${PEOPLE.approver}: approver\n${PEOPLE.manager}: approver\n${PEOPLE.analyst}: operator`;

interface Options {
	deciders?: string;
	/** Other than the lab's Webex, e.g. one that is down. */
	server?: FakeServer;
}

/**
 * The Webex triggers between the lab's Webex and a test: a server on the loopback interface that gives every call to
 * the trigger, as n8n does.
 */
export class WebexDoor {
	/** Items that the trigger gave to its workflow, oldest first. */
	readonly items: IDataObject[] = [];

	/** What the trigger answered, oldest first. */
	readonly answers: { status: number; body: unknown }[] = [];

	staticData: IDataObject = {};

	private url = '';

	private constructor(
		readonly webex: WebexVendor,
		private readonly options: Options,
		private readonly http: Server,
	) {}

	static async open(webex: WebexVendor, options: Options = {}): Promise<WebexDoor> {
		const http = createServer();
		const door = new WebexDoor(webex, options, http);
		http.on('request', async (request, response) => {
			const chunks: Buffer[] = [];
			for await (const chunk of request) chunks.push(chunk as Buffer);
			const answer = await door.call(Buffer.concat(chunks), request.headers);
			response.writeHead(answer.status, { 'Content-Type': 'application/json' });
			response.end(JSON.stringify(answer.body));
		});
		await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
		door.url = `http://127.0.0.1:${(http.address() as AddressInfo).port}/webhook/rtc-webex/webex`;
		return door;
	}

	static of(lab: Lab, options: Options = {}): Promise<WebexDoor> {
		const webex = lab.vendors.find(({ name }) => name === 'webex') as WebexVendor;
		return WebexDoor.open(webex, options);
	}

	get targetUrl(): string {
		return this.url;
	}

	async close(): Promise<void> {
		await new Promise((resolve) => this.http.close(resolve));
	}

	/** As when the workflow is published, checked, and unpublished. */
	async hook(name: 'checkExists' | 'create' | 'delete'): Promise<boolean> {
		const methods = (new CiscoWebexTrigger() as INodeType).webhookMethods!.default!;
		return await methods[name].call(this.context() as unknown as IHookFunctions);
	}

	/** One HTTP call to the trigger. */
	async call(rawBody: Buffer, headers: IncomingHttpHeaders): Promise<{ status: number; body: unknown }> {
		const answer = { status: 0, body: undefined as unknown };
		const response = {
			status: (status: number) => Object.assign(response, (answer.status = status) && {}),
			json: (body: unknown) => (answer.body = body),
		};
		const context = {
			...this.context(),
			getRequestObject: () => ({ rawBody, headers }),
			getResponseObject: () => response,
			getHeaderData: () => headers,
		} as unknown as IWebhookFunctions;
		const { workflowData } = await new CiscoWebexTrigger().webhook.call(context);
		this.items.push(...(workflowData?.[0] ?? []).map(({ json }) => json));
		this.answers.push(answer);
		return answer;
	}

	/** What the trigger for n8n without a public address finds. */
	async poll(roomId: string): Promise<IDataObject[]> {
		const context = { ...this.context(), getNodeParameter: () => roomId } as unknown as IPollFunctions;
		const output = await new CiscoWebexReplyTrigger().poll.call(context);
		return (output?.[0] ?? []).map(({ json }) => json);
	}

	private context() {
		const server: FakeServer = async ({ method, url, headers, body }) => {
			const answer = await send(this.webex, method, url.href, { headers, body });
			return { status: answer.status, headers: answer.headers, body: answer.body };
		};
		const { deciders = DECIDERS } = this.options;
		const { people } = this.webex.credentials() as { people: { token?: string }[] };
		const accessToken = people[0].token as string;
		return {
			...fakePoll({
				parameters: { resources: ['attachmentActions', 'messages'] },
				credentials: {
					ciscoRtcWebexBotApi: { accessToken, baseUrl: 'https://webexapis.com/v1', deciders },
				},
				server: this.options.server ?? server,
				staticData: this.staticData,
			}),
			getNode: () => ({ ...fakeNode, id: this.url }),
			getNodeWebhookUrl: () => this.url,
		};
	}
}
