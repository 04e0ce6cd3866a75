import { isAccountRefusal } from '../transport/alternatives';
import { outcomeOf } from '../transport/nodeGroup';
import type { SessionDirectory, SessionRecord } from './directory';

/** Whether a session belongs to what is looked for. */
export type Belongs = (record: SessionRecord) => boolean;

/** Directories whose list could not be read: trying again would make every further address wait for it. */
const withoutList = new WeakSet<SessionDirectory>();

/**
 * Sessions in the list of all active sessions; `undefined` when it is too large or can't be read, which leaves the
 * look-ups of single addresses.
 *
 * @throws the refusal of the account, which would be locked by more wrong logins.
 */
export async function listed(
	directory: SessionDirectory,
	belongs: Belongs,
): Promise<SessionRecord[] | undefined> {
	if (withoutList.has(directory)) return undefined;
	const outcome = await outcomeOf(directory.active());
	if ('answer' in outcome) return outcome.answer.filter(belongs);
	if (isAccountRefusal(outcome.error)) throw outcome.error;
	withoutList.add(directory);
	return undefined;
}
