import type { IDataObject, IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import type { LedgerService } from '../../../../ledger/service';
import { workflowActor } from '../../helpers/actor';
import { intentIdField, optionsField } from '../../helpers/fields';
import { IDENTITY_FIELDS, requiredText, textLists } from '../../helpers/parameters';
import { intentWithNotice } from './intentWithNotice';

export const description: INodeProperties[] = [
	intentIdField,
	{
		displayName: 'Findings',
		name: 'findings',
		type: 'json',
		default: '{}',
		placeholder: 'e.g. { "macs": ["00:11:22:33:44:55"], "endpointProfiles": ["Cisco-Switch"] }',
		description:
			'What the products report of the host that is about to be contained: a JSON object with lists in macs, ips, hostnames, users, endpointProfiles and identityGroups',
	},
	optionsField(),
];

const FIELDS = [...IDENTITY_FIELDS, 'endpointProfiles', 'identityGroups'] as const;

/** `confirmed` says whether the containment may go on; if not, `notice` tells people why. */
export async function execute(
	this: IExecuteFunctions,
	ledger: LedgerService,
	itemIndex: number,
): Promise<IDataObject> {
	const intentId = requiredText(this, 'intentId', 'Intent ID', itemIndex);
	const { endpointProfiles, identityGroups, ...identity } = textLists(
		this,
		'findings',
		'Findings',
		FIELDS,
		itemIndex,
	);
	const { confirmed, ...rest } = await ledger.confirmTarget(
		intentId,
		{ identity, endpointProfiles, identityGroups },
		workflowActor(this, itemIndex),
	);
	return { confirmed, ...intentWithNotice(rest) };
}
