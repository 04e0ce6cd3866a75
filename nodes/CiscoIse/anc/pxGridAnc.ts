import type { IDataObject } from 'n8n-workflow';
import { usableMac } from '../../shared/identity';
import { mapConcurrently } from '../concurrency';
import type { ApiResponse } from '../../shared/http';
import { parseJson } from '../../shared/json';
import type { PxGrid } from '../pxgrid/client';
import type { AncChange, AncService } from './service';

/** Adaptive Network Control in pxGrid, since ISE 2.4. */
export const ANC_SERVICE = 'com.cisco.ise.config.anc';

/** Statuses with which pxGrid refuses one endpoint (policy or endpoint unknown) and not the account. */
const ENDPOINT_REFUSALS = [400, 404, 409, 422];

/** An operation ends when the network device answered or ISE gave up on it. */
const OPERATION_DEADLINE_MS = 60_000;
const FIRST_POLL_MS = 250;
const LONGEST_POLL_MS = 2_000;

/** Lists of bindings; the look-up by MAC address knows only those everywhere. */
const BOUND_EVERYWHERE = 'getEndpoints';
const BOUND_AT_DEVICES = 'getEndpointPolicies';

/** From this many endpoints on, one list costs less than a call for each. */
const LIST_FROM = 20;
const CONCURRENT_READS = 8;

/** An answer to apply, clear and getOperationStatus. */
interface Operation {
	operationId?: string;
	status?: string;
	failureReason?: string;
}

/** Adaptive Network Control by pxGrid ("ANC configuration" in the pxgrid-rest-ws wiki). */
export function pxGridAnc(pxGrid: PxGrid): AncService {
	const boundEverywhere = async (macAddress: string) => {
		const answer = await pxGrid.query<IDataObject>(ANC_SERVICE, 'getEndpointByMacAddress', { macAddress });
		return policyIn(answer);
	};
	const fewPolicies = async (macAddresses: readonly string[]) => {
		const policies = await mapConcurrently(macAddresses, CONCURRENT_READS, boundEverywhere);
		const found = macAddresses.flatMap((mac, index): [string, string][] => {
			const policy = policies[index];
			return policy === undefined ? [] : [[mac, policy]];
		});
		if (found.length === macAddresses.length) return new Map(found);
		return new Map([...(await bindingsIn(pxGrid, BOUND_AT_DEVICES)), ...found]);
	};
	return {
		change: async (change, macAddress, policyName) =>
			await changeEndpoint(pxGrid, change, { macAddress, ...(policyName && { policyName }) }),
		policyOf: async (mac) => (await fewPolicies([mac])).get(mac),
		policiesOf: async (macs) =>
			macs.length >= LIST_FROM ? await pxGridBindings(pxGrid) : await fewPolicies(macs),
	};
}

/** All endpoints with a policy, bound everywhere or at one network device. */
export async function pxGridBindings(pxGrid: PxGrid): Promise<Map<string, string>> {
	const lists = await Promise.all([BOUND_AT_DEVICES, BOUND_EVERYWHERE].map((list) => bindingsIn(pxGrid, list)));
	return new Map(lists.flatMap((bindings) => [...bindings]));
}

async function bindingsIn(pxGrid: PxGrid, list: string): Promise<Map<string, string>> {
	const rows = (await pxGrid.query<{ endpoints?: IDataObject[] }>(ANC_SERVICE, list))?.endpoints ?? [];
	return new Map(
		rows.flatMap((row) => {
			const policy = policyIn(row);
			const mac = usableMac(String(row.macAddress ?? ''));
			return policy === undefined || mac === undefined ? [] : [[mac, policy]];
		}),
	);
}

function policyIn(row: IDataObject | undefined): string | undefined {
	return typeof row?.policyName === 'string' && row.policyName !== '' ? row.policyName : undefined;
}

/**
 * Starts the operation and asks the node that runs it until it ends. When that node stops answering, another one
 * starts it again; if it had taken effect already, that one refuses it, and the caller looks at the binding.
 */
async function changeEndpoint(
	pxGrid: PxGrid,
	change: AncChange,
	body: IDataObject,
): Promise<string | undefined> {
	return await pxGrid.onOneNode(ANC_SERVICE, ENDPOINT_REFUSALS, async (ask) => {
		const deadline = Date.now() + OPERATION_DEADLINE_MS;
		const started = await ask(`${change}EndpointByMacAddress`, body);
		let operation = operationIn(started);
		for (let wait = FIRST_POLL_MS; isRunning(operation); wait = Math.min(2 * wait, LONGEST_POLL_MS)) {
			if (Date.now() + wait > deadline) return UNFINISHED;
			await pxGrid.wait(wait);
			const polled = await ask('getOperationStatus', { operationId: operation.operationId });
			// A node forgets operations that ended.
			if (polled.status >= 400 || polled.status === 204) return FORGOTTEN;
			operation = { ...operation, ...operationIn(polled) };
		}
		return refusalIn(started, operation);
	});
}

const UNFINISHED = `The operation was still running after ${OPERATION_DEADLINE_MS / 1_000} seconds`;
const FORGOTTEN = 'Cisco ISE does not know the outcome of the operation any more';

function isRunning({ status, operationId }: Operation): boolean {
	return operationId !== undefined && status !== 'SUCCESS' && status !== 'FAILURE';
}

function refusalIn(started: ApiResponse, { status, failureReason }: Operation): string | undefined {
	if (started.status < 400 && status !== 'FAILURE') return undefined;
	return failureReason ?? messageIn(started) ?? `Cisco ISE answered ${started.status} and gave no reason`;
}

function operationIn(response: ApiResponse): Operation {
	return response.status < 400 ? (objectIn(response) as Operation) : {};
}

function messageIn(response: ApiResponse): string | undefined {
	const { message, failureReason } = objectIn(response);
	return [failureReason, message].find((text) => typeof text === 'string') as string | undefined;
}

function objectIn({ text }: ApiResponse): IDataObject {
	try {
		const value = parseJson(text);
		return typeof value === 'object' && value !== null ? (value as IDataObject) : {};
	} catch {
		return {};
	}
}
