import { requiredText } from '../../../shared/parameters';
import { changeRanges, hostGroupName } from '../../hostGroups';
import { coveringRange, withoutRanges } from '../../ranges';
import { hostGroupField, membersField, type Execute, type NetworkAnalyticsOperation } from '../fields';
import { chosenMembers } from './members';

/** `{id, name, removed, notMembers, stillCovered, ranges}` */
const execute: Execute = async function (client, itemIndex) {
	const id = requiredText(this, 'hostGroup', 'Host Group', itemIndex);
	const members = chosenMembers(this, itemIndex);
	const remove = (ranges: readonly string[]) => withoutRanges(ranges, members);
	const { change, group } = await changeRanges(this, client, id, remove, itemIndex);
	const ranges = group.ranges ?? [];
	return {
		id: group.id,
		name: hostGroupName(group),
		removed: change.changed,
		notMembers: change.unchanged,
		stillCovered: members.flatMap((member) => {
			const by = coveringRange(member, ranges);
			return by === undefined ? [] : [{ member, by }];
		}),
		ranges,
	};
};

/** GET and PUT …/tags/{id} */
export const removeMembers: NetworkAnalyticsOperation = {
	option: {
		name: 'Remove Members',
		value: 'removeMembers',
		description: 'Remove IP addresses or networks from a host group; those that are not in it do no harm',
		action: 'Remove members from a host group',
	},
	fields: [hostGroupField, membersField],
	execute,
};
