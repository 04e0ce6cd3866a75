import type { IDataObject, IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import { Duration } from '../../../shared/vendor/luxon';
import type { LedgerService } from '../../../../ledger/service';
import { parameterError } from '../../../shared/errors';
import { personActor } from '../../helpers/actor';
import { accountableFields } from '../../helpers/fields';
import { filled, requiredText } from '../../helpers/parameters';

export const description: INodeProperties[] = [
	{
		displayName: 'Host',
		name: 'host',
		type: 'collection',
		placeholder: 'Add field',
		default: {},
		description: 'What is known of the host to contain. One field is enough.',
		options: [
			{ displayName: 'Connector GUID', name: 'connectorGuid', type: 'string', default: '' },
			{ displayName: 'Hostname', name: 'hostname', type: 'string', default: '' },
			{ displayName: 'IP Address', name: 'ip', type: 'string', default: '' },
			{ displayName: 'MAC Address', name: 'mac', type: 'string', default: '' },
			{ displayName: 'User', name: 'user', type: 'string', default: '' },
		],
	},
	...accountableFields('requester', 'Requester'),
	{
		displayName: 'Duration',
		name: 'duration',
		type: 'string',
		default: '',
		placeholder: 'e.g. PT4H',
		description:
			'ISO 8601 duration after which the host is released. Leave empty for the duration of the policy.',
	},
	{
		displayName: 'Override Protection',
		name: 'overrideProtection',
		type: 'boolean',
		default: false,
		description: 'Whether to contain the host even though it is protected. The requester answers for it.',
	},
];

export async function execute(
	this: IExecuteFunctions,
	ledger: LedgerService,
	itemIndex: number,
): Promise<IDataObject> {
	const host = filled(this.getNodeParameter('host', itemIndex, {}) as IDataObject) as Record<string, string>;
	if (Object.keys(host).length === 0) {
		throw parameterError(this.getNode(), '"Host" is empty: name the host by at least one field', itemIndex);
	}
	const intent = await ledger.containManually(host, {
		actor: personActor(this, 'requester', itemIndex),
		reason: requiredText(this, 'reason', 'Reason', itemIndex),
		duration: chosenDuration(this, itemIndex),
		overrideProtection: this.getNodeParameter('overrideProtection', itemIndex) as boolean,
	});
	return { ...intent } as unknown as IDataObject;
}

function chosenDuration(context: IExecuteFunctions, itemIndex: number): string | undefined {
	const given = String(context.getNodeParameter('duration', itemIndex, '') ?? '').trim();
	if (given && !Duration.fromISO(given).isValid) {
		throw parameterError(
			context.getNode(),
			`"Duration" is not an ISO 8601 duration such as PT4H: "${given}"`,
			itemIndex,
		);
	}
	return given || undefined;
}
