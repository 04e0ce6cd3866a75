import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type RawData, type WebSocket } from 'ws';
import type { LabRequest, UpgradeRecorder } from '../../../machine/vendor';
import { readFilter, type Filter } from './filter';
import { TOPICS, type PxGridNode } from './model';
import { pubsubPeer } from './services';
import { parseFrame, writeFrame, type StompFrame } from './stomp';

/** WebSocket close codes. */
const NORMAL = 1000;
const PROTOCOL_ERROR = 1002;
const UNSUPPORTED_DATA = 1003;

interface Subscription {
	id: string;
	topic: string;
	filter?: { text: string; passes: Filter };
	messages: number;
}

interface Client {
	nodeName: string;
	node: PxGridNode;
	socket: WebSocket;
	record: UpgradeRecorder;
	connected: boolean;
	subscriptions: Map<string, Subscription>;
}

/** A connection whose secret was checked. */
interface Arrival {
	nodeName: string;
	node: PxGridNode;
	request: LabRequest;
	socket: Duplex;
	head: Buffer;
	record: UpgradeRecorder;
}

/** The broker: STOMP 1.2 frames in binary WebSocket messages. It keeps nothing for those who are away. */
export interface Pubsub {
	accept(arrival: Arrival): void;
	/** Sends a JSON body to every subscriber; of `sessions` only those that pass the subscriber's filter. */
	publish(topic: string, body: Record<string, unknown>): void;
	/** The same, with the next number of the topic, as ISE 3.0 and later number sessions; a `lost` one reaches nobody. */
	publishNumbered(topic: string, body: Record<string, unknown>, lost: boolean): void;
	/** The publisher starts again: numbers begin at 0. */
	restart(): void;
	/** Cuts the connections to the nodes, without a close frame. */
	drop(isAffected: (node: PxGridNode) => boolean): void;
	state(): { connections: number; subscriptions: Record<string, unknown>[] };
}

/** `onClients` hears how many clients there are, at every change. */
export function createPubsub({ onClients }: { onClients(count: number): void }): Pubsub {
	const server = new WebSocketServer({ noServer: true });
	const clients = new Set<Client>();
	const sequences = new Map<string, number>();
	let messages = 0;

	const deliver = (client: Client, subscription: Subscription, body: Record<string, unknown>) => {
		const passing = filtered(body, subscription.filter?.passes);
		if (!passing) return;
		const text = JSON.stringify(passing);
		subscription.messages += 1;
		messages += 1;
		const headers = {
			subscription: subscription.id,
			'message-id': `${client.node.shortName}:${messages}`,
			destination: subscription.topic,
			'content-type': 'application/json',
			'content-length': String(Buffer.byteLength(text)),
		};
		client.socket.send(writeFrame('MESSAGE', headers, text));
	};

	const join = (client: Client) => {
		clients.add(client);
		onClients(clients.size);
		client.socket.on('message', (data, isBinary) => receive(client, data, isBinary));
		// What goes wrong on the client's side ends in `close` as well.
		client.socket.on('error', () => undefined);
		client.socket.on('close', () => {
			clients.delete(client);
			onClients(clients.size);
		});
	};

	const publish = (topic: string, body: Record<string, unknown>) => {
		for (const client of clients) {
			for (const subscription of client.subscriptions.values()) {
				if (subscription.topic === topic) deliver(client, subscription, body);
			}
		}
	};

	return {
		publish,
		publishNumbered(topic, body, lost) {
			const sequence = sequences.get(topic) ?? 0;
			sequences.set(topic, sequence + 1);
			if (!lost) publish(topic, { sequence, ...body });
		},
		restart: () => sequences.clear(),
		accept({ nodeName, node, request, socket, head, record }) {
			const { method, headers, url } = request;
			const handshake = { method, headers, url: url.pathname } as IncomingMessage;
			record({ status: 101 });
			server.handleUpgrade(handshake, socket, head, (webSocket) =>
				join({ nodeName, node, socket: webSocket, record, connected: false, subscriptions: new Map() }),
			);
		},
		drop(isAffected) {
			for (const { node, socket } of clients) if (isAffected(node)) socket.terminate();
		},
		state: () => ({
			connections: clients.size,
			subscriptions: [...clients].flatMap(({ nodeName, node, subscriptions }) =>
				[...subscriptions.values()].map(({ topic, filter, messages: sent }) => ({
					nodeName,
					node: node.number,
					topic,
					filter: filter?.text ?? null,
					messages: sent,
				})),
			),
		}),
	};
}

