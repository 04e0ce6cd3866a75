import type { Change } from './change';
import { confirmTarget } from './confirming';
import { LedgerError, type LedgerErrorCode } from './errors';
import { intentOrThrow } from './intents';
import { hasLostLease } from './leases';
import { complete, fail, targetsIn } from './outcomes';
import { ownersOfFound } from './strangers';
import type { Completion, Confirmation, Confirmed, Failure, Settled } from './service';

/** Refusals that concern one intent, and come before anything was changed. */
const OF_ONE_INTENT: readonly LedgerErrorCode[] = ['notFound', 'notClaimed', 'leaseLost'];

/** What many intents came to, in one change. One that is refused leaves the others. */
export async function completeAll(change: Change, given: readonly Completion[]): Promise<(Settled | LedgerError)[]> {
	await load(change, given);
	return await each(given, async (one) => await complete(change, one.intentId, one));
}

export async function failAll(change: Change, given: readonly Failure[]): Promise<(Settled | LedgerError)[]> {
	await load(change, given);
	return await each(given, async (one) => await fail(change, one.intentId, one));
}

export async function confirmAll(change: Change, given: readonly Confirmation[]): Promise<(Confirmed | LedgerError)[]> {
	await load(change, given);
	const owners = given.flatMap(({ identity }) => ownersOfFound(change, identity));
	await change.loadSubjects([...hostsOf(change, given), ...owners]);
	return await each(given, async (one) => await confirmHeld(change, one));
}

/** What somebody else has claimed since is theirs to contain; the others of the same run go on. */
async function confirmHeld(change: Change, given: Confirmation): Promise<Confirmed> {
	const { intent } = await intentOrThrow(change, given.intentId);
	if (hasLostLease(change, intent)) return { confirmed: false, intent, macs: [], connectorGuids: [] };
	return await confirmTarget(change, given.intentId, given);
}

/** Everything at once, so that the number of statements does not grow with that of the intents. */
async function load(change: Change, given: readonly Pick<Completion, 'intentId' | 'identity'>[]): Promise<void> {
	await change.loadIntents(given.map(({ intentId }) => intentId));
	await change.loadHostsOf(given.flatMap(({ identity }) => targetsIn(change, identity)));
}

function hostsOf(change: Change, given: readonly Confirmation[]): number[] {
	return given.flatMap(({ intentId }) => change.loadedIntent(intentId)?.hostId ?? []).map((id) => change.graph.resolve(id));
}

async function each<In, Out>(given: readonly In[], work: (one: In) => Promise<Out>): Promise<(Out | LedgerError)[]> {
	const results: (Out | LedgerError)[] = [];
	for (const one of given) results.push(await work(one).catch(refusalOfOne));
	return results;
}

function refusalOfOne(error: unknown): LedgerError {
	if (error instanceof LedgerError && OF_ONE_INTENT.includes(error.code)) return error;
	throw error;
}
