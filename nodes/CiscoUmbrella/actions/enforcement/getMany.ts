import { returnAllFields, wantedCount } from '../../../shared/fields';
import type { OperationDefinition } from '../../../shared/operations';
import type { LegacyClient } from '../../transport/legacy/client';
import { listDomains } from '../../transport/legacy/enforcement';

/** GET /1.0/domains. Answers `{id, name, lastSeenAt}`, the time in ISO 8601. */
export const getMany: OperationDefinition<LegacyClient> = {
	option: {
		name: 'Get Many',
		value: 'getMany',
		action: 'Get many blocked domains',
		description: 'Get the domains that the integration blocks',
	},
	fields: returnAllFields('enforcement', ['getMany']),
	async execute(client, itemIndex) {
		const domains = await listDomains(this, client.enforcement, wantedCount(this, itemIndex), itemIndex);
		return domains.map(({ id, name, lastSeenAt }) => ({
			id,
			name,
			...(lastSeenAt !== undefined && { lastSeenAt: new Date(lastSeenAt * 1_000).toISOString() }),
		}));
	},
};