function filtered(
	body: Record<string, unknown>,
	passes: Filter | undefined,
): Record<string, unknown> | undefined {
	if (!passes) return body;
	if (!Array.isArray(body.sessions)) return passes(body) ? body : undefined;
	const sessions = body.sessions.filter(passes);
	return sessions.length > 0 ? { ...body, sessions } : undefined;
}

function receive(client: Client, data: RawData, isBinary: boolean): void {
	if (!isBinary) {
		client.record({ status: 101, violation: 'STOMP frames must be sent as binary messages' });
		client.socket.close(UNSUPPORTED_DATA);
		return;
	}
	try {
		const frame = parseFrame(Buffer.isBuffer(data) ? data : Buffer.concat([data].flat() as Buffer[]));
		if (frame) obey(client, frame);
	} catch (error) {
		refuse(client, error instanceof Error ? error.message : String(error));
	}
}

/** STOMP's answer to a wrong frame: ERROR, and the end of the connection. */
function refuse(client: Client, reason: string): void {
	client.record({ status: 101, violation: reason });
	client.socket.send(writeFrame('ERROR', { message: reason, 'content-type': 'text/plain' }, reason));
	client.socket.close(PROTOCOL_ERROR);
}

/** Throws an Error that says what is wrong with the frame. */
function obey(client: Client, frame: StompFrame): void {
	const { command, headers } = frame;
	if (command === 'CONNECT' || command === 'STOMP') {
		connect(client, frame);
		return;
	}
	if (!client.connected) throw new Error(`${command} before CONNECT`);
	if (command === 'SUBSCRIBE') subscribe(client, frame);
	else if (command === 'UNSUBSCRIBE') unsubscribe(client, frame);
	else if (command !== 'DISCONNECT')
		throw new Error(`the broker takes no ${command} from ${client.nodeName}`);
	if (headers.receipt !== undefined) {
		client.socket.send(writeFrame('RECEIPT', { 'receipt-id': headers.receipt }));
	}
	if (command === 'DISCONNECT') client.socket.close(NORMAL);
}

function connect(client: Client, { headers }: StompFrame): void {
	if (client.connected) throw new Error('CONNECT a second time');
	const versions = (headers['accept-version'] ?? '').split(',');
	if (!versions.includes('1.2')) throw new Error('accept-version must name 1.2');
	if (!headers.host) throw new Error('host must be given: the name of the pubsub node');
	client.connected = true;
	const server = pubsubPeer(client.node);
	client.socket.send(
		writeFrame('CONNECTED', { version: '1.2', 'heart-beat': '0,0', session: client.nodeName, server }),
	);
}

function subscribe(client: Client, { headers }: StompFrame): void {
	const { id, destination, filter } = headers;
	if (!id || !destination) throw new Error('SUBSCRIBE must have id and destination');
	if (client.subscriptions.has(id)) throw new Error(`there is a subscription ${id} already`);
	if (!Object.values<string>(TOPICS).includes(destination))
		throw new Error(`there is no topic ${destination}`);
	client.subscriptions.set(id, {
		id,
		topic: destination,
		messages: 0,
		...(filter !== undefined && { filter: { text: filter, passes: readFilter(filter) } }),
	});
}

function unsubscribe(client: Client, { headers }: StompFrame): void {
	if (!client.subscriptions.delete(headers.id ?? '')) throw new Error('UNSUBSCRIBE of an unknown id');
}
