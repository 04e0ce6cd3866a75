import { requiredText, segment } from '../../parameters';
import { simpleComputer } from '../../simplify';
import { getData } from '../../transport/pages';
import { computerField, groupField, type Execute, type SecureEndpointOperation } from '../fields';

const execute: Execute = async function (client, itemIndex) {
	const guid = requiredText(this, 'computer', 'Computer', itemIndex);
	const group = requiredText(this, 'group', 'Group', itemIndex);
	const computer = await getData(this, client, {
		method: 'PATCH',
		path: `/v1/computers/${segment(guid)}`,
		body: { group_guid: group },
		idempotent: true,
		itemIndex,
	});
	return simpleComputer(computer);
};

/** PATCH /v1/computers/{connector_guid} */
export const moveToGroup: SecureEndpointOperation = {
	option: {
		name: 'Move to Group',
		value: 'moveToGroup',
		description: 'Move a computer to another group, and so under its policy',
		action: 'Move a computer to a group',
	},
	fields: [computerField, groupField],
	execute,
};
