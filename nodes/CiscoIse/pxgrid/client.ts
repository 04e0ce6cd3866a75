import type { IDataObject } from 'n8n-workflow';
import { NodeApiError, NodeOperationError } from 'n8n-workflow';
import { responseError } from '../../shared/errors';
import {
	pause,
	send,
	sendJson,
	type ApiCall,
	type ApiClient,
	type ApiContext,
	type ApiResponse,
} from '../../shared/http';
import { parseJson } from '../../shared/json';
import { cachedToken, cachedValue } from '../../shared/processState';
import { backoffMs, type RetryPolicy } from '../../shared/retry';
import { NOT_ENABLED, type AccountState } from './account';
import { NodeGroup, outcomeOf } from '../transport/nodeGroup';
import {
	basicAuthorization,
	controllerAuthorization,
	controllerUrls,
	PXGRID_CREDENTIAL,
	pxGridKey,
	pxGridTls,
	type PxGridCredential,
} from './credential';

const PRODUCT = 'Cisco pxGrid';

/** A node that is down should cost little time before the next one is asked. */
const RETRY_BEFORE_FALLBACK: RetryPolicy = { attempts: 2, baseDelayMs: 500, maxDelayMs: 10_000 };
const RETRY_ALONE: RetryPolicy = { attempts: 3, baseDelayMs: 1_000, maxDelayMs: 30_000 };

/** How long the answer "who offers this service" is believed. */
const LOOKUP_MAX_AGE_MS = 5 * 60_000;

/** Secrets stay valid until they are revoked; asking again now and then costs nothing. */
const SECRET_MAX_AGE_MS = 12 * 60 * 60_000;

/** The list of all sessions of a large deployment takes its time. */
const SERVICE_TIMEOUT_MS = 60_000;

/** Times that an answer without content is asked for again. */
const EMPTY_ANSWERS: RetryPolicy = { attempts: 3, baseDelayMs: 500, maxDelayMs: 2_000 };

/** Answers of one node of a service that say nothing about the others; 200 stands for an unreadable answer. */
const OTHER_NODE_MAY_KNOW = ['200', '401', '403', '404', '500'];

/** A node that offers a service, as `ServiceLookup` tells it. */
export interface PxGridService {
	name: string;
	/** The peer whose secret is needed to talk to it. */
	nodeName: string;
	properties: Record<string, string | undefined>;
}

/** A call to a service; it must be harmless to repeat on another node. */
export type ServiceRequest<T> = (
	ask: (operation: string, body: IDataObject) => Promise<ApiResponse>,
) => Promise<T>;

/**
 * One account on the pxGrid 2.0 control and service interfaces (cisco-pxgrid/pxgrid-rest-ws wiki). Which nodes offer
 * a service and the secrets to talk to them are kept per process and account.
 */
export class PxGrid {
	private readonly controllers: NodeGroup;

	private readonly services = new Map<string, Promise<NodeGroup>>();

	constructor(
		private readonly context: ApiContext,
		readonly credential: PxGridCredential,
		private readonly retry?: RetryPolicy,
	) {
		this.controllers = new NodeGroup(
			this.controllerClients(() => controllerAuthorization(credential), describeRefusal),
		);
	}

	/** Tells pxGrid that this client is there, and reads whether an administrator approved it. Does not wait. */
	async activate(description?: string): Promise<{ accountState: AccountState; version?: string }> {
		return await this.control('AccountActivate', description ? { description } : {});
	}

	/**
	 * Makes an account with a password, which pxGrid tells only this once.
	 *
	 * @throws NodeApiError when password accounts are not allowed, or the name is taken.
	 */
	async createAccount(): Promise<{ nodeName: string; password: string }> {
		const call = controlCall('AccountCreate', { nodeName: this.credential.nodeName }, false);
		const group = new NodeGroup(this.controllerClients(() => ({})));
		return await group.run(this.context, call, async (node) => await sendJson(this.context, node, call));
	}

