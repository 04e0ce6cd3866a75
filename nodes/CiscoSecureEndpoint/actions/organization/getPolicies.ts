import { returnAllFields, wantedCount } from '../../../shared/fields';
import { requiredText, segment } from '../../parameters';
import { listV3 } from '../../transport/v3';
import type { V3Operation } from '../fields';

/** GET /v3/organizations/{organizationIdentifier}/policies */
export const getPolicies: V3Operation = {
	option: {
		name: 'Get Policies',
		value: 'getPolicies',
		description: 'Get the policies of an organization',
		action: 'Get policies of an organization',
	},
	fields: [
		{
			displayName: 'Organization Identifier',
			name: 'organization',
			type: 'string',
			default: '',
			required: true,
			placeholder: 'e.g. 4baasceazofqpxidpinxtt5l',
			description: 'Organization > Get Many finds it',
		},
		...returnAllFields('organization', ['getPolicies']),
	],
	async execute(client, itemIndex) {
		const organization = requiredText(this, 'organization', 'Organization Identifier', itemIndex);
		const path = `/organizations/${segment(organization)}/policies`;
		return await listV3(this, client, path, wantedCount(this, itemIndex), itemIndex);
	},
};
