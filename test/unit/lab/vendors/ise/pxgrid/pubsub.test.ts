import { connect as tlsConnect } from 'node:tls';
import { WebSocket } from 'ws';
import type { RunningLab } from '../../../../../../lab';
import { startLab } from '../../../../../../lab';
import { createIse } from '../../../../../../lab/vendors/ise';
import { parseFrame, type StompFrame } from '../../../../../../lab/vendors/ise/pxgrid/stomp';
import { ask, control, tunnel, type Json } from '../../../machine/support';
import { basic } from '../../support';
import { READY } from './support';

const HOST = 'ise.lab.example:8910';
const PUBSUB_PATH = '/pxgrid/ise/pubsub';
const SESSION_TOPIC = '/topic/com.cisco.ise.session';
const STATUS_TOPIC = '/topic/com.cisco.ise.config.anc.status';

let lab: RunningLab;
const open: Subscriber[] = [];

beforeAll(async () => {
	lab = await startLab({ vendors: [createIse] });
});

afterEach(async () => {
	for (const subscriber of open.splice(0)) subscriber.socket.terminate();
	await control(lab, 'DELETE', '/_lab/fault');
	await control(lab, 'POST', '/_lab/reset');
});

afterAll(async () => await lab.close());

async function post(host: string, path: string, body: object, authorization: string): Promise<Json> {
	const headers = { authorization, accept: 'application/json', 'content-type': 'application/json' };
	const answer = await ask(lab, { method: 'POST', host, path, headers, body: JSON.stringify(body) });
	return answer.text === '' ? undefined : JSON.parse(answer.text);
}

async function secretOf(peerNodeName: string): Promise<string> {
	const account = basic(READY.nodeName, READY.password);
	return (await post(HOST, '/pxgrid/control/AccessSecret', { peerNodeName }, account)).secret;
}

/** A STOMP client as one writes it from pxgrid-rest-ws. */
class Subscriber {
	readonly frames: StompFrame[] = [];

	closed: number | undefined;

	private waiting: (() => void)[] = [];

	private constructor(readonly socket: WebSocket) {
		socket.on('message', (data, isBinary) => {
			expect(isBinary).toBe(true);
			const frame = parseFrame(data as Buffer);
			if (frame) this.frames.push(frame);
			this.wake();
		});
		socket.on('close', (code) => {
			this.closed = code;
			this.wake();
		});
		socket.on('error', () => undefined);
	}

	/** Opens the WebSocket through the lab's proxy. Rejects with the status of a refusal. */
	static async open(authorization: string, host = HOST, path = PUBSUB_PATH): Promise<Subscriber> {
		const { socket: tunnelled } = await tunnel(lab.proxyUrl, host);
		const servername = host.split(':')[0];
		const secure = tlsConnect({ socket: tunnelled, servername, ca: lab.caPem });
		const socket = new WebSocket(`wss://${host}${path}`, {
			headers: { authorization },
			createConnection: () => secure,
		});
		const subscriber = new Subscriber(socket);
		open.push(subscriber);
		await new Promise<void>((resolve, reject) => {
			socket.once('open', resolve);
			socket.once('unexpected-response', (_request, response) =>
				reject(new Error(`status ${response.statusCode}`)),
			);
			socket.once('error', reject);
		});
		return subscriber;
	}

	/** Opens, connects and subscribes. */
	static async to(topic: string, filter?: string): Promise<Subscriber> {
		const subscriber = await Subscriber.connected();
		subscriber.send(
			`SUBSCRIBE\ndestination:${topic}\nid:my-id\nreceipt:r1\n${filter ? `filter:${filter}\n` : ''}\n\0`,
		);
		await subscriber.next('RECEIPT');
		return subscriber;
	}

	static async connected(): Promise<Subscriber> {
		const subscriber = await Subscriber.open(basic(READY.nodeName, await secretOf('~ise-pubsub-ise')));
		subscriber.send('CONNECT\naccept-version:1.2\nhost:~ise-pubsub-ise\n\n\0');
		await subscriber.next('CONNECTED');
		return subscriber;
	}

	send(frame: string): void {
		this.socket.send(Buffer.from(frame));
	}

	/** The next frame, which must be of that command. */
	async next(command: string): Promise<StompFrame> {
		while (this.frames.length === 0 && this.closed === undefined) await this.news();
		const frame = this.frames.shift();
		expect(frame?.command).toBe(command);
		return frame as StompFrame;
	}

	async message(): Promise<Json> {
		return JSON.parse((await this.next('MESSAGE')).body.toString());
	}

	/** Resolves when the broker has answered a ping; rejects when the connection is gone. */
	async pong(): Promise<void> {
		await new Promise<void>((resolve, reject) => {
			this.socket.once('pong', () => resolve());
			this.socket.once('close', () => reject(new Error('closed before the pong')));
			this.socket.ping();
		});
	}

	async end(): Promise<number> {
		while (this.closed === undefined) await this.news();
		return this.closed;
	}

	private async news(): Promise<void> {
		await new Promise<void>((resolve) => this.waiting.push(resolve));
	}

