import type { IDataObject } from 'n8n-workflow';
import { mayDecide, type Deciders, type Person } from './people';
import { CHOSEN, readToken } from './token';

/** What somebody entered into a card, or wrote in its thread. */
export interface Entry {
	/** Values of the inputs, together with the data of the button. */
	inputs: IDataObject;
	person: Person;
	/** Message with the card. */
	messageId: string;
	roomId: string;
	via: 'card' | 'reply';
	/** ISO 8601, as Webex tells it. */
	at: string;
}

export type Refusal = 'notAllowed' | 'expired' | 'forged' | 'nothingChosen' | 'noReason';

/** What the workflow gets: a decision to carry out, or why there is none. */
export interface DecisionItem extends IDataObject {
	/** `refused`: nothing may be done; `explanation` says why. */
	decision: 'approve' | 'deny' | 'release' | 'protect' | 'refused';
	/** For `approve` and `deny`. */
	intentId?: string;
	/** For `release` and `protect`. */
	episodeId?: string;
	reason?: string;
	refusal?: Refusal;
	/** A sentence for the person. */
	explanation?: string;
	/** Mail address, for the audit trail. */
	by: string;
	displayName: string;
	messageId: string;
	roomId: string;
	via: 'card' | 'reply';
	at: string;
}

const MAX_REASON = 500;

const EXPLANATIONS: Record<Refusal, string> = {
	notAllowed: 'You are not on the list of people who may decide this. Nothing was changed.',
	expired: 'This card has expired. Nothing was changed.',
	forged: 'This entry does not come from a button of the card. Nothing was changed.',
	nothingChosen: 'Choose a host from the list first. Nothing was changed.',
	noReason: 'A denial needs a reason. Nothing was changed.',
};

/**
 * What an entry means. Cards without our data (of other workflows of the same bot) mean nothing here: `undefined`.
 *
 * @param now epoch ms
 */
export function decide(
	entry: Entry,
	key: Buffer,
	deciders: Deciders,
	now: number,
): DecisionItem | undefined {
	const { inputs, person } = entry;
	if (inputs.rtc === undefined) return undefined;
	const token = readToken(key, inputs.rtc);
	if (!token || token.action === 'choose') return refused(entry, 'forged');
	if (!mayDecide(deciders, person, token.action)) return refused(entry, 'notAllowed');
	if (token.expiresAt <= now) return refused(entry, 'expired');
	const subject = token.subject === CHOSEN ? readChoice(key, inputs.chosen) : token.subject;
	if (subject === undefined) return refused(entry, inputs.chosen ? 'forged' : 'nothingChosen');
	const given = reasonOf(inputs);
	if (token.action === 'deny' && given === '') return refused(entry, 'noReason');
	const isApproval = token.action === 'approve' || token.action === 'deny';
	return {
		decision: token.action,
		...(isApproval ? { intentId: subject } : { episodeId: subject }),
		reason: given || 'Pressed in Webex, without a reason',
		...aboutOf(entry),
	};
}

function readChoice(key: Buffer, chosen: unknown): string | undefined {
	const token = readToken(key, chosen);
	return token?.action === 'choose' ? token.subject : undefined;
}

function reasonOf({ denyReason, reason }: IDataObject): string {
	const text = [denyReason, reason].find((value) => typeof value === 'string' && value.trim() !== '');
	return String(text ?? '')
		.replace(/\p{Cc}+/gu, ' ')
		.trim()
		.slice(0, MAX_REASON);
}

export function refused(entry: Entry, refusal: Refusal): DecisionItem {
	return { decision: 'refused', refusal, explanation: EXPLANATIONS[refusal], ...aboutOf(entry) };
}

function aboutOf({ person, messageId, roomId, via, at }: Entry) {
	return {
		by: person.emails[0] ?? person.id,
		displayName: person.displayName,
		messageId,
		roomId,
		via,
		at,
	};
}
