import type { OperationDefinition } from '../../../shared/operations';
import type { LegacyClient } from '../../transport/legacy/client';
import { deleteDomain } from '../../transport/legacy/enforcement';
import { domainsField, enteredEntries } from './fields';

const LABEL = 'Domains or IDs';

/**
 * DELETE /1.0/domains/{name or id}, one after the other. What is not blocked is named in `notFound` and is no error,
 * so unblocking twice does no harm. Answers `{removed, notFound}`.
 */
export const unblock: OperationDefinition<LegacyClient> = {
	option: {
		name: 'Unblock',
		value: 'unblock',
		action: 'Unblock domains',
		description: "Remove domains from the integration's block list",
	},
	fields: [domainsField(LABEL, 'e.g. bad.example or 281329')],
	async execute(client, itemIndex) {
		const removed: string[] = [];
		const notFound: string[] = [];
		for (const entry of enteredEntries(this, itemIndex, LABEL)) {
			const nameOrId = entry.toLowerCase().replace(/\.$/, '');
			const wasBlocked = await deleteDomain(this, client.enforcement, nameOrId, itemIndex);
			(wasBlocked ? removed : notFound).push(nameOrId);
		}
		return { removed, notFound };
	},
};
