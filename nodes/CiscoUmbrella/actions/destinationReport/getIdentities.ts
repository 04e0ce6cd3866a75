import type { OperationDefinition } from '../../../shared/operations';
import type { LegacyClient } from '../../transport/legacy/client';
import { readDestinationIdentities } from '../../transport/legacy/reporting';
import { enteredDomain } from '../investigate/fields';
import { domainField } from './fields';

/** GET /v1/organizations/{id}/destinations/{domain}/identities */
export const getIdentities: OperationDefinition<LegacyClient> = {
	option: {
		name: 'Get Identities',
		value: 'getIdentities',
		action: 'Get identities of a destination',
		description: 'Get the ten identities with the most requests for a domain',
	},
	fields: [domainField],
	async execute(client, itemIndex) {
		const domain = enteredDomain(this, itemIndex);
		const rows = await readDestinationIdentities(this, client.reporting, domain, itemIndex);
		return rows.map((row) => ({ domain, ...row }));
	},
};
