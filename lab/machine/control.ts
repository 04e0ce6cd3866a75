import createRouter, { type HTTPMethod } from 'find-my-way';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { guardRefusal } from '../portal/guard';
import { History } from '../portal/history';
import { hostDetail } from '../portal/hostDetail';
import { hostSummaries, overviewOf } from '../portal/overview';
import { portalRoutes, SECURITY_HEADERS } from '../portal/portal';
import { receivedBy } from '../portal/received';
import { type Input, LabInputError, asInput, knownFieldsOnly } from './input';
import type { JournalFilter } from './journal';
import type { Lab } from './lab';

type Handler = (input: Input) => unknown;

const MAX_BODY_BYTES = 1024 * 1024;
/** How often the hosts are looked at for the timeline while nobody has the portal open. */
const SAMPLE_MS = 2_000;

/** What the control port can do. GET takes its input from the query, others from a JSON body. */
function routesOf(lab: Lab, history: History): [method: HTTPMethod, path: string, handler: Handler][] {
	return [
		['GET', '/_lab/health', () => lab.health()],
		['GET', '/_lab/hosts', () => lab.hosts()],
		['GET', '/_lab/credentials', () => lab.credentials()],
		['GET', '/_lab/journal', (query) => lab.journal.query(readJournalFilter(query))],
		['GET', '/_lab/state', () => lab.state()],
		['GET', '/_lab/overview', () => overviewOf(lab, history)],
		['GET', '/_lab/host', (query) => hostDetail(lab, query)],
		['GET', '/_lab/received', () => receivedBy(lab)],
		['POST', '/_lab/reset', (input) => restarting(lab, history, () => lab.reset(input))],
		['GET', '/_lab/scenarios', () => ({ scenarios: lab.scenarioCatalogue() })],
		['GET', '/_lab/scenario', () => lab.scenarioProgress()],
		['POST', '/_lab/scenario', (input) => restarting(lab, history, () => lab.startScenario(input))],
		['DELETE', '/_lab/scenario', () => lab.stopScenario()],
		['GET', '/_lab/fault', () => lab.listFaults()],
		['POST', '/_lab/fault', (input) => lab.addFault(input)],
		['DELETE', '/_lab/fault', () => lab.clearFaults()],
		['POST', '/_lab/clock', (input) => lab.setClock(input)],
		['POST', '/_lab/emit', (input) => lab.emit(input)],
		['POST', '/_lab/press', (input) => lab.pressButton(input)],
	];
}

/** Lets a new story begin, and the history with it unless the story is refused. */
function restarting<T>(lab: Lab, history: History, begin: () => T): T {
	const answer = begin();
	const now = Date.now();
	history.restart(now);
	history.sample(hostSummaries(lab), now);
	return answer;
}

/** The lab's own HTTP interface, for tests, the demo and people with curl. */
export class Control {
	private readonly server: Server;

	private readonly history = new History(Date.now());

	private sampling?: NodeJS.Timeout;

	constructor(private readonly lab: Lab) {
		const router = createRouter({
			ignoreTrailingSlash: true,
			defaultRoute: (_request, response) => this.refuse(response),
		});
		for (const [method, path, handler] of routesOf(lab, this.history)) {
			router.on(
				method,
				path,
				(request, response) =>
					void this.serve(handler, request as IncomingMessage, response as ServerResponse),
			);
		}
		for (const [path, handler] of portalRoutes(lab)) {
			router.on('GET', path, (_request, response) => handler(response as ServerResponse));
		}
		this.server = createServer((request, response) => {
			for (const [name, value] of Object.entries(SECURITY_HEADERS)) response.setHeader(name, value);
			const refusal = guardRefusal(request);
			if (refusal === undefined) router.lookup(request, response);
			else sendJson(response, refusal.status, { error: refusal.error });
		});
	}

	/** Listens on 127.0.0.1; port 0 takes any free one. Answers the port. */
	async listen(port: number): Promise<number> {
		await new Promise<void>((resolve, reject) => {
			this.server.once('error', reject);
			this.server.listen(port, '127.0.0.1', resolve);
		});
		this.sampling = setInterval(
			() => this.history.sample(hostSummaries(this.lab), Date.now()),
			SAMPLE_MS,
		).unref();
		return (this.server.address() as AddressInfo).port;
	}

	async close(): Promise<void> {
		clearInterval(this.sampling);
		this.server.closeAllConnections();
		await new Promise<void>((resolve) => this.server.close(() => resolve()));
	}

	private async serve(handler: Handler, request: IncomingMessage, response: ServerResponse): Promise<void> {
		try {
			sendJson(response, 200, await handler(await readInput(request)));
		} catch (error) {
			if (error instanceof LabInputError)
				sendJson(response, error.status, { error: error.message, field: error.field });
			else sendJson(response, 500, { error: error instanceof Error ? error.stack : String(error) });
		}
	}

	private refuse(response: ServerResponse): void {
		const routes = routesOf(this.lab, this.history).map(([method, path]) => `${method} ${path}`);
		sendJson(response, 404, { error: 'The control port has no such route', routes });
	}
}

async function readInput(request: IncomingMessage): Promise<Input> {
	if (request.method === 'GET') {
		const { searchParams } = new URL(request.url ?? '/', 'http://localhost');
		return Object.fromEntries(searchParams);
	}
	const text = await readText(request);
	if (text.trim() === '') return {};
	try {
		return asInput(JSON.parse(text));
	} catch (error) {
		if (error instanceof LabInputError) throw error;
		throw new LabInputError('body', 'The body is not valid JSON');
	}
}

async function readText(request: IncomingMessage): Promise<string> {
	const chunks: Buffer[] = [];
	let bytes = 0;
	for await (const chunk of request) {
		bytes += (chunk as Buffer).length;
		if (bytes > MAX_BODY_BYTES) throw new LabInputError('body', 'The body is larger than 1 MiB', 413);
		chunks.push(chunk as Buffer);
	}
	return Buffer.concat(chunks).toString();
}

function readJournalFilter(query: Input): JournalFilter {
	knownFieldsOnly(query, ['vendor', 'method', 'path', 'status', 'violations', 'since', 'limit']);
	const { vendor, method, path } = query as Record<string, string | undefined>;
	return {
		vendor,
		method,
		path,
		status: wholeNumber(query, 'status'),
		since: wholeNumber(query, 'since'),
		limit: wholeNumber(query, 'limit'),
		violations: query.violations === '1' || query.violations === 'true',
	};
}

function wholeNumber(query: Input, field: string): number | undefined {
	const value = query[field];
	if (value === undefined) return undefined;
	if (!/^\d{1,15}$/.test(String(value))) throw new LabInputError(field, `"${field}" must be a whole number`);
	return Number(value);
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
	const text = JSON.stringify(body);
	response.writeHead(status, {
		'content-type': 'application/json; charset=utf-8',
		'content-length': Buffer.byteLength(text),
	});
	response.end(text);
}
