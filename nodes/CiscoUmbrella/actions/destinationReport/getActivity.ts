import type { IDataObject } from 'n8n-workflow';
import { wantedCount } from '../../../shared/fields';
import type { OperationDefinition } from '../../../shared/operations';
import type { LegacyClient } from '../../transport/legacy/client';
import { readDestinationActivity } from '../../transport/legacy/reporting';
import { enteredDomain } from '../investigate/fields';
import { domainField, limitFields } from './fields';

/** GET /v1/organizations/{id}/destinations/{domain}/activity */
export const getActivity: OperationDefinition<LegacyClient> = {
	option: {
		name: 'Get Activity',
		value: 'getActivity',
		action: 'Get activity of a destination',
		description: 'Get the latest requests for a domain, newest first',
	},
	fields: [domainField, ...limitFields],
	async execute(client, itemIndex) {
		const domain = enteredDomain(this, itemIndex);
		const wanted = wantedCount(this, itemIndex);
		return (await readDestinationActivity(
			this,
			client.reporting,
			domain,
			wanted,
			itemIndex,
		)) as IDataObject[];
	},
};
