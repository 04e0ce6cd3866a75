import type { IDataObject, IPollFunctions } from 'n8n-workflow';
import { NodeApiError } from 'n8n-workflow';
import { isTemporary } from '../shared/errors';
import type { DecisionItem } from './decisions/decide';
import { KEEP_MS, Seen, type SeenState } from './seen';
import { decisionOfReply, FRESH_MS, openDesk } from './transport/entries';
import { webexList } from './transport/request';

/** More mentions than this between two polls are not decisions. */
const MAX_MENTIONS = 100;

/** Answers that can't be read are given up after this. */
const LONGEST_OUTAGE_MS = 24 * 60 * 60_000;

/**
 * When everything said before was dealt with, epoch ms, by the static data of an activation. It is not kept in the
 * static data itself: n8n saves that only with a decision, and what was said while the workflow was off would count.
 */
const caughtUp = new WeakMap<object, number>();

export interface TakenReplies {
	/** Oldest first. */
	decisions: DecisionItem[];
	/** Of the first answer that could not be read. The next poll tries it again. */
	failure?: Error;
}

/**
 * What was decided in the threads of a room and not taken before.
 *
 * @param now epoch ms
 * @throws Error when the room can't be read
 */
export async function takeReplies(
	context: IPollFunctions,
	roomId: string,
	now: number,
): Promise<TakenReplies> {
	const desk = await openDesk(context);
	const query = { roomId, mentionedPeople: 'me' };
	const messages = await webexList(context, desk.client, '/messages', { query, limit: MAX_MENTIONS });
	const state = context.getWorkflowStaticData('node') as SeenState;
	const last = Math.max(caughtUp.get(state) ?? now, now - LONGEST_OUTAGE_MS);
	const seen = new Seen(state, now, now - last + KEEP_MS);
	const { decisions, failures } = await takeEach(
		context,
		messages.reverse().filter(({ id }) => !seen.has(String(id))),
		async (message) => {
			const decision = await decisionOfReply(context, desk, message, now, last - FRESH_MS);
			seen.add(String(message.id));
			return decision;
		},
	);
	caughtUp.set(state, failures.every(isRefusal) ? now : last);
	return { decisions, failure: failures[0] };
}

/** One answer that can't be read does not keep the others back. */
async function takeEach(
	context: IPollFunctions,
	messages: IDataObject[],
	take: (message: IDataObject) => Promise<DecisionItem | undefined>,
): Promise<{ decisions: DecisionItem[]; failures: Error[] }> {
	const decisions: DecisionItem[] = [];
	const failures: Error[] = [];
	for (const message of messages) {
		try {
			const decision = await take(message);
			if (decision) decisions.push(decision);
		} catch (error) {
			context.logger.warn(`Cisco Webex Reply Trigger: ${(error as Error).message}`);
			failures.push(error as Error);
		}
	}
	return { decisions, failures };
}

/** Webex would say the same again. Everything else may be read later. */
const isRefusal = (error: Error): boolean => error instanceof NodeApiError && !isTemporary(error);
