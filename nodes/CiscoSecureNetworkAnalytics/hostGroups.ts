import type { IDataObject } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';
import type { ApiContext } from '../shared/http';
import { oneAtATime } from '../shared/processState';
import { canonicalRange, type RangeChange } from './ranges';
import { getData, type NetworkAnalyticsClient, segment } from './transport/client';

/** A host group, which the API calls a tag. Rows of lists may lack the ranges. */
export interface HostGroup extends IDataObject {
	id: number | string;
	name?: string;
	/** Of some lists in place of the name. */
	displayName?: string;
	/** Addresses, networks and forms such as `10.0.0.1-20`. */
	ranges?: string[];
}

/** GET /smc-configuration/rest/v1/tenants/{tenant}/tags */
export async function listHostGroups(
	context: ApiContext,
	client: NetworkAnalyticsClient,
	itemIndex?: number,
): Promise<HostGroup[]> {
	const path = await tagsPath(client, itemIndex);
	const rows = await getData<HostGroup[] | undefined>(context, client.api, {
		method: 'GET',
		path,
		itemIndex,
	});
	return rows ?? [];
}

/** GET …/tags/{id} */
export async function readHostGroup(
	context: ApiContext,
	client: NetworkAnalyticsClient,
	id: string,
	itemIndex?: number,
): Promise<HostGroup> {
	const path = `${await tagsPath(client, itemIndex)}/${segment(id)}`;
	return await getData<HostGroup>(context, client.api, { method: 'GET', path, itemIndex });
}

/**
 * Reads a host group, changes its ranges, and writes the whole group back: PUT …/tags/{id}. Changes of one group
 * wait for each other within the n8n process. Nothing is written when nothing changes.
 *
 * @returns what was changed, and the group as it is then
 * @throws NodeOperationError when the manager answers ranges that lack the change
 */
export async function changeRanges(
	context: ApiContext,
	client: NetworkAnalyticsClient,
	id: string,
	change: (ranges: readonly string[]) => RangeChange,
	itemIndex?: number,
): Promise<{ change: RangeChange; group: HostGroup }> {
	return await oneAtATime(await client.gateKey(id), async () => {
		const group = await readHostGroup(context, client, id, itemIndex);
		const wanted = change(group.ranges ?? []);
		if (wanted.changed.length === 0) return { change: wanted, group };
		const written = await getData<HostGroup | undefined>(context, client.api, {
			method: 'PUT',
			path: `${await tagsPath(client, itemIndex)}/${segment(id)}`,
			body: { ...group, ranges: wanted.ranges },
			itemIndex,
		});
		const now = Array.isArray(written?.ranges)
			? written
			: await readHostGroup(context, client, id, itemIndex);
		assertWritten(context, now, wanted, itemIndex);
		return { change: wanted, group: now };
	});
}

export const hostGroupName = ({ name, displayName, id }: HostGroup): string =>
	String(name ?? displayName ?? id).trim();

/** Names of the groups above, from the top. */
export function hostGroupPath({ display, path }: HostGroup): string[] {
	const names = (display as IDataObject | undefined)?.path ?? path;
	return Array.isArray(names) ? names.map(String) : [];
}

/** What workflows ask for. */
export function simpleHostGroup(group: HostGroup): IDataObject {
	return {
		id: group.id,
		name: hostGroupName(group),
		description: group.description,
		location: group.location,
		path: hostGroupPath(group),
		parentId: group.parentId,
		ranges: group.ranges,
	};
}

const tagsPath = async (client: NetworkAnalyticsClient, itemIndex?: number): Promise<string> =>
	`/smc-configuration/rest/v1/tenants/${segment(await client.tenantId(itemIndex))}/tags`;

/** The manager may spell ranges its own way, so they are compared, not the texts. */
function assertWritten(
	context: ApiContext,
	{ ranges = [] }: HostGroup,
	wanted: RangeChange,
	itemIndex?: number,
): void {
	const keys = (list: readonly string[]) =>
		new Set(list.map((range) => canonicalRange(range) ?? range.trim()));
	const [actual, expected] = [keys(ranges), keys(wanted.ranges)];
	const missed = wanted.changed.filter((range) => actual.has(range) !== expected.has(range));
	if (missed.length === 0) return;
	throw new NodeOperationError(context.getNode(), 'The manager took the change but did not make it', {
		itemIndex,
		description: `Look at the host group in the manager: ${missed.join(', ')} is not as asked for.`,
	});
}