	private wake(): void {
		for (const resolve of this.waiting.splice(0)) resolve();
	}
}

async function violations(): Promise<string[]> {
	const { body } = await control(lab, 'GET', '/_lab/journal?violations=1');
	return body.entries.map(({ violation }: Json) => violation);
}

async function fault(name: string, value: unknown): Promise<void> {
	const answer = await control(lab, 'POST', '/_lab/fault', { vendor: 'ise', kind: 'vendor', name, value });
	expect(answer.status).toBe(200);
}

const laptop = () => lab.lab.world.hosts.find(({ role }) => role === 'laptop')!;

async function startQuarantine(mac: string): Promise<Json> {
	const authorization = basic(READY.nodeName, await secretOf('~ise-admin-ise'));
	const body = { policyName: 'Quarantine', macAddress: mac };
	return await post(HOST, '/pxgrid/ise/config/anc/applyEndpointByMacAddress', body, authorization);
}

describe('the handshake', () => {
	it.each([
		['the account password', async () => READY.password],
		['the secret of another service', async () => await secretOf('~ise-admin-ise')],
		['the secret of the other node', async () => await secretOf('~ise-pubsub-ise2')],
	])('refuses %s', async (_what, secret) => {
		await expect(Subscriber.open(basic(READY.nodeName, await secret()))).rejects.toThrow('status 401');
		expect(await violations()).toHaveLength(1);
		const { body } = await control(lab, 'GET', '/_lab/journal?status=401');
		expect(body.entries).toMatchObject([{ method: 'GET', path: PUBSUB_PATH }]);
	});

	it('is refused elsewhere', async () => {
		const authorization = basic(READY.nodeName, await secretOf('~ise-pubsub-ise'));
		await expect(Subscriber.open(authorization, HOST, '/pxgrid/pubsub')).rejects.toThrow('status 404');
	});

	it('goes into the journal', async () => {
		await Subscriber.connected();
		const { body } = await control(lab, 'GET', '/_lab/journal?status=101');
		expect(body.entries).toMatchObject([{ vendor: 'ise', path: PUBSUB_PATH }]);
		expect(await violations()).toEqual([]);
	});

	it('works on the second node with its own secret', async () => {
		const authorization = basic(READY.nodeName, await secretOf('~ise-pubsub-ise2'));
		await Subscriber.open(authorization, 'ise2.lab.example:8910');
	});
});

describe('STOMP', () => {
	it('answers CONNECT, receipts, pings and DISCONNECT', async () => {
		const subscriber = await Subscriber.open(basic(READY.nodeName, await secretOf('~ise-pubsub-ise')));
		subscriber.send('CONNECT\naccept-version:1.1,1.2\nhost:~ise-pubsub-ise\nheart-beat:0,20000\n\n\0');
		expect((await subscriber.next('CONNECTED')).headers).toMatchObject({
			version: '1.2',
			'heart-beat': '0,0',
		});
		await subscriber.pong();
		subscriber.send('\n');
		subscriber.send('DISCONNECT\nreceipt:bye:1\n\n\0');
		expect((await subscriber.next('RECEIPT')).headers['receipt-id']).toBe('bye:1');
		expect(await subscriber.end()).toBe(1000);
		expect(await violations()).toEqual([]);
	});

	it('takes binary messages only', async () => {
		const subscriber = await Subscriber.open(basic(READY.nodeName, await secretOf('~ise-pubsub-ise')));
		subscriber.socket.send('CONNECT\naccept-version:1.2\nhost:~ise-pubsub-ise\n\n\0');
		expect(await subscriber.end()).toBe(1003);
		expect(await violations()).toEqual(['STOMP frames must be sent as binary messages']);
	});

	it.each([
		['SUBSCRIBE\ndestination:/topic/com.example.nothing\nid:1\n\n\0', 'no topic'],
		[`SUBSCRIBE\ndestination:${SESSION_TOPIC}\n\n\0`, 'id and destination'],
		[`SUBSCRIBE\ndestination:${SESSION_TOPIC}\nid:1\nfilter:length(@)\n\n\0`, 'filter'],
		[`SEND\ndestination:${SESSION_TOPIC}\n\n{}\0`, 'takes no SEND'],
		['UNSUBSCRIBE\nid:9\n\n\0', 'unknown id'],
		['CONNECT\naccept-version:1.2\nhost:x\n\n\0', 'second time'],
		['SUBSCRIBE', 'empty line'],
	])('answers %j with ERROR and hangs up', async (frame, words) => {
		const subscriber = await Subscriber.connected();
		subscriber.send(frame);
		expect((await subscriber.next('ERROR')).headers.message).toContain(words);
		expect(await subscriber.end()).toBe(1002);
		expect(await violations()).toEqual([expect.stringContaining(words)]);
	});

	it.each([
		['SUBSCRIBE\ndestination:/topic/a\nid:1\n\n\0', 'before CONNECT'],
		['CONNECT\naccept-version:1.0\nhost:x\n\n\0', '1.2'],
		['CONNECT\naccept-version:1.2\n\n\0', 'host'],
	])('wants a proper CONNECT first, not %j', async (frame, words) => {
		const subscriber = await Subscriber.open(basic(READY.nodeName, await secretOf('~ise-pubsub-ise')));
		subscriber.send(frame);
		expect((await subscriber.next('ERROR')).headers.message).toContain(words);
	});
});

