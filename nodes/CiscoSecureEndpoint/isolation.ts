import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';
import { isTemporary } from '../shared/errors';
import { pause, readJson, send, sendForJson, type ApiCall, type ApiResponse } from '../shared/http';
import { DEFAULT_RETRY } from '../shared/retry';
import { segment } from './parameters';
import type { SecureEndpointClient } from './transport/client';
import type { Envelope } from './transport/pages';

/** As the API tells it: `not_isolated`, `pending_start`, `isolated`, `pending_stop`. */
export interface IsolationState {
	available?: boolean;
	status?: string;
	comment?: string | null;
	isolated_by?: string;
}

/** A connector after an operation. The unlock code stays in the console: it would free the computer. */
export interface ConnectorState extends IDataObject {
	connectorGuid: string;
	/** The vendor's status, or `not_found` for a connector that the account does not have. */
	status: string;
	available?: boolean;
	alreadyIsolated?: boolean;
	alreadyReleased?: boolean;
}

/** What Start and Stop have in common. */
export interface Goal {
	method: 'PUT' | 'DELETE';
	/** Status in which the goal is reached, and the one on the way to it. */
	reached: string;
	pending: string;
	/** Set on a connector that was there before. */
	already: 'alreadyIsolated' | 'alreadyReleased';
	/** Whether a connector that no longer exists counts as reached. */
	goneIsReached: boolean;
}

export interface Patience {
	/** Milliseconds in all; 0 does not wait. */
	deadlineMs: number;
}

const FIRST_LOOK_MS = 1_000;
const LONGEST_LOOK_MS = 10_000;
const NOT_FOUND = 'not_found';

/** GET /v1/computers/{guid}/isolation; `not_found` for a connector that the account does not have. */
export async function readConnector(
	context: IExecuteFunctions,
	client: SecureEndpointClient,
	connectorGuid: string,
	itemIndex: number,
): Promise<ConnectorState> {
	const call: ApiCall = { method: 'GET', path: isolationPath(connectorGuid), accept: [404], itemIndex };
	const response = await send(context, client, call);
	return toState(connectorGuid, response, readIsolation(context, client, call, response));
}

/**
 * Brings connectors to a goal, and waits until they are there or the time is up. Every connector is tried before the
 * first failure is thrown, so that one that can't be isolated does not save the others.
 *
 * @throws NodeOperationError naming every connector that was refused, and why
 */
export async function bringTo(
	context: IExecuteFunctions,
	client: SecureEndpointClient,
	goal: Goal,
	connectorGuids: string[],
	body: IDataObject,
	patience: Patience,
	itemIndex: number,
): Promise<{ connectors: ConnectorState[]; inForce: boolean }> {
	const end = Date.now() + patience.deadlineMs;
	const asked: ConnectorState[] = [];
	const failures: { connectorGuid: string; error: Error }[] = [];
	for (const connectorGuid of connectorGuids) {
		try {
			asked.push(await ask(context, client, goal, connectorGuid, body, end, itemIndex));
		} catch (error) {
			failures.push({ connectorGuid, error: error as Error });
		}
	}
	if (failures.length > 0) throw refusal(context, failures, connectorGuids.length, itemIndex);
	const connectors: ConnectorState[] = [];
	for (const state of asked) connectors.push(await waitFor(context, client, goal, state, end, itemIndex));
	return { connectors, inForce: connectors.every((state) => isReached(goal, state)) };
}

function isReached(goal: Goal, { status }: ConnectorState): boolean {
	return status === goal.reached || (goal.goneIsReached && status === NOT_FOUND);
}

/** Sends the request. A conflict is settled by what the connector says of itself. */
async function ask(
	context: IExecuteFunctions,
	client: SecureEndpointClient,
	goal: Goal,
	connectorGuid: string,
	body: IDataObject,
	end: number,
	itemIndex: number,
): Promise<ConnectorState> {
	for (let wait = FIRST_LOOK_MS; ; wait = longer(wait)) {
		const call: ApiCall = {
			method: goal.method,
			path: isolationPath(connectorGuid),
			body,
			accept: [400, 403, 404, 405, 409, 422],
			itemIndex,
		};
		const response = await sendForJson(context, client, call);
		if (response.status < 300)
			return toState(connectorGuid, response, readIsolation(context, client, call, response));
		const state = await readConnector(context, client, connectorGuid, itemIndex);
		if (state.status === goal.reached || state.status === goal.pending)
			return { ...state, [goal.already]: true };
		if (state.status === NOT_FOUND && goal.goneIsReached) return state;
		const isOnTheWayBack = state.status === 'pending_start' || state.status === 'pending_stop';
		if (!isOnTheWayBack || Date.now() + wait > end) throw new Error(whyNot(client, state, response));
		await pause(context, wait);
	}
}

