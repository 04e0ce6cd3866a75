import { createHash } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { IDataObject, IWebhookFunctions } from 'n8n-workflow';
import type { LedgerService } from '../../ledger';
import { admit } from '../../nodes/RtcManualQuarantine/door';

/** Tokens of the tests, by role. */
export const TOKENS = {
	requester: 'requester-0123456789-abcdefghij',
	operator: 'operator-0123456789-abcdefghij',
	approver: 'approver-0123456789-abcdefghij',
} as const;

export const TOKEN_LINES = Object.entries(TOKENS)
	.map(([role, token]) => `${role}-portal: ${role}: ${createHash('sha256').update(token).digest('hex')}`)
	.join('\n');

export interface DoorAnswer {
	status: number;
	body: IDataObject;
}

/** What the workflow behind the door answers. */
export type Behind = (item: IDataObject) => Promise<DoorAnswer>;

interface DoorOptions {
	ledger: () => LedgerService;
	behind: Behind;
	now?: () => number;
	/** Limits are counted per node. */
	nodeId: string;
	perMinute?: number;
}

/** The trigger behind a server on the loopback interface, as n8n serves it. */
export async function openQuarantineDoor(options: DoorOptions): Promise<{ url: string; close(): Promise<void> }> {
	const http = createServer(async (request, response) => {
		const chunks: Buffer[] = [];
		for await (const chunk of request) chunks.push(chunk as Buffer);
		const rawBody = Buffer.concat(chunks);
		const res = Object.assign(response, {
			status: (code: number) => ((response.statusCode = code), res),
			json: (body: unknown) => response.end(JSON.stringify(body)),
		});
		const context = {
			getNode: () => ({ id: options.nodeId, name: 'When somebody asks' }),
			getHeaderData: () => request.headers,
			getRequestObject: () => ({ rawBody, body: parsed(rawBody), path: request.url, ip: request.socket.remoteAddress }),
			getResponseObject: () => res,
			getCredentials: async () => ({ callers: TOKEN_LINES }),
			logger: { error: () => undefined },
		} as unknown as IWebhookFunctions;
		const { workflowData } = await admit(context, {
			perMinute: options.perMinute ?? 1_000,
			now: (options.now ?? Date.now)(),
			withLedger: async (work) => await work(options.ledger()),
		});
		if (!workflowData) return;
		const answer = await options.behind(workflowData[0][0].json);
		response.writeHead(answer.status, { 'Content-Type': 'application/json' });
		response.end(JSON.stringify(answer.body));
	});
	await listen(http);
	return {
		url: `http://127.0.0.1:${(http.address() as AddressInfo).port}/webhook/rtc-manual`,
		close: async () => await new Promise((resolve) => http.close(() => resolve())),
	};
}

async function listen(http: Server): Promise<void> {
	await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
}

/** n8n parses the body before a trigger sees it. */
function parsed(body: Buffer): unknown {
	try {
		return JSON.parse(body.toString());
	} catch {
		return {};
	}
}
