import type { IWebhookFunctions } from 'n8n-workflow';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Readable as NodeReadable } from 'node:stream';
import type { ServerResponse } from 'node:http';
import { openLedger, placeKey } from '../../../ledger';
import { ledgerPlace, type LedgerCredential } from '../../PenaltyLedger/transport/ledgerPlace';
import { answer, notSetUp, type ConsoleAnswer } from '../console';
import type { ActionRequest } from '../actions/request';
import { PAGES } from '../pages';
import type { Pivots } from '../pages/page';
import { readBody } from './body';
import { withKeptLedger } from './ledgers';
import { consoleSettings, SettingsError, type ConsoleCredential } from './settings';
import { SignInDesk } from './signIn';
import type { Reply } from './reply';

/** What n8n hands a webhook node: Express's request, with its body unread. */
interface IncomingRequest extends Readable {
	method: string;
	originalUrl?: string;
	url: string;
	ip?: string;
	headers: Record<string, string | string[] | undefined>;
}

/** One per process, so that failed sign-ins are counted across executions. */
const desk = new SignInDesk();

/**
 * Answers the request that a webhook execution is about. Everything that goes wrong is answered too.
 *
 * @returns what the workflow behind the console is to do, if anything
 */
export async function serve(context: IWebhookFunctions): Promise<ActionRequest | undefined> {
	const request = context.getRequestObject() as unknown as IncomingRequest;
	const finish = async ({ reply, request: action }: ConsoleAnswer) => {
		await send(context, reply, request.method);
		return action;
	};
	try {
		const settings = consoleSettings(await context.getCredentials<ConsoleCredential>('ciscoRtcConsoleApi'));
		const place = ledgerPlace(await context.getCredentials<LedgerCredential>('ciscoRtcLedgerApi'));
		const [, search = ''] = /^[^?#]*\?([^#]*)/.exec(request.originalUrl ?? request.url) ?? [];
		const { name, id } = context.getWorkflow();
		const parts = { pages: PAGES, settings, desk, pivots: pivotsOf(context), execution: name ?? id, now: Date.now };
		// A file is read from the ledger while it is sent.
		return await withKeptLedger(placeKey(place), async () => await openLedger(place), async (ledger) =>
			await finish(await answer({ ...parts, ledger }, {
				method: request.method,
				query: new URLSearchParams(search),
				headers: request.headers,
				address: request.ip ?? 'unknown',
				body: async () => await readBody(request, request.headers['content-length'] as string | undefined),
			})),
		);
	} catch (error) {
		return await finish({ reply: failed(context, error) });
	}
}

function failed(context: IWebhookFunctions, error: unknown): Reply {
	if (error instanceof SettingsError) return notSetUp(`the credential is not complete. ${error.message}.`);
	context.logger.error('RTC Console could not answer', { error: (error as Error).message });
	return notSetUp('something went wrong; n8n\'s log says what.');
}

async function send(context: IWebhookFunctions, { status, headers, body, close }: Reply, method: string): Promise<void> {
	const response = context.getResponseObject() as unknown as ServerResponse;
	response.statusCode = status;
	for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
	if (close) response.setHeader('connection', 'close');
	if (typeof body === 'string') {
		response.setHeader('content-length', Buffer.byteLength(body));
		response.end(method === 'HEAD' ? undefined : body);
		return;
	}
	if (method === 'HEAD') response.end();
	else await sendFile(context, response, body);
}

/** Whoever cancels a download leaves nobody to tell; a file that breaks off shows by its connection. */
async function sendFile(context: IWebhookFunctions, response: ServerResponse, lines: AsyncIterable<string>): Promise<void> {
	try {
		await pipeline(NodeReadable.from(lines), response);
	} catch (error) {
		context.logger.warn('RTC Console could not send a file to its end', { error: (error as Error).message });
		response.destroy();
	}
}

function pivotsOf(context: IWebhookFunctions): Pivots {
	const given = context.getNodeParameter('productConsoles', {}) as Record<string, string>;
	const entries = Object.entries(given).filter(([, address]) => /^https?:\/\/\S+$/i.test(address));
	return Object.fromEntries(entries.map(([product, address]) => [product, address.replace(/\/+$/, '')]));
}
