import type { IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';
import type { Confirmation, LedgerService } from '../../../../ledger/service';
import { intentIdField, optionsField } from '../../helpers/fields';
import { IDENTITY_FIELDS, requiredText, textLists } from '../../helpers/parameters';
import { intentWithNotice } from './intentWithNotice';
import { settleBatch } from './settleBatch';

export const description: INodeProperties[] = [
	intentIdField,
	{
		displayName: 'Findings',
		name: 'findings',
		type: 'json',
		default: '{}',
		placeholder: 'e.g. { "macs": ["00:11:22:33:44:55"], "endpointProfiles": ["Cisco-Switch"] }',
		description:
			'What the products report of the host that is about to be contained: a JSON object with lists in macs, ips, hostnames, users, connectorGuids, endpointProfiles and identityGroups. Leave endpointProfiles or identityGroups out, or null, when they could not be read: while a protected entry of that type exists, the containment then waits and people are asked after the last try. An empty list means that there are none.',
	},
	optionsField(),
];

const FIELDS = [...IDENTITY_FIELDS, 'endpointProfiles', 'identityGroups'] as const;

/** `confirmed` says whether the containment may go on, and what to contain; if not, `notice` tells people why. */
export async function executeBatch(
	this: IExecuteFunctions,
	ledger: LedgerService,
): Promise<INodeExecutionData[][]> {
	return await settleBatch(this, {
		read: toConfirmation,
		settle: async (given, actor) => await ledger.confirmTargets(given, actor),
		toJson: ({ confirmed, macs, connectorGuids, ...rest }) => ({
			confirmed,
			macs,
			connectorGuids,
			...intentWithNotice(rest),
		}),
	});
}

function toConfirmation(context: IExecuteFunctions, itemIndex: number): Confirmation {
	const intentId = requiredText(context, 'intentId', 'Intent ID', itemIndex);
	const found = textLists(context, 'findings', 'Findings', FIELDS, itemIndex);
	const { endpointProfiles, identityGroups, ...identity } = found;
	return { intentId, identity, endpointProfiles, identityGroups };
}
