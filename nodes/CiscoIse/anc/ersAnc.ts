import { NodeOperationError } from 'n8n-workflow';
import type { ApiContext } from '../../shared/http';
import { describeRefusal, type ErsNodes } from '../transport/ers';
import { ANC_ENDPOINT_PATH, bindingReader, KnownPolicies } from './ersBindings';
import type { AncChange, AncService } from './service';

/** Statuses with which ISE refuses one endpoint (bound already, not bound, policy unknown) and not the account. */
const ENDPOINT_REFUSALS = [400, 404, 409, 422, 500];

/**
 * Adaptive Network Control by ERS.
 *
 * @param ofAll every MAC address of the execution: what is bound is read of all of them together
 */
export function ersAnc(context: ApiContext, ers: ErsNodes, ofAll: () => readonly string[]): AncService {
	const read = bindingReader(context, ers);
	const policiesOf = async (macs: readonly string[]) => {
		const bindings = await read(macs);
		return new Map([...bindings].map(([mac, { policyName }]) => [mac, policyName]));
	};
	const known = new KnownPolicies(policiesOf, ofAll);
	return {
		async change(change, macAddress, policyName) {
			const data = { macAddress, ...(policyName && { policyName }) };
			const additionalData = Object.entries(data).map(([name, value]) => ({ name, value }));
			const { response, byStandby } = await ers.sendChange(context, {
				method: 'PUT',
				path: `${ANC_ENDPOINT_PATH}/${change}`,
				body: { OperationAdditionalData: { additionalData } },
				accept: ENDPOINT_REFUSALS,
			});
			if (response.status < 400) {
				known.note(macAddress, policyName);
				return undefined;
			}
			const reason = describeRefusal(response);
			if (byStandby && !explainsRefusal(change, await known.policyOf(macAddress))) throw standbyError(context, reason);
			return reason;
		},
		policyOf: async (macAddress) => await known.policyOf(macAddress),
		policiesOf,
	};
}

/** Whether ISE has a reason to refuse this endpoint: what is bound can't be bound again, what is free not be freed. */
function explainsRefusal(change: AncChange, bound: string | undefined): boolean {
	return change === 'apply' ? bound !== undefined : bound === undefined;
}

/** The refusal need not be about the endpoint, so that another interface or a later try may do it. */
function standbyError(context: ApiContext, reason: string): NodeOperationError {
	return new NodeOperationError(
		context.getNode(),
		`The primary node of Cisco ISE can't be reached, and the secondary node did not take the change: ${reason}`,
		{ description: 'A secondary administration node takes changes only after it was promoted to primary.' },
	);
}