	/** Nodes that offer a service now, or did within the last minutes. `fresh` asks in any case. */
	async lookup(name: string, fresh = false): Promise<PxGridService[]> {
		const load = async () =>
			(await this.control<{ services?: PxGridService[] } | undefined>('ServiceLookup', { name }))?.services ??
			[];
		const services = await cachedValue(
			pxGridKey(this.credential, 'service', name),
			load,
			fresh ? 0 : LOOKUP_MAX_AGE_MS,
			Date.now,
		);
		return services.map((service) => ({ ...service, properties: service.properties ?? {} }));
	}

	/** The same, for a service that must be there. */
	async offered(name: string, fresh = false): Promise<PxGridService[]> {
		const known = await this.lookup(name, fresh);
		const services = known.length > 0 || fresh ? known : await this.lookup(name, true);
		if (services.length > 0) return services;
		throw new NodeOperationError(this.context.getNode(), `No pxGrid node offers the service ${name} now`, {
			description: 'Check under Administration > pxGrid Services > Diagnostics that the service is running.',
		});
	}

	/** `Authorization` for a peer. `refused` is what the peer did not take. */
	async authorizationFor(peer: string, refused?: Record<string, string>): Promise<Record<string, string>> {
		const login = async () => {
			const { secret } = await this.control<{ secret: string }>('AccessSecret', { peerNodeName: peer });
			return {
				headers: basicAuthorization(this.credential.nodeName, secret),
				expiresAt: Date.now() + SECRET_MAX_AGE_MS,
			};
		};
		return await cachedToken(pxGridKey(this.credential, 'secret', peer), login, Date.now, refused);
	}

	/**
	 * Asks a service something. Every node that offers it is tried; when none answers, the nodes are looked up anew.
	 *
	 * @returns `undefined` when the service has nothing to tell (204).
	 */
	async query<T>(service: string, operation: string, body: IDataObject = {}): Promise<T | undefined> {
		return await this.run(service, async (node) => {
			const call = serviceCall(operation, body);
			for (let attempt = 1; ; attempt++) {
				const response = await send(this.context, node, call);
				if (response.status === 204) return undefined;
				const answer = jsonOf(response.text);
				if (answer !== undefined) return answer as T;
				if (attempt >= EMPTY_ANSWERS.attempts) throw this.unreadable(call, response);
				await pause(this.context, backoffMs(EMPTY_ANSWERS, attempt, Math.random()));
			}
		});
	}

	/**
	 * Runs several calls on one node that offers the service.
	 *
	 * @param accept error statuses that `request` handles itself
	 */
	async onOneNode<T>(service: string, accept: readonly number[], request: ServiceRequest<T>): Promise<T> {
		return await this.run(
			service,
			async (node) =>
				await request(
					async (operation, body) =>
						await send(this.context, node, { ...serviceCall(operation, body), accept }),
				),
		);
	}

	/** Waits, unless the execution is cancelled meanwhile. */
	async wait(ms: number): Promise<void> {
		await pause(this.context, ms);
	}

	private async run<T>(service: string, ask: (node: ApiClient) => Promise<T>): Promise<T> {
		const first = await this.nodesOf(service);
		const outcome = await outcomeOf(first.run(this.context, ANY_CALL, ask));
		if ('answer' in outcome) return outcome.answer;
		const moved = await this.movedNodes(service, first);
		if (!moved) throw outcome.error;
		return await moved.run(this.context, ANY_CALL, ask);
	}

	private async nodesOf(service: string, fresh = false): Promise<NodeGroup> {
		const known = this.services.get(service);
		if (known && !fresh) return await known;
		const found = this.offered(service, fresh).then((services) => this.groupOf(services));
		this.services.set(service, found);
		found.catch(() => this.services.delete(service));
		return await found;
	}

	/** The nodes of a service, when they are others than the ones that just failed. */
	private async movedNodes(service: string, failed: NodeGroup): Promise<NodeGroup | undefined> {
		const names = ({ nodes }: NodeGroup) => nodes.map(({ baseUrl }) => baseUrl).join();
		try {
			const now = await this.nodesOf(service, true);
			return names(now) === names(failed) ? undefined : now;
		} catch {
			return undefined;
		}
	}

