import type { ApiContext } from '../../shared/http';
import { describeErsError, type ErsNodes } from '../transport/ers';
import { ANC_ENDPOINT_PATH, KnownBindings, readAllBindings } from './ersBindings';
import type { AncService } from './service';

/** Statuses with which ISE refuses one endpoint (bound already, not bound, policy unknown) and not the account. */
const ENDPOINT_REFUSALS = [400, 404, 409, 422, 500];

/** Adaptive Network Control by ERS. Bindings are found only by reading all of them. */
export function ersAnc(context: ApiContext, ers: ErsNodes): AncService {
	const bindings = new KnownBindings(async () => await readAllBindings(context, ers));
	return {
		async change(change, macAddress, policyName) {
			const data = { macAddress, ...(policyName && { policyName }) };
			const additionalData = Object.entries(data).map(([name, value]) => ({ name, value }));
			const response = await ers.send(context, {
				method: 'PUT',
				path: `${ANC_ENDPOINT_PATH}/${change}`,
				body: { OperationAdditionalData: { additionalData } },
				accept: ENDPOINT_REFUSALS,
			});
			if (response.status < 400) {
				bindings.note(macAddress, policyName);
				return undefined;
			}
			return describeErsError(response) ?? `Cisco ISE answered ${response.status} and gave no reason`;
		},
		policyOf: async (macAddress) => await bindings.policyOf(macAddress),
		async policiesOf(macAddresses) {
			const all = await readAllBindings(context, ers);
			return new Map(
				macAddresses.flatMap((mac) => {
					const policy = all.get(mac)?.policyName;
					return policy === undefined ? [] : [[mac, policy]];
				}),
			);
		},
	};
}
