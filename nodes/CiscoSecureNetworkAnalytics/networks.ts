import { type Network, parseNetwork } from '../../ledger/network';

/**
 * Networks in CIDR form, and single addresses.
 *
 * @throws Error that names the first text which is neither.
 */
export function parseNetworks(texts: readonly string[]): Network[] {
	return texts.map((text) => {
		const network = parseNetwork(text);
		if (!network) throw new Error(`"${text}" is neither an address nor a network such as 10.0.0.0/8`);
		return network;
	});
}
