import type { AncObstacle, AncRefusal } from '../anc';
import type { Countdown } from './faults';

/** What is known of an operation when it is asked for. */
export interface OperationRequest {
	kind: 'apply' | 'clear';
	/** What the caller named: a MAC, or an address of a session. */
	target: { macAddress?: string; ipAddress?: string };
	policyName?: string;
	nasIpAddress?: string;
}

/** An ANC operation. It always ends. */
export interface AncOperation extends OperationRequest {
	operationId: string;
	status: 'RUNNING' | 'SUCCESS' | 'FAILURE';
	macAddress?: string;
	failureReason?: string;
	/** Epoch ms at which it ends. */
	endsAt: number;
}

/** Shortest and longest time that an operation takes; ms. */
const TAKES_MS = { least: 500, most: 2000 };

/** Words of ISE, as clients in the field report them. */
const REASONS: Record<AncObstacle, string> = {
	noSession: 'Session lookup failure',
	unknownPolicy: 'Policy is not configured',
	alreadyBound: 'mac address is already associated with this policy',
	notBound: 'mac address is not associated with a policy',
};

/** Reason under the fault `pxgridOperationFails`; the wording is the lab's own. */
const DEVICE_SILENT = 'Radius failure: no response from the network device';

interface OperationParts {
	now(): number;
	random(): number;
	/** Does it; fills in the MAC of an operation that named an address. */
	carryOut(operation: AncOperation): AncRefusal | undefined;
	immediate(): boolean;
	failures: Countdown;
}

/** ANC operations of pxGrid: asked for, running for a while, ended. */
export interface Operations {
	/** `host` is the node that was asked; it is the first part of the id. */
	start(request: OperationRequest, host: string): AncOperation;
	get(operationId: string): AncOperation | undefined;
	/** Carries out what is due, in order, and answers the operations that ended since the last call. */
	settle(): AncOperation[];
	list(): AncOperation[];
	reset(): void;
}

export function createOperations(parts: OperationParts): Operations {
	const operations = new Map<string, AncOperation>();
	let unannounced: AncOperation[] = [];

	const end = (operation: AncOperation) => {
		const failureReason = parts.failures.take() ? DEVICE_SILENT : reasonOf(parts.carryOut(operation));
		operation.status = failureReason === undefined ? 'SUCCESS' : 'FAILURE';
		if (failureReason !== undefined) operation.failureReason = failureReason;
		unannounced.push(operation);
	};

	return {
		start(request, host) {
			const takes = TAKES_MS.least + parts.random() * (TAKES_MS.most - TAKES_MS.least);
			const operation: AncOperation = {
				operationId: `${host}:${operations.size + 1}`,
				...request,
				status: 'RUNNING',
				...(request.target.macAddress !== undefined && { macAddress: request.target.macAddress }),
				endsAt: parts.now() + (parts.immediate() ? 0 : takes),
			};
			operations.set(operation.operationId, operation);
			if (parts.immediate()) end(operation);
			return operation;
		},
		get: (operationId) => operations.get(operationId),
		settle() {
			[...operations.values()]
				.filter(({ status, endsAt }) => status === 'RUNNING' && endsAt <= parts.now())
				.sort((a, b) => a.endsAt - b.endsAt)
				.forEach(end);
			const ended = unannounced;
			unannounced = [];
			return ended;
		},
		list: () => [...operations.values()],
		reset() {
			operations.clear();
			unannounced = [];
		},
	};
}

function reasonOf(refusal: AncRefusal | undefined): string | undefined {
	return refusal?.obstacle ? REASONS[refusal.obstacle] : refusal?.title;
}

/** An operation as a call answers it. */
export function operationView(operation: AncOperation): Record<string, unknown> {
	const { operationId, macAddress, nasIpAddress, status, failureReason } = operation;
	return {
		operationId,
		...(macAddress !== undefined && { macAddress }),
		...(nasIpAddress !== undefined && { nasIpAddress }),
		status,
		...(failureReason !== undefined && { failureReason }),
	};
}
