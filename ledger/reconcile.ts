import type { AncBinding, AncDifference, Intent, ReconcileResult } from './api';
import { report, type Finding } from './alarms';
import type { Change } from './change';
import { keepOnHost, triggerOf } from './manualContainment';
import { contained } from './outcomes';
import { canonicalKey, canonicalTarget } from './entity';
import { LedgerError } from './errors';
import { moveHost, openContainment, openEpisode, openNotice, settle, WORKFLOW } from './intents';
import type { ReconcileOptions } from './service';
import type { EpisodeRow, IntentRow } from './store/store';

/** A binding that the ledger has brought about, or is about to change. */
export interface ExpectedBinding {
	mac: string;
	policyName: string;
	episodeId: string;
	host: string;
	/** Nothing about it is under way: ISE must have it. */
	settled: boolean;
}

type Compared = Omit<AncDifference, 'action' | 'ours'>;

/**
 * Compares what ISE has with what it should have. Bindings of hosts on their way in or out are left alone.
 *
 * @param bindings by canonical MAC
 */
export function compareBindings(
	expected: readonly ExpectedBinding[],
	bindings: ReadonlyMap<string, string>,
): { explained: number; differences: Compared[] } {
	const byMac = new Map(expected.map((binding) => [binding.mac, binding]));
	const differences: Compared[] = [];
	for (const { mac, policyName: expectedPolicy, episodeId, host, settled } of expected) {
		const policyName = bindings.get(mac);
		if (!settled || policyName === expectedPolicy) continue;
		if (policyName === undefined) differences.push({ kind: 'lost', mac, host, episodeId, expectedPolicy });
		else differences.push({ kind: 'otherPolicy', mac, host, episodeId, policyName, expectedPolicy });
	}
	for (const [mac, policyName] of bindings) {
		if (!byMac.has(mac)) differences.push({ kind: 'unknown', mac, policyName });
	}
	return { explained: [...bindings.keys()].filter((mac) => byMac.has(mac)).length, differences };
}

/**
 * Compares ISE's ANC bindings with the open episodes, acts where the caller wants that, and keeps an alarm for each
 * difference that is left. Nothing is ever cleared in ISE.
 */
export async function reconcile(change: Change, given: readonly AncBinding[], options: ReconcileOptions): Promise<ReconcileResult> {
	const bindings = canonicalBindings(change, given, options.ignorePolicies ?? []);
	const readAtMs = Date.parse(options.readAt);
	if (Number.isNaN(readAtMs)) throw new LedgerError('invalidValue', 'readAt must be an ISO 8601 time');
	const { expected, policies } = await expectedBindings(change, readAtMs);
	const { explained, differences } = compareBindings(expected, bindings);
	const work = new Reconciliation(change, options, policies);
	for (const difference of await work.withoutRecent(differences, readAtMs)) await work.settle(difference);
	return {
		bindings: bindings.size,
		explained,
		differences: work.differences,
		contain: work.contain,
		notices: work.notices,
		messages: await report(change, 'anc:', work.differences.filter(({ action }) => action === 'reported').map(findingOf)),
	};
}

function canonicalBindings(change: Change, given: readonly AncBinding[], ignored: readonly string[]): Map<string, string> {
	const bindings = new Map<string, string>();
	for (const { macAddress, policyName = '' } of given) {
		const mac = canonicalKey('mac', String(macAddress ?? ''), change.policy.identity);
		if (mac === undefined) throw new LedgerError('invalidValue', `${String(macAddress)} is not the MAC address of an ANC binding`);
		if (!ignored.includes(policyName)) bindings.set(mac, policyName);
	}
	return bindings;
}

/** What ISE should have, by all open episodes; and the ANC policies that the ledger applies. */
async function expectedBindings(change: Change, readAtMs: number): Promise<{ expected: ExpectedBinding[]; policies: Set<string> }> {
	const open = (await change.tx.openEpisodes()).filter(({ episode }) => episode.state !== 'awaitingApproval');
	await change.loadHosts(open.map(({ hostId }) => hostId));
	await change.loadEpisodes(open.map(({ episode }) => episode.id));
	const expected: ExpectedBinding[] = [];
	const policies = new Set([change.policy.policy.containment.ancPolicy]);
	for (const { episode: { id } } of open) {
		const row = change.episodeNow(id);
		const { episode } = row;
		const contain = lastContainment(change, row);
		if (!contain) continue;
		policies.add(contain.intent.ancPolicy);
		const settled = episode.state === 'contained' && Date.parse(episode.containedAt as string) < readAtMs;
		const host = change.graph.label(row.hostId);
		const bound = boundMacs(change, row);
		for (const mac of new Set([...bound, ...change.graph.identity(row.hostId, 0).macs])) {
			expected.push({ mac, policyName: contain.intent.ancPolicy, episodeId: episode.id, host, settled: settled && bound.includes(mac) });
		}
	}
	return { expected, policies };
}

