import { simplifyField } from '../../../shared/fields';
import { requiredText } from '../../../shared/parameters';
import { hostGroupName, listHostGroups, simpleHostGroup } from '../../hostGroups';
import type { Execute, NetworkAnalyticsOperation } from '../fields';

const execute: Execute = async function (client, itemIndex) {
	const wanted = requiredText(this, 'name', 'Name', itemIndex).toLowerCase();
	const whole = this.getNodeParameter('match', itemIndex) === 'whole';
	const found = (await listHostGroups(this, client, itemIndex)).filter((group) => {
		const name = hostGroupName(group).toLowerCase();
		return whole ? name === wanted : name.includes(wanted);
	});
	return this.getNodeParameter('simplify', itemIndex, true) ? found.map(simpleHostGroup) : found;
};

/** The API has no search: all of GET …/tags, by name. Groups under different parents can have the same name. */
export const find: NetworkAnalyticsOperation = {
	option: {
		name: 'Find',
		value: 'find',
		description: 'Find host groups by their name',
		action: 'Find a host group',
	},
	fields: [
		{
			displayName: 'Name',
			name: 'name',
			type: 'string',
			default: '',
			required: true,
			placeholder: 'e.g. Quarantine',
			description: 'Upper and lower case make no difference',
		},
		{
			displayName: 'Match',
			name: 'match',
			type: 'options',
			options: [
				{ name: 'Part of the Name', value: 'part' },
				{ name: 'Whole Name', value: 'whole' },
			],
			default: 'whole',
			description: 'How much of the name has to be equal',
		},
		simplifyField('hostGroup', ['find']),
	],
	execute,
};
