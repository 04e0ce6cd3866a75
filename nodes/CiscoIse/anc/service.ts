import type { Alternatives } from '../transport/alternatives';

/** What can be done to the binding of an endpoint. */
export type AncChange = 'apply' | 'clear';

/** Adaptive Network Control, by one interface of ISE. MAC addresses come in canonical form. */
export interface AncService {
	/**
	 * Binds an endpoint to a policy, or clears its binding, and waits for the outcome.
	 *
	 * @param policyName only for `apply`
	 * @returns the reason of a refusal that concerns this endpoint, `undefined` when ISE did it.
	 * @throws NodeApiError when ISE can't be reached or refuses the account.
	 */
	change(change: AncChange, macAddress: string, policyName?: string): Promise<string | undefined>;
	/** The policy that the endpoint is bound to; may come from what was read or done before. */
	policyOf(macAddress: string): Promise<string | undefined>;
	/** Policies by MAC address, read now; endpoints without one are missing. */
	policiesOf(macAddresses: string[]): Promise<Map<string, string>>;
}

/** Several services, the next asked when one fails. A refusal that concerns an endpoint is an answer. */
export function firstAnsweringAnc(services: Alternatives<AncService>): AncService {
	return {
		change: async (change, mac, policyName) =>
			await services.run(async (one) => await one.change(change, mac, policyName)),
		policyOf: async (mac) => await services.run(async (one) => await one.policyOf(mac)),
		policiesOf: async (macs) => await services.run(async (one) => await one.policiesOf(macs)),
	};
}