function whyNot(client: SecureEndpointClient, state: ConnectorState, response: ApiResponse): string {
	if (state.status === NOT_FOUND) return 'no computer of this account has this connector GUID';
	if (state.available === false) {
		return 'isolation is not available: it is off in the policy, or the operating system or connector version cannot do it';
	}
	const told = client.describeError(response) ?? `Secure Endpoint answered ${response.status}`;
	return `${told} (isolation status: ${state.status})`;
}

async function waitFor(
	context: IExecuteFunctions,
	client: SecureEndpointClient,
	goal: Goal,
	asked: ConnectorState,
	end: number,
	itemIndex: number,
): Promise<ConnectorState> {
	let state = asked;
	const oneTry = { ...client, retry: { ...DEFAULT_RETRY, attempts: 1 } };
	for (let wait = FIRST_LOOK_MS; !isReached(goal, state) && Date.now() < end; wait = longer(wait)) {
		await pause(context, Math.min(wait, end - Date.now()));
		state = { ...asked, ...(await lookAgain(context, oneTry, state, itemIndex)) };
	}
	return state;
}

/** The request was taken: a look that fails for a moment does not undo it, and the next one is its repetition. */
async function lookAgain(
	context: IExecuteFunctions,
	client: SecureEndpointClient,
	known: ConnectorState,
	itemIndex: number,
): Promise<ConnectorState> {
	const answer = await readConnector(context, client, known.connectorGuid, itemIndex).catch(
		(error: Error) => error,
	);
	if (!(answer instanceof Error)) return answer;
	if (isTemporary(answer)) return known;
	throw answer;
}

const longer = (wait: number): number => Math.min(wait * 1.5, LONGEST_LOOK_MS);

const isolationPath = (connectorGuid: string): string => `/v1/computers/${segment(connectorGuid)}/isolation`;

function readIsolation(
	context: IExecuteFunctions,
	client: SecureEndpointClient,
	call: ApiCall,
	response: ApiResponse,
): IsolationState {
	if (response.status === 404) return {};
	return readJson<Envelope<IsolationState> | undefined>(context, client, call, response)?.data ?? {};
}

function toState(connectorGuid: string, response: ApiResponse, state: IsolationState): ConnectorState {
	return {
		connectorGuid,
		status: response.status === 404 ? NOT_FOUND : (state.status ?? 'unknown'),
		...(state.available !== undefined && { available: state.available }),
		...(state.comment && { comment: state.comment }),
		...(state.isolated_by && { isolatedBy: state.isolated_by }),
	};
}

function refusal(
	context: IExecuteFunctions,
	failures: { connectorGuid: string; error: Error }[],
	count: number,
	itemIndex: number,
): NodeOperationError {
	const [first] = failures;
	const others =
		count > 1 ? ` (${failures.length} of ${count} connectors refused; the others were asked)` : '';
	const error = new NodeOperationError(
		context.getNode(),
		`Connector ${first.connectorGuid}: ${first.error.message}${others}`,
		{
			itemIndex,
			description: failures
				.map(({ connectorGuid, error }) => `${connectorGuid}: ${error.message}`)
				.join('\n'),
		},
	);
	error.context.temporary = failures.some(({ error: cause }) => isTemporary(cause));
	return error;
}

/** For operations that only look: nothing is changed. */
export async function readIsolationOf(
	context: IExecuteFunctions,
	client: SecureEndpointClient,
	connectorGuids: string[],
	itemIndex: number,
): Promise<ConnectorState[]> {
	const connectors: ConnectorState[] = [];
	for (const guid of connectorGuids) connectors.push(await readConnector(context, client, guid, itemIndex));
	return connectors;
}
