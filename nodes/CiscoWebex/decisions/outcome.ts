import type { IDataObject } from 'n8n-workflow';
import { shown } from '../card';
import { listOf } from './reply';
import { readToken } from './token';

/**
 * The card that takes the place of one that was decided: the same words, the outcome, and no way to press again. Of
 * several hosts only the decided one goes.
 *
 * @param decided ids of what was decided; without any, the whole card is
 * @param key nothing is trusted that the bot didn't sign
 */
export function decidedCard(
	content: IDataObject,
	outcome: string,
	decided: readonly string[],
	key: Buffer,
): IDataObject {
	const rest = decided.length > 0 ? remainingChoices(content, decided, key) : [];
	const body = listOf(content, 'body').flatMap((element) => {
		if (rest.length > 0) return [element.id === 'chosen' ? { ...element, choices: rest } : element];
		return String(element.type).startsWith('Input.') ? [] : [element];
	});
	const actions = listOf(content, 'actions').filter((action) => rest.length > 0 || !submits(action));
	const kept = { ...content };
	delete kept.actions;
	const line = { type: 'TextBlock', text: shown(outcome, 1_000), weight: 'Bolder', color: 'Accent', wrap: true };
	return { ...kept, body: [...body, line], ...(actions.length > 0 && { actions }) };
}

function remainingChoices(content: IDataObject, decided: readonly string[], key: Buffer): IDataObject[] {
	const list = listOf(content, 'body').find(({ id }) => id === 'chosen');
	return listOf(list, 'choices').filter(({ value }) => {
		const token = readToken(key, value);
		return token !== undefined && !decided.includes(token.subject);
	});
}

function submits(action: IDataObject): boolean {
	if (action.type === 'Action.Submit') return true;
	return action.type === 'Action.ShowCard' && listOf(action.card, 'actions').some(submits);
}
