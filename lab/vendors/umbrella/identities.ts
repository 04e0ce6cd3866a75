import type { World, WorldHost } from '../../world/world';
import { hashNumber } from '../shared/values';

/** Who made a request, as reports carry it. */
export interface Identity {
	id: number;
	type: { id: number; type: string; label: string };
	label: string;
	deleted: boolean;
}

const ROAMING = { id: 9, type: 'roaming', label: 'Roaming Computers' };
const AD_USER = { id: 7, type: 'directory_user', label: 'AD Users' };
const NETWORK = { id: 1, type: 'network', label: 'Networks' };

const LAST_NAMES = ['Meyer', 'Okafor', 'Lindqvist', 'Moreau', 'Tanaka', 'Castillo', 'Novak', 'Haddad'];

function identityId(text: string): number {
	return 500_000_000 + hashNumber(`identity ${text}`, 100_000_000);
}

function capital(word: string): string {
	return word.charAt(0).toUpperCase() + word.slice(1);
}

/** `First Last (name@corp.example)`, as the directory connector writes it. */
function userLabel(user: string): string {
	const [first, last] = user.split('@')[0].split(/[._-]/);
	return `${capital(first)} ${capital(last ?? LAST_NAMES[hashNumber(user, LAST_NAMES.length)])} (${user})`;
}

/**
 * Identities of a host's traffic: the roaming client where one can run, for half of the users the directory user too,
 * and the network that all of them are in.
 */
export function identitiesOf(host: WorldHost): Identity[] {
	const network = { id: identityId('network'), type: NETWORK, label: 'Headquarters', deleted: false };
	if (host.role !== 'laptop' && host.role !== 'server') return [network];
	const roaming = { id: identityId(host.hostname), type: ROAMING, label: host.hostname, deleted: false };
	if (!host.user || hashNumber(`directory ${host.user}`, 2) > 0) return [roaming, network];
	return [roaming, { id: identityId(host.user), type: AD_USER, label: userLabel(host.user), deleted: false }, network];
}

/** Every identity of the organisation, each once. */
export function allIdentities(world: World): Identity[] {
	const byId = new Map(world.hosts.flatMap(identitiesOf).map((identity) => [identity.id, identity]));
	return [...byId.values()];
}
