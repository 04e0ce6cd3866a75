import type { IDataObject, IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';
import { parseJson } from '../shared/json';
import type { DecisionItem } from './decisions/decide';
import { isSigned, webhookSecret } from './decisions/token';
import { Seen, type SeenState } from './seen';
import { decisionOfPress, decisionOfReply, openDesk, readMessage, type Desk } from './transport/entries';
import type { WebexCredential } from './transport/client';

/** Calls of Webex have about 1 kB. */
const MAX_BODY_BYTES = 64 * 1024;

/** Ids that this process is at or has dealt with; the static data knows those of all processes. */
const here: SeenState = {};

interface WebexEvent {
	resource: string;
	id: string;
}

/**
 * Answers one call of Webex. Whoever calls has to prove that the body comes from Webex; then only the id in it is
 * used, and everything else is read from Webex.
 *
 * @param now epoch ms
 */
export async function receive(context: IWebhookFunctions, now: number): Promise<IWebhookResponseData> {
	const body = rawBodyOf(context);
	if (body === undefined || body.length > MAX_BODY_BYTES) return answer(context, 413, 'The body is too large');
	const { accessToken } = await context.getCredentials<WebexCredential>('ciscoRtcWebexBotApi');
	const secret = webhookSecret(accessToken, context.getNodeWebhookUrl('default') ?? '');
	const signature = (context.getHeaderData() as IDataObject)['x-spark-signature'];
	if (!isSigned(body, signature, secret)) return answer(context, 401, 'The signature is missing or wrong');
	const event = readEvent(body);
	if (!event) return answer(context, 200, 'Nothing to do');
	return await take(context, event, now);
}

async function take(context: IWebhookFunctions, event: WebexEvent, now: number): Promise<IWebhookResponseData> {
	const everywhere = new Seen(context.getWorkflowStaticData('node') as SeenState, now);
	const inProcess = new Seen(here, now);
	const id = `${context.getNode().id} ${event.id}`;
	if (everywhere.has(id) || inProcess.has(id)) return answer(context, 200, 'Known already');
	inProcess.add(id);
	try {
		const decision = await decisionOf(context, await openDesk(context), event, now);
		everywhere.add(id);
		if (!decision) return answer(context, 200, 'Nothing to do');
		return { ...answer(context, 200, 'Taken'), workflowData: [[{ json: decision }]] };
	} catch (error) {
		inProcess.forget(id);
		context.logger.warn(`Cisco Webex Trigger: ${(error as Error).message}`);
		return answer(context, 503, 'Webex could not be asked about this');
	}
}

async function decisionOf(
	context: IWebhookFunctions,
	desk: Desk,
	{ resource, id }: WebexEvent,
	now: number,
): Promise<DecisionItem | undefined> {
	if (resource === 'attachmentActions') return await decisionOfPress(context, desk, id, now);
	const message = await readMessage(context, desk, id);
	return message && (await decisionOfReply(context, desk, message, now));
}

function readEvent(body: Buffer): WebexEvent | undefined {
	try {
		const { resource, event, data } = parseJson(body.toString()) as {
			resource?: unknown;
			event?: unknown;
			data?: { id?: unknown };
		};
		const isWanted = event === 'created' && (resource === 'attachmentActions' || resource === 'messages');
		return isWanted && typeof data?.id === 'string' ? { resource: String(resource), id: data.id } : undefined;
	} catch {
		return undefined;
	}
}

function rawBodyOf(context: IWebhookFunctions): Buffer | undefined {
	const { rawBody } = context.getRequestObject() as { rawBody?: unknown };
	return Buffer.isBuffer(rawBody) ? rawBody : undefined;
}

function answer(context: IWebhookFunctions, status: number, message: string): IWebhookResponseData {
	context.getResponseObject().status(status).json({ message });
	return { noWebhookResponse: true };
}
