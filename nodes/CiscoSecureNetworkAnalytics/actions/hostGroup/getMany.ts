import { returnAllFields, simplifyField, wantedCount } from '../../../shared/fields';
import { listHostGroups, simpleHostGroup } from '../../hostGroups';
import type { Execute, NetworkAnalyticsOperation } from '../fields';

const execute: Execute = async function (client, itemIndex) {
	const groups = (await listHostGroups(this, client, itemIndex)).slice(0, wantedCount(this, itemIndex));
	return this.getNodeParameter('simplify', itemIndex, true) ? groups.map(simpleHostGroup) : groups;
};

/** GET …/tags */
export const getMany: NetworkAnalyticsOperation = {
	option: {
		name: 'Get Many',
		value: 'getMany',
		description: 'Get many host groups',
		action: 'Get many host groups',
	},
	fields: [...returnAllFields('hostGroup', ['getMany']), simplifyField('hostGroup', ['getMany'])],
	execute,
};
