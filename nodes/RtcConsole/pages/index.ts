import { approvals } from './approvals';
import { audit } from './audit';
import { entityLists } from './entities/list';
import { entityPage } from './entity/entity';
import { health } from './health';
import { intents } from './intents';
import type { ConsolePage } from './page';
import { policy } from './policy';
import { protectedEntries } from './protected';
import { reports } from './reports';
import { searchPage } from './search';

/** Every page of the console, in the order of the navigation. The first one is shown where no page is asked for. */
export const PAGES: readonly ConsolePage[] = [
	...entityLists, entityPage, approvals, intents, policy, protectedEntries, audit, health, reports, searchPage,
];
