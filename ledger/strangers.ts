import type { Change } from './change';
import type { Matchable } from './compiledPolicy';
import { targetsIn } from './outcomes';
import type { FoundIdentity } from './service';

/** What is about to be contained. */
export interface ContainmentTarget {
	macs: string[];
	connectorGuids: string[];
}

/** An identity that was found for one host and is known to be of another. */
export interface Stranger {
	kind: 'mac' | 'connectorGuid';
	value: string;
	/** What people call the other host. */
	of: string;
}

/** Hosts that own what was found, as far as they are loaded: what protects them protects the target. */
export function ownersOfFound(change: Change, identity?: FoundIdentity): number[] {
	return targetsIn(change, identity).flatMap((target) => change.graph.ownersOf(target));
}

/** What of a target is another host's: it must not leave the network for this one, e.g. because it took over an address. */
export function strangersIn({ graph }: Change, hostId: number, target: ContainmentTarget): Stranger[] {
	const each = (kind: Stranger['kind'], values: readonly string[]) =>
		values.flatMap((value): Stranger[] => {
			const holder = graph.otherHolder(hostId, kind, value);
			return holder === undefined ? [] : [{ kind, value, of: graph.label(holder) }];
		});
	return [...each('mac', target.macs), ...each('connectorGuid', target.connectorGuids)];
}

/** A target without what is another host's. The audit says what was left out. */
export function withoutStrangers(change: Change, intentId: string, target: ContainmentTarget, strangers: readonly Stranger[]): ContainmentTarget {
	if (strangers.length === 0) return target;
	change.audit('strangersLeftOut', `intent:${intentId}`, { strangers });
	const isOurs = (value: string) => !strangers.some((stranger) => stranger.value === value);
	return { macs: target.macs.filter(isOurs), connectorGuids: target.connectorGuids.filter(isOurs) };
}

/** Everything that a protected entry can be about of the hosts that own a target. */
export function subjectsOfOwners(change: Change, { macs, connectorGuids }: ContainmentTarget): Matchable[] {
	const owners = ownersOfFound(change, { macs, connectorGuids });
	return [...new Set(owners)].flatMap((id) => change.subjectsOf(id));
}

/** Why a containment ends when all that was found is of other hosts. */
export function onlyStrangers(strangers: readonly Stranger[]): string {
	const whose = strangers.map(({ kind, value, of }) => `${kind} ${value} belongs to ${of}`).join(', ');
	return `Nothing of this host was found, only what is another host's: ${whose}. If that host is meant, contain it by its name`;
}
