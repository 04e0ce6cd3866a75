import { bringTo, type Goal } from '../../isolation';
import { connectorGuidsOf } from '../../parameters';
import { connectorGuidsField, type Execute, type SecureEndpointOperation } from '../fields';
import { commentField, CONNECTORS_AT_ONCE, patienceOf, waitOptions } from './fields';

const RELEASED: Goal = {
	method: 'DELETE',
	reached: 'not_isolated',
	pending: 'pending_stop',
	already: 'alreadyReleased',
	goneIsReached: true,
};

const execute: Execute = async function (client, itemIndex) {
	const comment = this.getNodeParameter('comment', itemIndex, '') as string;
	const guids = connectorGuidsOf(this, itemIndex);
	const body = comment ? { comment } : {};
	return await bringTo(this, client, RELEASED, guids, body, patienceOf(this, itemIndex), itemIndex);
};

execute.concurrency = CONNECTORS_AT_ONCE;

/** DELETE /v1/computers/{connector_guid}/isolation */
export const stop: SecureEndpointOperation = {
	option: {
		name: 'Stop',
		value: 'stop',
		description: 'Let isolated computers back on the network',
		action: 'Stop isolation',
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
			options: waitOptions,
		},
	],
	execute,
};
