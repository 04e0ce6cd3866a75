import type { IDataObject } from 'n8n-workflow';

const VERBS = ['approve', 'deny', 'release', 'protect'];

/** A word of command in the thread of a card. */
export interface Command {
	verb: string;
	/** Number of the entry, where the card lists several hosts; from 1. */
	number?: number;
	reason: string;
}

/**
 * Reads `@bot approve 2 seen on the phone`. The verb has to come first: "do not approve" approves nothing.
 *
 * @param botName display name of the bot, which Webex leaves in the text in place of the mention
 */
export function readCommand(text: string, botName: string): Command | undefined {
	const words = withoutMention(text.trim().split(/\s+/), botName.toLowerCase().split(/\s+/));
	const verb = words.shift();
	if (verb === undefined || !isVerb(verb)) return undefined;
	const hasNumber = /^\d{1,3}$/.test(words[0] ?? '');
	const number = hasNumber ? Number(words.shift()) : undefined;
	return { verb: bare(verb), ...(number !== undefined && { number }), reason: words.join(' ') };
}

const bare = (word: string): string => word.toLowerCase().replace(/[,:.]$/, '');

const isVerb = (word: string | undefined): boolean => word !== undefined && VERBS.includes(bare(word));

/**
 * The words behind the bot's name. People cut a mention short, to the first word of the name: that goes only when a verb
 * follows, because it may be the verb itself ("release" to a bot that is called "Release Bot").
 */
function withoutMention(words: string[], name: string[]): string[] {
	const differs = (part: string, index: number) => bare(words[index] ?? '') !== part;
	if (words.length > 0 && !name.some(differs)) return withoutMention(words.slice(name.length), name);
	const shared = name.findIndex(differs);
	return isVerb(words[shared]) ? words.slice(shared) : words;
}

/**
 * What the button of that name would have submitted. `undefined` when the card has no such button.
 *
 * @param content the card, as Webex keeps it
 */
export function inputsOf({ verb, number, reason }: Command, content: unknown): IDataObject | undefined {
	const rtc = submitsOf(content).find((token) => token.startsWith(`1.${verb}.`));
	if (rtc === undefined) return undefined;
	const chosen = number === undefined ? undefined : choiceOf(content, number);
	return { rtc, ...(chosen && { chosen }), reason };
}

/** Data of all buttons that submit, also of those inside of a part that unfolds. */
export function submitsOf(content: unknown): string[] {
	return listOf(content, 'actions').flatMap((action) => {
		if (action.type === 'Action.ShowCard') return submitsOf(action.card);
		const token = (action.data as IDataObject | undefined)?.rtc;
		return action.type === 'Action.Submit' && typeof token === 'string' ? [token] : [];
	});
}

/** Entries keep their number when others have been decided. */
function choiceOf(content: unknown, number: number): string | undefined {
	const list = listOf(content, 'body').find(({ id }) => id === 'chosen');
	const found = listOf(list, 'choices').find(({ title }) => String(title).startsWith(`${number}. `));
	return found && String(found.value);
}

/** Members of a list inside of something that may not be what it should be. */
export function listOf(value: unknown, name: string): IDataObject[] {
	const list = typeof value === 'object' && value !== null ? (value as IDataObject)[name] : undefined;
	return Array.isArray(list)
		? list.filter((one): one is IDataObject => typeof one === 'object' && one !== null)
		: [];
}
