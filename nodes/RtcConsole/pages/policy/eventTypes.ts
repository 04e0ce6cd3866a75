import type { UnratedEventType } from '../../../../ledger/api';
import { PRESETS } from '../../../../ledger/presets';

/** Something that a rule can name: an event type by id or name, or a category. */
export interface KnownType {
	source: string;
	/** What stands in the rule. */
	value: string;
	/** What people call it. */
	name: string;
}

const asList = (value: string | string[] | undefined): string[] => (value === undefined ? [] : [value].flat());
const isId = (text: string) => /^\d+$/.test(text);

/** Sources that the published rules are about. */
export const SOURCES: readonly string[] = [...new Set(PRESETS.balanced.rules.map(({ source }) => source))];

/** The products' published lists, as the default rules know them: by id and name, by name, or many ids of one meaning. */
const LISTED: readonly KnownType[] = PRESETS.balanced.rules.flatMap(({ source, eventType, reason }) => {
	const types = asList(eventType);
	if (types.length === 2 && isId(types[0]) && !isId(types[1])) return [{ source, value: types[0], name: types[1] }];
	return types.map((value) => ({ source, value, name: isId(value) ? reason : value }));
}).filter(firstOfItsKind);

/** Security categories, by the names that Umbrella reports. */
export const CATEGORIES: readonly KnownType[] = PRESETS.balanced.rules.flatMap(({ source, category }) =>
	asList(category).map((value) => ({ source, value, name: value })),
).filter(firstOfItsKind);

/** Several rules may be about the same type. */
function firstOfItsKind({ source, value }: KnownType, index: number, all: readonly KnownType[]): boolean {
	return all.findIndex((other) => other.source === source && other.value === value) === index;
}

/** The published event types, and those seen that no rule rates, which vendors added since. */
export function knownEventTypes(unrated: readonly UnratedEventType[]): KnownType[] {
	const known = new Set(LISTED.map(({ source, value }) => `${source} ${value}`));
	const seen = unrated.map(({ source, eventType: { id, name } }) => ({ source, value: id, name }));
	return [...LISTED, ...seen.filter(({ source, value }) => !known.has(`${source} ${value}`))];
}

/** Names of the ids among these values that do not stand there themselves, so that nobody has to know numbers by heart. */
export function namesOf(values: readonly string[], source: string): string[] {
	const names = LISTED.filter((type) => type.source === source && values.includes(type.value)).map(({ name }) => name);
	return [...new Set(names)].filter((name) => !values.includes(name));
}
