import { returnAllFields, wantedCount } from '../../../shared/fields';
import { listV3 } from '../../transport/v3';
import type { V3Operation } from '../fields';

/** GET /v3/organizations. Answers `{name, organizationIdentifier}`. */
export const getMany: V3Operation = {
	option: {
		name: 'Get Many',
		value: 'getMany',
		description: 'Get many organizations that the client may see',
		action: 'Get many organizations',
	},
	fields: returnAllFields('organization', ['getMany']),
	async execute(client, itemIndex) {
		return await listV3(this, client, '/organizations', wantedCount(this, itemIndex), itemIndex);
	},
};
