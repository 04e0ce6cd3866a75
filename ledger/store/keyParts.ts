import { wellFormed } from '../wellFormed';
import type { EntityKind } from '../api';

/** Part of what is stored: a place never changes. */
const PLACE_OF_KIND: Readonly<Record<EntityKind, number>> = { mac: 0, hostname: 1, user: 2, ip: 3 };

/** Bits of a row's number in `key_parts` that tell the kind. */
const KIND_BITS = 3;
const KIND_MASK = 2 ** KIND_BITS - 1;

/** What a search in SQLite's index of parts of keys consists of. */
export interface PartsQuery {
	sql: string;
	params: (string | number)[];
}

/** SQL of the number that an entity's row has in `key_parts`. */
export const PART_ROW = `(id << ${KIND_BITS}) + CASE kind ${Object.entries(PLACE_OF_KIND).map(([kind, place]) => `WHEN '${kind}' THEN ${place}`).join(' ')} END`;

/** Entities with a part of a key, by the index; nothing for what it can't tell: it knows three letters at a time. */
export function partsQuery(search: string, kind: EntityKind | undefined): PartsQuery | undefined {
	if ([...search].length < 3 || search.includes('\0') || wellFormed(search) !== search) return undefined;
	const match = `"${search.replaceAll('"', '""')}"`;
	const ofKind = kind === undefined ? '' : `AND rowid & ${KIND_MASK} = ?`;
	return {
		sql: `SELECT rowid >> ${KIND_BITS} AS id FROM key_parts WHERE key_parts MATCH ? ${ofKind}`,
		params: [match, ...(kind === undefined ? [] : [PLACE_OF_KIND[kind]])],
	};
}
