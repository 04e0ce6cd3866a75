import { inNetworks, parseNetwork, type Network } from '../../ledger/network';
import { PRIVATE_NETWORKS } from '../../ledger/presets/balanced';
import { usableIp } from '../shared/identity';

const INTERNAL = PRIVATE_NETWORKS.map((text) => parseNetwork(text) as Network);

/** Whether an address is at our end of a flow. */
export const isInternal = (ip: string): boolean => inNetworks(ip, INTERNAL);

/** Whether the text is an IP address that can belong to a host. */
export const isHostAddress = (ip: string): boolean => usableIp(ip) !== undefined;
