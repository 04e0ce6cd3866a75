import { INITIAL } from './001-initial';
import { UPKEEP } from './002-upkeep';
import { UNRATED } from './003-unrated';
import { SIGHTINGS } from './004-sightings';
import { CONTEXTS } from './005-contexts';

/** Schema changes in order; `PRAGMA user_version` counts those applied. Applied ones are never edited. */
export const MIGRATIONS: readonly string[] = [INITIAL, UPKEEP, UNRATED, SIGHTINGS, CONTEXTS];
