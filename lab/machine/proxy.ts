import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer, type Server as TlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import type { TLSSocket } from 'node:tls';
import type { CertificateAuthority } from './certificates';
import type { Exchange, WireAnswer } from './exchange';
import { type Journal, UNKNOWN_VENDOR, maskedPath } from './journal';
import type { LabRequest, UpgradeRecorder, Vendor } from './vendor';

const MAX_BODY_BYTES = 50 * 1024 * 1024;
const HTTPS_PORT = '443';

interface ProxyParts {
	ca: CertificateAuthority;
	vendors: readonly Vendor[];
	exchange: Exchange;
	journal: Journal;
	/** Where the list of played hosts is, for the refusal of others. */
	controlUrl: string;
}

/**
 * An HTTPS proxy that answers instead of forwarding: CONNECT to a host that a vendor plays ends in that vendor,
 * under a certificate of the lab's CA. Nothing is ever sent onwards.
 */
export class Proxy {
	private readonly server: Server;

	private readonly sockets = new Set<Duplex>();

	private readonly tlsServers = new Map<string, Promise<TlsServer>>();

	constructor(private readonly parts: ProxyParts) {
		this.server = createServer((request, response) => this.refusePlainHttp(request, response));
		this.server.on('connection', (socket) => this.track(socket));
		this.server.on('connect', (request, socket, head) => void this.connect(request, socket, head));
	}

	/** Listens on 127.0.0.1; port 0 takes any free one. Answers the port. */
	async listen(port: number): Promise<number> {
		await new Promise<void>((resolve, reject) => {
			this.server.once('error', reject);
			this.server.listen(port, '127.0.0.1', resolve);
		});
		return (this.server.address() as AddressInfo).port;
	}

	async close(): Promise<void> {
		for (const socket of this.sockets) socket.destroy();
		await new Promise<void>((resolve) => this.server.close(() => resolve()));
	}

	private track(socket: Duplex): void {
		this.sockets.add(socket);
		socket.on('close', () => this.sockets.delete(socket));
		// A client that goes away is its own business, whenever it does.
		socket.on('error', () => undefined);
	}

	private async connect(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
		const authority = normalAuthority(request.url ?? '');
		const vendor = this.parts.vendors.find(({ hosts }) => hosts.includes(authority));
		if (vendor === undefined) {
			this.refuseHost(authority, socket);
			return;
		}
		const server = await this.tlsServer(authority, vendor);
		socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
		if (head.length > 0) socket.unshift(head);
		server.emit('connection', socket);
	}

	private async tlsServer(authority: string, vendor: Vendor): Promise<TlsServer> {
		const known = this.tlsServers.get(authority);
		if (known !== undefined) return await known;
		const made = this.makeTlsServer(authority, vendor);
		this.tlsServers.set(authority, made);
		return await made;
	}

	/** Never listens itself: it is fed with the tunnels to its host. */
	private async makeTlsServer(authority: string, vendor: Vendor): Promise<TlsServer> {
		const { cert, key } = await this.parts.ca.forHost(authority.split(':')[0]);
		const server = createTlsServer(
			{ cert, key, ca: this.parts.ca.certPem, requestCert: true, rejectUnauthorized: false },
			(request, response) => void this.answer(authority, vendor, request, response),
		);
		server.on('upgrade', (request, socket, head) => this.upgrade(authority, vendor, request, socket, head));
		server.on('tlsClientError', (_error, socket) => socket.destroy());
		return server;
	}

	private async answer(
		authority: string,
		vendor: Vendor,
		request: IncomingMessage,
		response: ServerResponse,
	): Promise<void> {
		const labRequest = toLabRequest(authority, request, await readBody(request));
		if (labRequest === undefined) {
			sendText(response, 400, 'The lab does not understand this request target or its body is too large.\n');
			return;
		}
		const outcome = await this.parts.exchange.serve(vendor, labRequest);
		if (outcome === 'reset') request.socket.destroy();
		else if (outcome !== 'silence') send(response, outcome);
	}

	private upgrade(
		authority: string,
		vendor: Vendor,
		request: IncomingMessage,
		socket: Duplex,
		head: Buffer,
	): void {
		const labRequest = toLabRequest(authority, request, Buffer.alloc(0));
		const record: UpgradeRecorder = (outcome) =>
			this.parts.journal.add({
				time: new Date(Date.now()).toISOString(),
				vendor: vendor.name,
				method: request.method ?? '',
				path: labRequest === undefined ? (request.url ?? '') : maskedPath(labRequest.url),
				durationMs: 0,
				...outcome,
			});
		if (labRequest !== undefined && vendor.upgrade !== undefined) {
			vendor.upgrade(labRequest, socket, head, record);
			return;
		}
		record({ status: 501 });
		socket.end(rawAnswer('501 Not Implemented', `The lab's ${vendor.name} takes no upgraded connections.\n`));
	}

