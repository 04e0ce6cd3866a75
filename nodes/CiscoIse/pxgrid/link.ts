import { Agent } from 'node:https';
import type { TlsOptions } from '../../shared/http';
import { parseJson } from '../../shared/json';
import { WebSocket } from '../vendor/ws';
import { decodeFrames, encodeFrame, type StompFrame } from './stomp';

/** Where and how to connect to a pubsub node. */
export interface LinkTarget {
	/** `wss://…` from the lookup of the pubsub service. */
	url: string;
	/** Name of the pubsub node, the STOMP virtual host. */
	nodeName: string;
	headers: Record<string, string>;
	tls: TlsOptions;
	topics: readonly string[];
	onMessage(topic: string, body: string): void;
}

/** An open connection with its subscriptions. */
export interface Link {
	/** Why the connection ended; never rejects. */
	closed: Promise<Error>;
	/** Says goodbye and waits for the end of the connection. */
	close(): Promise<void>;
}

/** pxGrid did not accept the secret: it is worth a new one. */
export class LinkRefused extends Error {
	constructor(readonly status: number) {
		super(`the pubsub node answered ${status}`);
	}
}

const HANDSHAKE_TIMEOUT_MS = 15_000;
const PING_MS = 20_000;
const GOODBYE_MS = 2_000;
/** A node that confirms no subscriptions has taken them by then. */
const RECEIPT_MS = 2_000;
const NORMAL = 1_000;
/** A message holds the sessions that changed together. */
const MAX_MESSAGE_BYTES = 64 * 1024 * 1024;

/**
 * Opens a WebSocket to a pubsub node, through the proxy of the environment where there is one, and subscribes.
 * STOMP 1.2 frames travel in binary messages.
 *
 * @throws Error when the node can't be reached or refuses; {@link LinkRefused} for an answer that is no WebSocket.
 */
export async function openLink(target: LinkTarget, signal: AbortSignal): Promise<Link> {
	const socket = openSocket(target);
	const abort = () => socket.terminate();
	signal.addEventListener('abort', abort);
	const closed = endOf(socket);
	const failure = await Promise.race([subscribed(socket, target), closed]);
	signal.removeEventListener('abort', abort);
	if (failure) {
		socket.terminate();
		throw failure;
	}
	keepAlive(socket, closed);
	return { closed, close: async () => await sayGoodbye(socket, closed) };
}

function openSocket({ url, headers, tls }: LinkTarget): WebSocket {
	if (new URL(url).protocol !== 'wss:')
		throw new Error('pxGrid named a pubsub address that is not encrypted');
	const { ca, cert, key, passphrase, skipVerification } = tls;
	const socket = new WebSocket(url, {
		headers,
		ca,
		cert,
		key,
		passphrase,
		rejectUnauthorized: skipVerification !== true,
		agent: new Agent({ proxyEnv: process.env }),
		handshakeTimeout: HANDSHAKE_TIMEOUT_MS,
		maxPayload: MAX_MESSAGE_BYTES,
		perMessageDeflate: false,
	});
	socket.binaryType = 'nodebuffer';
	return socket;
}

async function endOf(socket: WebSocket): Promise<Error> {
	return await new Promise((resolve) => {
		socket.on('unexpected-response', (request, { statusCode = 0 }) => {
			resolve(new LinkRefused(statusCode));
			request.destroy();
		});
		socket.on('error', resolve);
		socket.on('close', (code) => resolve(new Error(`the connection was closed (${code})`)));
	});
}

/**
 * Finds lost messages of a connection: since ISE 3.0 those of some topics are numbered, from 0 when the publisher starts.
 * What was lost has to be asked for, which every new connection does. The message that shows the loss is not told: it is
 * newer than what was lost, and recovery begins at the newest that was told.
 *
 * @returns what was lost, in words
 */
export function lossFinder(): (topic: string, body: string) => string | undefined {
	const numbers = new Map<string, number>();
	return (topic, body) => {
		const number = sequenceOf(body);
		if (number === undefined) return undefined;
		const before = numbers.get(topic);
		numbers.set(topic, number);
		if (before === undefined || number === before + 1) return undefined;
		return `messages of ${topic} were lost, number ${number} came after ${before}`;
	};
}

function sequenceOf(body: string): number | undefined {
	const { sequence } = (parseJson(body) ?? {}) as { sequence?: unknown };
	return Number.isSafeInteger(sequence) ? (sequence as number) : undefined;
}

/** Resolves when the node has taken every subscription. */
async function subscribed(socket: WebSocket, { nodeName, topics, onMessage }: LinkTarget): Promise<void> {
	let patience: NodeJS.Timeout | undefined;
	await new Promise<void>((resolve) => {
		let receipts = 0;
		const findLoss = lossFinder();
		const tell = (topic: string, body: string) => {
			const loss = findLoss(topic, body);
			if (loss === undefined) onMessage(topic, body);
			else fail(socket, loss);
		};
		const receive = ({ command, headers, body }: StompFrame) => {
			if (command === 'CONNECTED') {
				topics.forEach((topic, index) =>
					transmit(socket, 'SUBSCRIBE', {
						destination: topic,
						id: `subscription-${index}`,
						receipt: `subscribed-${index}`,
					}),
				);
				patience = setTimeout(resolve, RECEIPT_MS);
			}
			if (command === 'RECEIPT' && ++receipts === topics.length) resolve();
			if (command === 'MESSAGE') tell(headers.destination ?? '', body);
			if (command === 'ERROR') fail(socket, headers.message ?? body);
		};
		socket.on('open', () => transmit(socket, 'CONNECT', { 'accept-version': '1.2', host: nodeName }));
		socket.on('message', (data: Buffer) => {
			try {
				decodeFrames(data).forEach(receive);
			} catch (error) {
				fail(socket, (error as Error).message);
			}
		});
	});
	clearTimeout(patience);
}

function transmit(socket: WebSocket, command: string, headers: Record<string, string>): void {
	socket.send(encodeFrame({ command, headers, body: '' }), { binary: true });
}

function fail(socket: WebSocket, reason: string): void {
	socket.emit('error', new Error(`the connection was ended: ${reason}`));
	socket.terminate();
}

/** A connection can die without a word: a ping must have its pong before the next one. */
function keepAlive(socket: WebSocket, closed: Promise<Error>): void {
	let answered = true;
	socket.on('pong', () => (answered = true));
	const timer = setInterval(() => {
		if (!answered) return socket.terminate();
		answered = false;
		socket.ping();
	}, PING_MS);
	void closed.then(() => clearInterval(timer));
}

async function sayGoodbye(socket: WebSocket, closed: Promise<Error>): Promise<void> {
	if (socket.readyState === WebSocket.OPEN) {
		transmit(socket, 'DISCONNECT', { receipt: 'goodbye' });
		socket.close(NORMAL);
	}
	const timer = setTimeout(() => socket.terminate(), GOODBYE_MS);
	await closed;
	clearTimeout(timer);
}
