import { INITIAL } from './001-initial';
import { UPKEEP } from './002-upkeep';
import { UNRATED } from './003-unrated';
import { SIGHTINGS } from './004-sightings';
import { CONTEXTS } from './005-contexts';
import { LAST_SEEN } from './006-lastSeen';
import { DISPATCHED } from './007-dispatched';
import { KEY_PARTS } from './008-keyParts';

/** Schema changes in order; `PRAGMA user_version` counts those applied. Applied ones are never edited. */
export const MIGRATIONS: readonly string[] = [INITIAL, UPKEEP, UNRATED, SIGHTINGS, CONTEXTS, LAST_SEEN, DISPATCHED, KEY_PARTS];