function lastContainment(change: Change, { episode }: EpisodeRow): IntentRow | undefined {
	return change.intentsOf(episode.id).findLast(({ intent }) => intent.kind === 'contain');
}

/**
 * The addresses that were bound, as reported when the containment was completed; else all that the host has. Others of
 * the host may be bound, too: its release clears them all.
 */
function boundMacs(change: Change, { episode, hostId }: EpisodeRow): string[] {
	const notice = change.intentsOf(episode.id).findLast(({ intent }) => intent.notice?.event === 'contained')?.intent.notice;
	const endpoints = notice?.result?.endpoints;
	if (!Array.isArray(endpoints)) return change.graph.identity(hostId, 0).macs;
	return (endpoints as { macAddress?: unknown; status?: unknown }[])
		.filter(({ status }) => status !== 'failed')
		.map(({ macAddress }) => canonicalKey('mac', String(macAddress ?? ''), change.policy.identity))
		.filter((mac) => mac !== undefined);
}

/** One run: what became of each difference. */
class Reconciliation {
	readonly differences: AncDifference[] = [];
	readonly contain: Intent[] = [];
	readonly notices: Intent[] = [];

	constructor(
		private readonly change: Change,
		private readonly options: ReconcileOptions,
		private readonly policies: ReadonlySet<string>,
	) {}

	/** Names the hosts of unknown bindings, and leaves out those whose episode ended after ISE was asked. */
	async withoutRecent(differences: readonly Compared[], readAtMs: number): Promise<Compared[]> {
		const { change } = this;
		const unknown = differences.filter(({ kind }) => kind === 'unknown');
		const links = await change.tx.links(unknown.map(({ mac }) => ({ kind: 'mac', value: mac })));
		await change.loadHosts(links.map(({ hostId }) => hostId));
		const kept: Compared[] = [];
		for (const difference of differences) {
			const hostIds = difference.kind === 'unknown' ? links.filter(({ value }) => value === difference.mac).map(({ hostId }) => hostId) : [];
			const episodes = (await Promise.all(hostIds.map((id) => change.tx.episodesOfHost(id)))).flat();
			if (episodes.some(({ episode }) => episode.releasedAt !== undefined && Date.parse(episode.releasedAt) >= readAtMs)) continue;
			kept.push(hostIds.length === 1 ? { ...difference, host: change.graph.label(hostIds[0]) } : difference);
		}
		return kept;
	}

	async settle(compared: Compared): Promise<void> {
		const ours = this.policies.has(compared.policyName ?? compared.expectedPolicy ?? '');
		const action = await this.actOn({ ...compared, ours, action: 'reported' });
		this.differences.push({ ...compared, ours, action });
	}

	private async actOn(difference: AncDifference): Promise<AncDifference['action']> {
		if (difference.kind === 'unknown' && difference.ours && this.options.onOurs === 'adopt') return await this.tryToAdopt(difference);
		if (difference.kind === 'lost' && this.options.onLost === 'reapply') return this.tryToReapply(difference);
		return 'reported';
	}

	/** Further addresses of a host join the episode that the first one opened. */
	private async tryToAdopt({ mac, policyName }: AncDifference): Promise<AncDifference['action']> {
		const joined = this.notices.find(({ host, ancPolicy }) => host.macs.includes(mac) && ancPolicy === policyName);
		if (joined) {
			(joined.notice?.result?.endpoints as unknown[]).push(adoptedEndpoint(mac, policyName));
			return 'adopted';
		}
		try {
			const { notice } = await adopt(this.change, { macAddress: mac, policyName: policyName as string }, 'Found in Cisco ISE');
			this.notices.push(notice);
			return 'adopted';
		} catch (error) {
			if (error instanceof LedgerError) return 'reported';
			throw error;
		}
	}

	/** Once per episode: whoever clears it a second time means it. */
	private tryToReapply({ episodeId, mac }: AncDifference): AncDifference['action'] {
		const { change } = this;
		const row = change.episodeNow(episodeId as string);
		if (this.contain.some((intent) => intent.episodeId === row.episode.id)) return 'reapplied';
		if (row.episode.state !== 'contained' || !this.mayReapply(row)) return 'reported';
		const last = (lastContainment(change, row) as IntentRow).intent;
		const reason = `Cisco ISE lost ANC policy ${last.ancPolicy} of ${mac}`;
		row.episode.state = 'containing';
		moveHost(change, change.graph.row(row.hostId), 'containing', row.episode.id);
		const { intent } = openContainment(change, row.episode.id, {
			hostId: row.hostId,
			trigger: last.trigger,
			decision: { guard: 'dispatch', verdict: 'contain', reason },
			reason,
			requestedBy: WORKFLOW,
			topContributions: last.topContributions,
			automatic: false,
		});
		Object.assign(intent, { ancPolicy: last.ancPolicy, isolateConnector: last.isolateConnector, steps: { reapplied: true } });
		this.contain.push(intent);
		return 'reapplied';
	}

