import type { CardAction } from './token';

/** What somebody may do from a room. An approver may also do what an operator may. */
export type Role = 'operator' | 'approver';

/** Somebody in Webex, as Webex itself names them. */
export interface Person {
	id: string;
	/** Lower case; the first one is the name for the audit trail. */
	emails: string[];
	displayName: string;
}

/** Mail address (lower case) or person id, and the roles of that person. */
export type Deciders = ReadonlyMap<string, ReadonlySet<Role>>;

const NEEDED: Record<Exclude<CardAction, 'choose'>, readonly Role[]> = {
	approve: ['approver'],
	deny: ['approver'],
	release: ['operator', 'approver'],
	protect: ['operator', 'approver'],
};

/**
 * The people who may decide: one per line, mail address or person id, a colon, roles with commas between.
 *
 * @throws Error naming the line that can't be read: half a list would be no list.
 */
export function readDeciders(text: string): Deciders {
	const deciders = new Map<string, Set<Role>>();
	for (const [index, line] of text.split('\n').entries()) {
		const content = line.split('#')[0].trim();
		if (content === '') continue;
		const [, who, roles] = /^([^\s:]+)\s*:\s*(.+)$/.exec(content) ?? [];
		const listed = (roles ?? '').split(',').map((role) => role.trim().toLowerCase());
		if (!who || !listed.every(isRole)) {
			throw new Error(
				`Line ${index + 1} of "People Who May Decide" is not "mail address: operator" or "mail address: approver"`,
			);
		}
		deciders.set(nameOf(who), new Set(listed));
	}
	return deciders;
}

/** Whether this person may do this. */
export function mayDecide(
	deciders: Deciders,
	{ id, emails }: Person,
	action: Exclude<CardAction, 'choose'>,
): boolean {
	const names = [id, ...emails.map(nameOf)];
	return names.some((name) => NEEDED[action].some((role) => deciders.get(name)?.has(role)));
}

function isRole(text: string): text is Role {
	return text === 'operator' || text === 'approver';
}

/** Mail addresses are compared without case, person ids (base64) with it. */
function nameOf(who: string): string {
	return who.includes('@') ? who.toLowerCase() : who;
}
