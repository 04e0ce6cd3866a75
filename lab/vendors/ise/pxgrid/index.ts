import type { Duplex } from 'node:stream';
import type { LabContext, LabRequest, LabResponse, UpgradeRecorder } from '../../../machine/vendor';
import { misuse } from '../../shared/refusal';
import type { IseStore } from '../store';
import { createAccounts, READY_ACCOUNT, type Accounts } from './accounts';
import { carryOut } from './ancService';
import { refusalAnswer } from './call';
import { createControl, type Control } from './control';
import { createCountdown, nodeOf, type PxGridFault } from './faults';
import { PXGRID_NODES, TOPICS, type PxGridNode } from './model';
import { createOperations, operationView, type AncOperation, type Operations } from './operations';
import { createPubsub, type Pubsub } from './pubsub';
import { createRest } from './rest';
import { PUBSUB_PATH, pubsubPeer } from './services';
import { createSessionFeed } from './sessionFeed';
import { sessionView } from './sessionView';
import { createTicker } from './ticker';

const CONTROL = '/pxgrid/control/';

/**
 * pxGrid 2.0 of the deployment, on port 8910 of two nodes: controller, session directory, ANC configuration and
 * the WebSocket broker. After Cisco's pxgrid-rest-ws (samples and wiki). Faults are those of `PXGRID_FAULTS`.
 */
export interface PxGrid {
	hosts: string[];
	credentials(): Record<string, unknown>;
	state(): Record<string, unknown>;
	handle(request: LabRequest): LabResponse;
	upgrade(request: LabRequest, socket: Duplex, head: Buffer, record: UpgradeRecorder): void;
	/** Enables accounts, ends operations and publishes what is due. */
	sync(): void;
	setFault(name: PxGridFault, value: unknown): void;
	expireTokens(): void;
	reset(): void;
}

/** Whether the port of the URL is pxGrid's. */
export function isPxGrid(url: URL): boolean {
	return PXGRID_NODES.some(({ host }) => host === url.host);
}

export function createPxGrid(context: LabContext, store: IseStore): PxGrid {
	const accounts = createAccounts(store.now);
	const control = createControl(accounts, store.uuid);
	const feed = createSessionFeed(store);
	const emptyReplies = createCountdown('pxgridEmptyReply');
	const failures = createCountdown('pxgridOperationFails');
	const losses = createCountdown('pxgridLostMessages');
	let immediate = false;
	let down: PxGridNode | undefined;

	const operations = createOperations({
		now: store.now,
		random: context.random,
		carryOut: (operation) => carryOut(store, operation),
		immediate: () => immediate,
		failures,
	});
	const rest = createRest({ store, accounts, feed, operations, emptyReplies });
	const sync = () => {
		accounts.sync();
		const ended = operations.settle();
		const sessions = feed.changes();
		for (const operation of ended) pubsub.publish(TOPICS.ancStatus, statusMessage(operation));
		if (sessions.length > 0) pubsub.publishNumbered(TOPICS.session, { sessions: sessions.map(sessionView) }, losses.take());
	};
	// Subscribers hear of news although nobody calls.
	const ticker = createTicker(() => {
		store.sync();
		sync();
	});
	const pubsub = createPubsub({ onClients: (count) => ticker.turn(count > 0) });

	return {
		hosts: PXGRID_NODES.map(({ host }) => host),
		credentials,
		state: () => stateOf(accounts, control, operations, pubsub),
		handle(request) {
			const node = nodeAt(request.url);
			if (node === down) return { status: 503, body: 'Service Unavailable' };
			const { pathname } = request.url;
			try {
				return pathname.startsWith(CONTROL)
					? control.handle(request, pathname.slice(CONTROL.length))
					: rest(request, node);
			} catch (error) {
				return refusalAnswer(error);
			} finally {
				sync();
			}
		},
		upgrade(request, socket, head, record) {
			const node = nodeAt(request.url);
			if (node === down) {
				record({ status: 503 });
				socket.destroy();
				return;
			}
			try {
				if (request.url.pathname !== PUBSUB_PATH)
					throw misuse(404, `no WebSocket at ${request.url.pathname}`);
				const { nodeName } = accounts.ofPeer(request, pubsubPeer(node));
				pubsub.accept({ nodeName, node, request, socket, head, record });
			} catch (error) {
				refuseUpgrade(error, socket, record);
			}
		},
		sync,
		setFault(name, value) {
			switch (name) {
				case 'pxgridApproval':
					accounts.setApproval(value);
					return pubsub.drop(() => value === 'disable');
				case 'pxgridNodeDown':
					down = nodeOf(value);
					return pubsub.drop((node) => node === down);
				case 'pxgridDrop':
					return pubsub.drop(() => Boolean(value));
				case 'pxgridEmptyReply':
					return emptyReplies.set(value);
				case 'pxgridOperationFails':
					return failures.set(value);
				case 'pxgridLostMessages':
					return losses.set(value);
				case 'pxgridRestart':
					return value ? pubsub.restart() : undefined;
				case 'pxgridImmediate':
					immediate = Boolean(value);
			}
		},
		expireTokens: () => accounts.expireSecrets(),
		reset() {
			pubsub.drop(() => true);
			for (const part of [accounts, control, operations, feed]) part.reset();
			for (const countdown of [emptyReplies, failures, losses]) countdown.set(0);
			pubsub.restart();
			immediate = false;
			down = undefined;
		},
	};
}

function credentials(): Record<string, unknown> {
	return {
		controlUrls: PXGRID_NODES.map(({ host }) => `https://${host}${CONTROL}`),
		readyAccount: READY_ACCOUNT,
		clientCertificate: 'lab.clientCertificate and lab.clientKey, with any node name and an empty password',
	};
}

function stateOf(
	accounts: Accounts,
	control: Control,
	operations: Operations,
	pubsub: Pubsub,
): Record<string, unknown> {
	return {
		accounts: accounts.list().map(({ nodeName, state, description, certificateSubject }) => ({
			nodeName,
			state,
			description,
			authentication: certificateSubject === undefined ? 'password' : 'certificate',
		})),
		...pubsub.state(),
		operations: operations.list().map((operation) => ({
			...operationView(operation),
			kind: operation.kind,
			policyName: operation.policyName ?? null,
		})),
		registeredServices: control.registrations().map(({ service }) => service),
	};
}

/** An ended operation as the ANC status topic tells it: the policy is in it only when one was applied. */
function statusMessage(operation: AncOperation): Record<string, unknown> {
	const { policyName } = operation;
	return { ...operationView(operation), ...(policyName !== undefined && { policyName }) };
}

function refuseUpgrade(error: unknown, socket: Duplex, record: UpgradeRecorder): void {
	const { status, violation } = refusalAnswer(error);
	record({ status, ...(violation !== undefined && { violation }) });
	socket.end(`HTTP/1.1 ${status} Refused\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`);
}

function nodeAt(url: URL): PxGridNode {
	const node = PXGRID_NODES.find(({ host }) => host === url.host);
	if (!node) throw new Error(`${url.host} is no pxGrid node`);
	return node;
}