	private mayReapply({ episode, hostId }: EpisodeRow): boolean {
		const { change } = this;
		const before = change.intentsOf(episode.id).some(({ intent }) => intent.kind === 'contain' && intent.steps.reapplied === true);
		return !before && change.policy.policy.mode !== 'observe' && change.protectedBy(change.subjectsOf(hostId)) === undefined;
	}
}

/**
 * Makes a binding that is in force in ISE an episode, contained from now on: it gets a ticket, and is released like
 * any other. Nothing changes in ISE.
 *
 * @throws LedgerError `invalidTarget`, `protected`, or `alreadyContained`
 */
export async function adopt(change: Change, { macAddress, policyName }: Required<AncBinding>, reason: string): Promise<{ intent: Intent; notice: Intent }> {
	const target = canonicalTarget({ mac: macAddress }, change.policy.identity);
	if (target.mac === undefined) throw new LedgerError('invalidTarget', `${macAddress} is not a MAC address`);
	if (policyName.trim() === '') throw new LedgerError('invalidValue', 'The ANC policy must not be empty');
	const known = await change.tx.entities([{ kind: 'mac', key: target.mac }]);
	await change.loadHostsOf([target]);
	const hostId = change.graph.linkAnyway(target, change.nowMs);
	await change.loadSubjects([hostId]);
	if (change.graph.row(hostId).episodeId !== undefined) {
		throw new LedgerError('alreadyContained', `The host of ${target.mac} has an open episode already`);
	}
	const protectedBy = change.protectedBy([{ kind: 'mac', key: target.mac }, ...change.subjectsOf(hostId)]);
	if (protectedBy) throw new LedgerError('protected', `Protected by ${protectedBy.type} ${protectedBy.value}: ${protectedBy.reason}`);
	const rows = known.filter((entity) => entity !== undefined);
	await keepOnHost(change, target, rows, hostId);
	const row = openEpisode(change, {
		hostId,
		trigger: triggerOf(change, target, rows),
		decision: { guard: 'manual', verdict: 'contain', reason },
		reason: `${change.actor.name} adopted ANC policy ${policyName} of ${target.mac}: ${reason}`,
		requestedBy: change.actor.name,
		topContributions: [],
		automatic: false,
	});
	Object.assign(row.intent, { ancPolicy: policyName, isolateConnector: false });
	const result = { ancPolicy: policyName, endpoints: [adoptedEndpoint(target.mac, policyName)], connectors: [], sessions: [], adopted: true };
	settle(change, row, 'done', { result });
	contained(change, change.episodeNow(row.intent.episodeId));
	change.audit('adopted', `intent:${row.intent.id}`, { mac: target.mac, policyName, reason });
	return { intent: row.intent, notice: openNotice(change, row.intent, { event: 'contained', result }).intent };
}

/** As `Contain endpoint` reports an address that was bound before. */
function adoptedEndpoint(macAddress: string, policyName: string | undefined) {
	return { macAddress, status: 'alreadyApplied', policyName };
}

function findingOf(difference: AncDifference): Finding {
	const { kind, mac, host, episodeId, policyName, expectedPolicy } = difference;
	const name = host === undefined || host === mac ? mac : `${mac} (${host})`;
	return {
		key: `anc:${kind}:${mac}`,
		kind: ({ unknown: 'ancUnknown', lost: 'ancLost', otherPolicy: 'ancOtherPolicy' } as const)[kind],
		subject: mac,
		...wordsFor(difference, name),
		facts: {
			'MAC address': mac,
			...(host !== undefined && { Host: host }),
			...(policyName !== undefined && { 'Policy in ISE': policyName }),
			...(expectedPolicy !== undefined && { 'Policy by the ledger': expectedPolicy }),
			...(episodeId !== undefined && { Episode: episodeId }),
		},
	};
}

function wordsFor({ kind, policyName, expectedPolicy, ours }: AncDifference, name: string): { title: string; text: string } {
	if (kind === 'lost') {
		return {
			title: `ISE has lost the containment of ${name}`,
			text: `The ledger holds this host contained, but ISE has no ANC policy on ${name}: somebody cleared it in ISE, or ISE was restored from a backup. The host may be on the network. Release it in the ledger if that is meant, or apply ${expectedPolicy} again.`,
		};
	}
	if (kind === 'otherPolicy') {
		return {
			title: `ISE has another policy on ${name}`,
			text: `The ledger applied ${expectedPolicy} to ${name}, but ISE has ${policyName} on it. Nothing was changed.`,
		};
	}
	const next = ours
		? 'It is a policy of this ledger: adopt it as an episode (Episode: Adopt) to give it a ticket and a time to be released, or clear it in ISE.'
		: 'It is none of the ledger\'s policies. Clear it in ISE if it is not wanted, or ignore this policy in the settings of "Reconcile with ISE".';
	return { title: `ISE holds ${name} without an episode`, text: `ISE has ANC policy ${policyName} on ${name}, and no episode of the ledger explains it. ${next}` };
}
