import { mkdtempSync } from 'node:fs';
import { request as httpRequest, type IncomingHttpHeaders, type OutgoingHttpHeaders } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type RunningLab, startLab } from '../../../../lab';
import type {
	LabRequest,
	LabResponse,
	Vendor,
	VendorEvent,
	VendorFactory,
} from '../../../../lab/machine/vendor';

export const HOST = 'api.vendor.example';
export const PORT_HOST = 'ise.vendor.example:9060';

/** A vendor that answers what the test wants and remembers what it was asked. */
export class FakeVendor implements Vendor {
	readonly name: string;

	readonly hosts: string[];

	readonly requests: LabRequest[] = [];

	readonly events: VendorEvent[] = [];

	readonly faults: [string, unknown][] = [];

	resets = 0;

	expired = 0;

	worldChanges = 0;

	answer: (request: LabRequest) => LabResponse | Promise<LabResponse> = () => ({
		status: 200,
		body: { ok: true },
	});

	constructor(name = 'fake', hosts = [HOST, PORT_HOST]) {
		this.name = name;
		this.hosts = hosts;
	}

	credentials() {
		return { apiKey: `${this.name}-key` };
	}

	state() {
		return { events: this.events.length };
	}

	reset() {
		this.resets++;
	}

	handle(request: LabRequest) {
		this.requests.push(request);
		return this.answer(request);
	}

	emit(event: VendorEvent) {
		if (event.type === 'nonsense') throw new Error('Unknown event type nonsense');
		this.events.push(event);
	}

	expireTokens() {
		this.expired++;
	}

	setFault(name: string, value: unknown) {
		if (name === 'unheardOf') throw new Error('No such fault');
		this.faults.push([name, value]);
	}

	worldChanged() {
		this.worldChanges++;
	}
}

export async function startTestLab(vendors: Vendor[], seed = 1): Promise<RunningLab> {
	const factories: VendorFactory[] = vendors.map((vendor) => () => vendor);
	const caFile = join(mkdtempSync(join(tmpdir(), 'lab-test-')), 'ca.pem');
	return await startLab({ vendors: factories, seed, caFile });
}

export interface Answer {
	status: number;
	headers: IncomingHttpHeaders;
	text: string;
}

export interface Ask {
	method?: string;
	path?: string;
	host?: string;
	headers?: OutgoingHttpHeaders;
	body?: string;
	cert?: string;
	key?: string;
	/** Default: the lab's CA. */
	ca?: string;
}

/** Opens a tunnel; the answer is a refusal unless its status is 200. */
export async function tunnel(proxyUrl: string, authority: string): Promise<Answer & { socket: Socket }> {
	const { hostname, port } = new URL(proxyUrl);
	return await new Promise((resolve, reject) => {
		const connect = httpRequest({ host: hostname, port, method: 'CONNECT', path: authority, agent: false });
		connect.on('connect', (response, socket, head) => {
			const answer = { status: response.statusCode ?? 0, headers: response.headers, socket };
			if (response.statusCode === 200) {
				resolve({ ...answer, text: '' });
				return;
			}
			let text = head.toString();
			socket.on('data', (chunk) => (text += String(chunk)));
			socket.on('end', () => resolve({ ...answer, text }));
		});
		connect.on('error', reject);
		connect.end();
	});
}

/** One HTTPS request through the lab's proxy, as n8n would make it: CONNECT, TLS with a verified certificate. */
export async function ask(lab: RunningLab, options: Ask = {}): Promise<Answer> {
	const { method = 'GET', path = '/', host = HOST, headers = {}, body, cert, key, ca = lab.caPem } = options;
	const { socket } = await tunnel(lab.proxyUrl, host.includes(':') ? host : `${host}:443`);
	const servername = host.split(':')[0];
	return await new Promise((resolve, reject) => {
		const request = httpsRequest(
			{
				method,
				path,
				host: servername,
				headers: { host, ...headers },
				servername,
				ca,
				cert,
				key,
				agent: false,
				socket,
			} as object,
			(response) => {
				let text = '';
				response.on('data', (chunk) => (text += String(chunk)));
				response.on('end', () => {
					resolve({ status: response.statusCode ?? 0, headers: response.headers, text });
					socket.destroy();
				});
				response.on('error', reject);
			},
		);
		request.on('error', (error) => {
			socket.destroy();
			reject(error);
		});
		request.end(body);
	});
}

/** An answer of the control port: tests look into it where they know its shape. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type Json = any;

/** One call to the control port. */
export async function control(
	lab: RunningLab,
	method: string,
	path: string,
	body?: unknown,
): Promise<{ status: number; body: Json }> {
	const response = await fetch(`${lab.controlUrl}${path}`, {
		method,
		...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
	});
	return { status: response.status, body: (await response.json()) as Json };
}