	private refuseHost(authority: string, socket: Duplex): void {
		this.journalRefusal('CONNECT', authority);
		const text =
			`The lab does not play ${authority}, and forwards nothing to the network.\n` +
			`Hosts it plays: curl ${this.parts.controlUrl}/_lab/hosts\n`;
		socket.end(rawAnswer('502 Host Not Played By The Lab', text));
	}

	private refusePlainHttp(request: IncomingMessage, response: ServerResponse): void {
		const target = request.url ?? '';
		this.journalRefusal(request.method ?? '', target.split('?')[0]);
		const text = target.startsWith('/')
			? "This is the lab's HTTPS proxy. Set it as HTTPS_PROXY; the control API is at " +
				`${this.parts.controlUrl}/_lab/health\n`
			: 'The lab plays HTTPS hosts only: use https:// in the address.\n' +
				`Hosts it plays: curl ${this.parts.controlUrl}/_lab/hosts\n`;
		sendText(response, target.startsWith('/') ? 400 : 502, text);
	}

	private journalRefusal(method: string, path: string): void {
		const time = new Date(Date.now()).toISOString();
		this.parts.journal.add({ time, vendor: UNKNOWN_VENDOR, method, path, status: 502, durationMs: 0 });
	}
}

/** Lower case, and without the port when it is 443: the form that vendors list their hosts in. */
function normalAuthority(target: string): string {
	const [, host, port] = /^(.*):(\d+)$/.exec(target) ?? [undefined, target, HTTPS_PORT];
	return port === HTTPS_PORT ? host.toLowerCase() : `${host.toLowerCase()}:${port}`;
}

function toLabRequest(
	authority: string,
	request: IncomingMessage,
	body: Buffer | undefined,
): LabRequest | undefined {
	const target = request.url ?? '';
	const text = `https://${authority}${target}`;
	if (body === undefined || !target.startsWith('/') || !URL.canParse(text)) return undefined;
	return {
		method: request.method ?? 'GET',
		url: new URL(text),
		headers: joinedHeaders(request),
		body,
		...clientCertificate(request.socket as TLSSocket),
	};
}

function joinedHeaders(request: IncomingMessage): Record<string, string> {
	const headers: Record<string, string> = {};
	for (const [name, values] of Object.entries(request.headersDistinct))
		headers[name] = (values ?? []).join(', ');
	return headers;
}

/** Only a certificate that the lab's CA signed counts. */
function clientCertificate(socket: TLSSocket): Pick<LabRequest, 'clientCertificate'> {
	if (!socket.authorized) return {};
	const { subject } = socket.getPeerCertificate();
	if (subject === undefined) return {};
	const parts = Object.entries(subject).map(([name, value]) => `${name}=${[value].flat().join('+')}`);
	return { clientCertificate: { subject: parts.join(', ') } };
}

/** The whole body; `undefined` when it is too large or the client went away. */
async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
	const chunks: Buffer[] = [];
	let bytes = 0;
	try {
		for await (const chunk of request) {
			bytes += (chunk as Buffer).length;
			if (bytes > MAX_BODY_BYTES) return undefined;
			chunks.push(chunk as Buffer);
		}
	} catch {
		return undefined;
	}
	return Buffer.concat(chunks);
}

function send(response: ServerResponse, { status, headers, body }: WireAnswer): void {
	const bodyless = status === 204 || status === 304;
	response.writeHead(status, bodyless ? headers : { ...headers, 'content-length': String(body.length) });
	response.end(bodyless ? undefined : body);
}

function sendText(response: ServerResponse, status: number, text: string): void {
	send(response, {
		status,
		headers: { 'content-type': 'text/plain; charset=utf-8' },
		body: Buffer.from(text),
	});
}

function rawAnswer(statusLine: string, text: string): string {
	return (
		`HTTP/1.1 ${statusLine}\r\nContent-Type: text/plain; charset=utf-8\r\n` +
		`Content-Length: ${Buffer.byteLength(text)}\r\nConnection: close\r\n\r\n${text}`
	);
}
