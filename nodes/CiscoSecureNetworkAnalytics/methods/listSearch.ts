import type { ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';
import { hostGroupName, hostGroupPath, listHostGroups } from '../hostGroups';
import { connect } from '../transport/client';

/** Host groups whose name has the text in it, with the groups above them. */
export async function searchHostGroups(
	this: ILoadOptionsFunctions,
	filter = '',
): Promise<INodeListSearchResult> {
	const groups = await listHostGroups(this, await connect(this));
	const results = groups
		.filter((group) => hostGroupName(group).toLowerCase().includes(filter.trim().toLowerCase()))
		.map((group) => ({
			name: [...hostGroupPath(group), hostGroupName(group)].join(' > '),
			value: String(group.id),
		}));
	return { results: results.sort((a, b) => a.name.localeCompare(b.name)) };
}