	private groupOf(services: PxGridService[]): NodeGroup {
		const clients = services.flatMap(({ nodeName, properties: { restBaseUrl } }) =>
			isHttps(restBaseUrl) ? [this.serviceClient(nodeName, restBaseUrl.replace(/\/+$/, ''))] : [],
		);
		if (clients.length > 0) return new NodeGroup(clients, OTHER_NODE_MAY_KNOW);
		throw new NodeOperationError(
			this.context.getNode(),
			`pxGrid tells no https address for the service ${services[0].name}`,
		);
	}

	private serviceClient(peer: string, baseUrl: string): ApiClient {
		return {
			...this.commonClient(),
			baseUrl,
			authorize: async (refused) => await this.authorizationFor(peer, refused),
			canRefresh: true,
			timeoutMs: SERVICE_TIMEOUT_MS,
			retry: this.retry ?? RETRY_BEFORE_FALLBACK,
		};
	}

	private controllerClients(
		authorization: () => Record<string, string>,
		describeError = describePxGridError,
	): ApiClient[] {
		const baseUrls = controllerUrls(this.credential);
		return baseUrls.map((baseUrl) => ({
			...this.commonClient(),
			describeError,
			baseUrl,
			authorize: async () => authorization(),
			canRefresh: false,
			retry: this.retry ?? (baseUrls.length > 1 ? RETRY_BEFORE_FALLBACK : RETRY_ALONE),
		}));
	}

	private commonClient() {
		return { product: PRODUCT, describeError: describePxGridError, tls: pxGridTls(this.credential) };
	}

	private async control<T>(action: string, body: IDataObject): Promise<T> {
		const call = controlCall(action, body, true);
		return await this.controllers.run(
			this.context,
			call,
			async (node) => await sendJson<T>(this.context, node, call),
		);
	}

	private unreadable(call: ApiCall, response: ApiResponse): NodeApiError {
		const reason = response.text.trim() === '' ? 'The answer is empty' : 'The answer is not valid JSON';
		return responseError(this.context.getNode(), PRODUCT, call, response, reason);
	}
}

/** The account of the node, or `undefined` where the node has no pxGrid credential. */
export async function pxGridOf(context: ApiContext): Promise<PxGrid | undefined> {
	if (!context.getNode().credentials?.[PXGRID_CREDENTIAL]) return undefined;
	return await requiredPxGrid(context);
}

/** @throws Error when the node has no pxGrid credential. */
export async function requiredPxGrid(context: ApiContext): Promise<PxGrid> {
	const credential = await context.getCredentials(PXGRID_CREDENTIAL);
	return new PxGrid(context, credential as unknown as PxGridCredential);
}

/** For deciding about other nodes: what services are asked may be repeated. */
const ANY_CALL: ApiCall = { method: 'POST', path: '/', idempotent: true };

function controlCall(action: string, body: IDataObject, idempotent: boolean): ApiCall {
	return { method: 'POST', path: `/pxgrid/control/${action}`, body, idempotent };
}

function serviceCall(operation: string, body: IDataObject): ApiCall {
	return { method: 'POST', path: `/${operation}`, body, idempotent: true };
}

/** A controller's refusal of this account. */
function describeRefusal(response: ApiResponse): string | undefined {
	return response.status === 403 ? NOT_ENABLED : describePxGridError(response);
}

function describePxGridError({ text }: ApiResponse): string | undefined {
	const answer = jsonOf(text);
	if (typeof answer !== 'object' || answer === null) return undefined;
	const { message, error, failureReason } = answer as Record<string, unknown>;
	const reason = [failureReason, message, error].find((value) => typeof value === 'string');
	return reason as string | undefined;
}

function jsonOf(text: string): unknown {
	try {
		return text.trim() === '' ? undefined : parseJson(text);
	} catch {
		return undefined;
	}
}

function isHttps(url: string | undefined): url is string {
	return url !== undefined && URL.canParse(url) && new URL(url).protocol === 'https:';
}
