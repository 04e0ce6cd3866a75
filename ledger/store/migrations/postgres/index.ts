import { INITIAL } from './001-initial';
import { CONTEXTS } from './002-contexts';
import { KINDS } from './003-kinds';
import { LAST_SEEN } from './004-lastSeen';
import { TIES } from './005-ties';
import { DISPATCHED } from './006-dispatched';

/** Schema changes in order; the table `ledger_schema` counts those applied. Applied ones are never edited. */
export const POSTGRES_MIGRATIONS: readonly string[] = [INITIAL, CONTEXTS, KINDS, LAST_SEEN, TIES, DISPATCHED];
