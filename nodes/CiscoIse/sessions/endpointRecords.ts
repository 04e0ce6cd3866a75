import type { IDataObject } from 'n8n-workflow';
import type { ApiContext } from '../../shared/http';
import { mapConcurrently } from '../concurrency';
import { Alternatives } from '../transport/alternatives';
import { ersList, pathSegment, type ErsNodes } from '../transport/ers';
import { remember } from './remembering';

const ENDPOINT_PATH = '/ers/config/endpoint';
const GROUP_PATH = '/ers/config/endpointgroup';
const PROFILE_PATH = '/ers/config/profilerprofile';

/** MAC addresses of one list call; its filters are part of the URL. */
const MACS_PER_LIST = 50;
const CONCURRENT_READS = 8;

/** What endpoints are filed under, by name. */
export interface Filing {
	endpointProfiles: string[];
	identityGroups: string[];
}

/** Looks endpoints up by their MAC addresses; one that ISE does not know is filed under nothing. */
export type EndpointRecords = (macs: readonly string[]) => Promise<Filing>;

/**
 * The records of endpoints in ERS, which hold the endpoint identity group whatever the session says. An account that
 * was refused is not tried again.
 */
export function endpointRecords(context: ApiContext, ers: ErsNodes): EndpointRecords {
	const recordOf = remember(async (id: string) => await readRecord(context, ers, `${ENDPOINT_PATH}/${pathSegment(id)}`));
	const nameOf = remember(async (path: string) => await readName(context, ers, path));
	const namesOf = async (path: string, ids: unknown[]) => {
		const distinct = [...new Set(ids.filter((id) => typeof id === 'string' && id !== ''))] as string[];
		return await mapConcurrently(distinct, CONCURRENT_READS, async (id) => await nameOf(`${path}/${pathSegment(id)}`));
	};
	const read: EndpointRecords = async (macs) => {
		const ids = await idsOf(context, ers, macs);
		const records = await mapConcurrently(ids, CONCURRENT_READS, recordOf);
		return {
			endpointProfiles: await namesOf(PROFILE_PATH, records.map((record) => record?.profileId)),
			identityGroups: await namesOf(GROUP_PATH, records.map((record) => record?.groupId)),
		};
	};
	const ask = new Alternatives(context, [{ name: 'ERS', by: read }]);
	return async (macs) => await ask.run(async (by) => await by(macs));
}

async function idsOf(context: ApiContext, ers: ErsNodes, macs: readonly string[]): Promise<string[]> {
	const ids: string[] = [];
	for (let from = 0; from < macs.length; from += MACS_PER_LIST) {
		const filters = macs.slice(from, from + MACS_PER_LIST).map((mac) => `mac.EQ.${mac}`);
		const rows = await ersList(context, ers, ENDPOINT_PATH, { filters, filterType: 'or' });
		ids.push(...rows.map(({ id }) => id));
	}
	return ids;
}

async function readRecord(context: ApiContext, ers: ErsNodes, path: string): Promise<IDataObject | undefined> {
	return (await ers.getIfThere<{ ERSEndPoint?: IDataObject }>(context, { path }))?.ERSEndPoint;
}

/** The name of a group or profile. @throws Error when the answer has none */
async function readName(context: ApiContext, ers: ErsNodes, path: string): Promise<string> {
	const answer = await ers.getJson<Record<string, { name?: string } | undefined>>(context, { path });
	const name = Object.values(answer ?? {})[0]?.name;
	if (name) return name;
	throw new Error(`Cisco ISE tells no name for ${path}`);
}
