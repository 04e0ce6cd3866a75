import type { Episode, Intent, IntentKind } from './api';
import type { Change } from './change';
import { LedgerError } from './errors';
import { OPEN_STATES } from './intents';

/** State in which an episode still needs this kind of intent. */
const NEEDED_IN: Partial<Record<IntentKind, Episode['state']>> = { contain: 'containing', release: 'releasing' };

/**
 * A person sends a failed intent on its way again, with all its attempts. The steps already taken are kept.
 *
 * @throws LedgerError `notFound`; `notRetryable` for an intent that has not failed or that was overtaken since.
 */
export async function retry(change: Change, intentId: string, reason: string): Promise<Intent> {
	const row = await change.findIntent(intentId);
	if (!row) throw new LedgerError('notFound', `There is no intent ${intentId}`);
	const { intent } = row;
	if (intent.state !== 'failed') throw new LedgerError('notRetryable', `Intent ${intentId} has not failed, it is ${intent.state}`);
	const overtaken = overtakenBy(change, intent);
	if (overtaken) throw new LedgerError('notRetryable', overtaken);
	const { attempts } = intent;
	intent.state = 'pending';
	intent.attempts = 0;
	intent.nextAttemptAt = change.now;
	change.audit('intent.retried', `intent:${intentId}`, { kind: intent.kind, episode: intent.episodeId, reason, attempts });
	return intent;
}

function overtakenBy(change: Change, { id, kind, episodeId }: Intent): string | undefined {
	const { episode } = change.episodeNow(episodeId);
	const needed = NEEDED_IN[kind];
	if (needed === undefined) return undefined;
	if (episode.state !== needed) return `Intent ${id} was overtaken: its episode is ${episode.state}`;
	const other = change.intentsOf(episodeId).find(({ intent }) => intent.kind === kind && OPEN_STATES.includes(intent.state));
	return other && `Intent ${id} was overtaken by intent ${other.intent.id}`;
}
