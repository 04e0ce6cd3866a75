import { bringTo, type Goal } from '../../isolation';
import { connectorGuidsOf } from '../../parameters';
import { connectorGuidsField, type Execute, type SecureEndpointOperation } from '../fields';
import { commentField, CONNECTORS_AT_ONCE, patienceOf, waitOptions } from './fields';

const ISOLATED: Goal = {
	method: 'PUT',
	reached: 'isolated',
	pending: 'pending_start',
	already: 'alreadyIsolated',
	goneIsReached: false,
};

const execute: Execute = async function (client, itemIndex) {
	const comment = this.getNodeParameter('comment', itemIndex, '') as string;
	const unlockCode = this.getNodeParameter('options.unlockCode', itemIndex, '') as string;
	const body = { ...(comment && { comment }), ...(unlockCode && { unlock_code: unlockCode }) };
	const guids = connectorGuidsOf(this, itemIndex);
	return await bringTo(this, client, ISOLATED, guids, body, patienceOf(this, itemIndex), itemIndex);
};

execute.concurrency = CONNECTORS_AT_ONCE;

/** PUT /v1/computers/{connector_guid}/isolation */
export const start: SecureEndpointOperation = {
	option: {
		name: 'Start',
		value: 'start',
		description: 'Take computers off the network, except for the connection to Secure Endpoint',
		action: 'Start isolation',
	},
	fields: [
		connectorGuidsField,
		commentField,
		{
			displayName: 'Options',
			name: 'options',
			type: 'collection',
			placeholder: 'Add option',
			default: {},
			options: [
				waitOptions[0],
				{
					displayName: 'Unlock Code',
					name: 'unlockCode',
					type: 'string',
					typeOptions: { password: true },
					default: '',
					description:
						'Code that ends the isolation at the computer itself. Secure Endpoint makes one when empty.',
				},
				waitOptions[1],
			],
		},
	],
	execute,
};