describe('the session topic', () => {
	it('tells when cards are connected and disconnected', async () => {
		const subscriber = await Subscriber.to(SESSION_TOPIC);
		const nic = laptop().nics.find(({ connected }) => connected)!;
		nic.connected = false;
		const frame = await subscriber.next('MESSAGE');
		expect(frame.headers).toMatchObject({
			subscription: 'my-id',
			destination: SESSION_TOPIC,
			'content-type': 'application/json',
			'content-length': String(frame.body.length),
			'message-id': expect.stringMatching(/^ise:\d+$/),
		});
		expect(JSON.parse(frame.body.toString()).sessions).toMatchObject([
			{ macAddress: nic.mac, state: 'DISCONNECTED' },
		]);
		nic.connected = true;
		expect((await subscriber.message()).sessions).toMatchObject([{ macAddress: nic.mac, state: 'STARTED' }]);
	});

	it('tells when a quarantine changes the authorization', async () => {
		const subscriber = await Subscriber.to(SESSION_TOPIC);
		const nic = laptop().nics.find(({ connected }) => connected)!;
		await startQuarantine(nic.mac);
		expect((await subscriber.message()).sessions).toMatchObject([
			{ macAddress: nic.mac, ancPolicy: 'Quarantine', selectedAuthzProfiles: ['Quarantine_Access'] },
		]);
	});

	it('sends only what passes the filter', async () => {
		const cards = lab.lab.world.hosts
			.filter(({ role }) => role === 'laptop')
			.map(({ nics }) => nics.find(({ connected }) => connected)!);
		const [unwanted, wanted] = cards;
		const subscriber = await Subscriber.to(
			SESSION_TOPIC,
			`macAddress == '${wanted.mac.replaceAll(':', '\\c')}'`,
		);
		unwanted.connected = false;
		wanted.connected = false;
		const { sessions } = await subscriber.message();
		expect(sessions.map(({ macAddress }: Json) => macAddress)).toEqual([wanted.mac]);
	});

	it('is silent after UNSUBSCRIBE', async () => {
		const subscriber = await Subscriber.to(SESSION_TOPIC);
		subscriber.send('UNSUBSCRIBE\nid:my-id\nreceipt:r2\n\n\0');
		await subscriber.next('RECEIPT');
		laptop().nics.find(({ connected }) => connected)!.connected = false;
		const { body } = await control(lab, 'GET', '/_lab/state');
		expect(body.vendors.ise.pxgrid).toMatchObject({ connections: 1, subscriptions: [] });
		subscriber.send('DISCONNECT\nreceipt:r3\n\n\0');
		await subscriber.next('RECEIPT');
	});
});

describe('the ANC status topic', () => {
	it('tells how an operation ended', async () => {
		const subscriber = await Subscriber.to(STATUS_TOPIC);
		const [{ mac }] = laptop().nics;
		const { operationId, status } = await startQuarantine(mac);
		expect(status).toBe('RUNNING');
		expect(await subscriber.message()).toEqual({
			operationId,
			macAddress: mac,
			status: 'SUCCESS',
			policyName: 'Quarantine',
		});
	});

	it('counts what each subscriber got', async () => {
		const subscriber = await Subscriber.to(STATUS_TOPIC);
		await fault('pxgridImmediate', true);
		await startQuarantine(laptop().nics[0].mac);
		await subscriber.message();
		const { body } = await control(lab, 'GET', '/_lab/state');
		expect(body.vendors.ise.pxgrid.subscriptions).toEqual([
			{ nodeName: READY.nodeName, node: 1, topic: STATUS_TOPIC, filter: null, messages: 1 },
		]);
	});
});

describe('connections are lost', () => {
	it('by pxgridDrop, and new ones are taken', async () => {
		const subscriber = await Subscriber.to(SESSION_TOPIC);
		await fault('pxgridDrop', true);
		expect(await subscriber.end()).toBe(1006);
		await Subscriber.to(SESSION_TOPIC);
	});

	it('when their node goes down, which takes no others', async () => {
		const subscriber = await Subscriber.to(SESSION_TOPIC);
		const authorization = basic(READY.nodeName, await secretOf('~ise-pubsub-ise'));
		await fault('pxgridNodeDown', 2);
		await subscriber.pong();
		await fault('pxgridNodeDown', 1);
		expect(await subscriber.end()).toBe(1006);
		await expect(Subscriber.open(authorization)).rejects.toThrow();
	});

	it('when an administrator disables accounts', async () => {
		const subscriber = await Subscriber.to(SESSION_TOPIC);
		await fault('pxgridApproval', 'disable');
		expect(await subscriber.end()).toBe(1006);
	});
});
