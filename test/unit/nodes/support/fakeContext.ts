import type {
	ICredentialDataDecryptedObject,
	IDataObject,
	IExecuteFunctions,
	IHttpRequestMethods,
	IHttpRequestOptions,
	ILoadOptionsFunctions,
	INode,
	IPollFunctions,
} from 'n8n-workflow';

/** One request as the node sent it. */
export interface SentRequest {
	method: IHttpRequestMethods;
	url: URL;
	/** Lower-case names. */
	headers: Record<string, string>;
	/** Parsed when it is JSON, else the text as sent; `undefined` without a body. */
	body: unknown;
	/** Everything that was given to n8n's request helper. */
	options: IHttpRequestOptions;
}

/** What the fake server answers: objects and arrays as JSON, strings as they are. */
export interface FakeAnswer {
	status?: number;
	headers?: Record<string, string | string[]>;
	body?: unknown;
}

/** Plays the server. Throw, or answer an Error, for a connection that fails. */
export type FakeServer = (request: SentRequest) => FakeAnswer | Error | Promise<FakeAnswer | Error>;

export interface FakeSetup {
	/**
	 * Node parameters by name, nested as n8n stores them: `{ options: { comment: 'x' } }`. An array gives each item
	 * its own table. A parameter that is neither here nor has a fallback in the node's code is an error, as in n8n.
	 */
	parameters?: IDataObject | IDataObject[];
	/** Input items; default one empty item per parameter table. */
	items?: IDataObject[];
	/** Credentials by type name. */
	credentials?: Record<string, ICredentialDataDecryptedObject>;
	server?: FakeServer;
	continueOnFail?: boolean;
	/** For polls: `trigger` (default) or `manual`. */
	mode?: 'trigger' | 'manual';
	/** For polls: what was kept from earlier polls. Changed in place. */
	staticData?: IDataObject;
	/** For polls: as `getPollBudgetMs` tells; default 45 s. */
	pollBudgetMs?: number;
	/** Cancels the execution. */
	cancelSignal?: AbortSignal;
}

/** Everything that the node asked the server, in order. */
export interface Recorded {
	requests: SentRequest[];
}

export const fakeNode: INode = {
	id: 'node-1',
	name: 'Node under test',
	type: 'n8n-nodes-cisco-rtc.test',
	typeVersion: 1,
	position: [0, 0],
	parameters: {},
};

/** A minimal context for `execute()` and for operations. */
export function fakeExecute(setup: FakeSetup = {}): IExecuteFunctions & Recorded {
	const tables = parameterTables(setup);
	const items = setup.items ?? tables.map(() => ({}));
	return {
		...common(setup),
		getNodeParameter: (name: string, itemIndex: number, fallback?: unknown, options?: ParameterOptions) =>
			readParameter(tables[Math.min(itemIndex, tables.length - 1)], name, fallback, options),
		getInputData: () => items.map((json, item) => ({ json, pairedItem: { item } })),
		continueOnFail: () => setup.continueOnFail ?? false,
		addExecutionHints: () => undefined,
		getExecutionId: () => '1',
		getExecutionCancelSignal: () => setup.cancelSignal,
	} as unknown as IExecuteFunctions & Recorded;
}

/** A minimal context for `poll()`. */
export function fakePoll(setup: FakeSetup = {}): IPollFunctions & Recorded {
	const [table] = parameterTables(setup);
	const staticData = setup.staticData ?? {};
	return {
		...common(setup),
		getNodeParameter: (name: string, fallback?: unknown, options?: ParameterOptions) =>
			readParameter(table, name, fallback, options),
		getMode: () => setup.mode ?? 'trigger',
		getActivationMode: () => 'activate',
		getWorkflowStaticData: () => staticData,
		getPollBudgetMs: () => setup.pollBudgetMs ?? 45_000,
	} as unknown as IPollFunctions & Recorded;
}

/** A minimal context for dynamic options and list searches. */
export function fakeLoadOptions(setup: FakeSetup = {}): ILoadOptionsFunctions & Recorded {
	const [table] = parameterTables(setup);
	return {
		...common(setup),
		getNodeParameter: (name: string, fallback?: unknown, options?: ParameterOptions) =>
			readParameter(table, name, fallback, options),
		getCurrentNodeParameter: (name: string, options?: ParameterOptions) =>
			readParameter(table, name, undefined, options, true),
	} as unknown as ILoadOptionsFunctions & Recorded;
}

/** Runs work that waits (retries, polling for a state) without really waiting. Needs `jest.useFakeTimers()`. */
export async function withoutWaiting<T>(work: Promise<T>): Promise<T> {
	let settled = false;
	const watched = work.finally(() => (settled = true));
	watched.catch(() => undefined);
	while (!settled) await jest.advanceTimersToNextTimerAsync();
	return await watched;
}

interface ParameterOptions {
	extractValue?: boolean;
}

function common(setup: FakeSetup) {
	const requests: SentRequest[] = [];
	return {
		requests,
		getNode: () => fakeNode,
		getCredentials: async (type: string) => {
			const credential = setup.credentials?.[type];
			if (!credential) throw new Error(`Node does not have any credentials set for "${type}"`);
			return credential;
		},
		getWorkflow: () => ({ id: 'wf-1', name: 'Workflow under test', active: true }),
		getTimezone: () => 'UTC',
		logger: { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined },
		helpers: {
			httpRequest: async (options: IHttpRequestOptions) => await answer(setup, requests, options),
			returnJsonArray: (data: IDataObject | IDataObject[]) =>
				(Array.isArray(data) ? data : [data]).map((json) => ({ json })),
		},
	};
}

async function answer(setup: FakeSetup, requests: SentRequest[], options: IHttpRequestOptions) {
	const request = toSentRequest(options);
	requests.push(request);
	if (!setup.server) throw new Error(`Unexpected request: ${request.method} ${request.url.href}`);
	const reply = await setup.server(request);
	if (reply instanceof Error) throw reply;
	const { status = 200, headers = {}, body } = reply;
	const text = body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body);
	return { statusCode: status, statusMessage: '', headers, body: text };
}

function toSentRequest(options: IHttpRequestOptions): SentRequest {
	const headers = Object.entries(options.headers ?? {}).map(([name, value]) => [
		name.toLowerCase(),
		String(value),
	]);
	return {
		method: options.method ?? 'GET',
		url: new URL(options.url),
		headers: Object.fromEntries(headers) as Record<string, string>,
		body: parsedBody(options.body),
		options,
	};
}

function parsedBody(body: unknown): unknown {
	if (typeof body !== 'string') return body;
	try {
		return JSON.parse(body) as unknown;
	} catch {
		return body;
	}
}

function parameterTables(setup: FakeSetup): IDataObject[] {
	const { parameters = {} } = setup;
	return Array.isArray(parameters) ? parameters : [parameters];
}

function readParameter(
	table: IDataObject,
	name: string,
	fallback: unknown,
	options: ParameterOptions = {},
	optional = false,
): unknown {
	const found = name
		.split('.')
		.reduce<unknown>((value, key) => (value as IDataObject | undefined)?.[key], table);
	const value = found ?? fallback;
	if (value === undefined && !optional) throw new Error(`Could not get parameter "${name}"`);
	return options.extractValue && isLocator(value) ? value.value : value;
}

function isLocator(value: unknown): value is { value: unknown } {
	return typeof value === 'object' && value !== null && '__rl' in value;
}
