import type { IDataObject } from 'n8n-workflow';
import { simplifyField } from '../../../shared/fields';
import { requiredText, segment } from '../../parameters';
import { simpleComputer, simpleTrajectoryEvent } from '../../simplify';
import { getData } from '../../transport/pages';
import { computerField, type Execute, type SecureEndpointOperation } from '../fields';

interface Trajectory extends IDataObject {
	computer?: IDataObject;
	events?: IDataObject[];
}

const execute: Execute = async function (client, itemIndex) {
	const guid = requiredText(this, 'computer', 'Computer', itemIndex);
	const q = (this.getNodeParameter('search', itemIndex, '') as string).trim();
	const trajectory = await getData<Trajectory>(this, client, {
		method: 'GET',
		path: `/v1/computers/${segment(guid)}/trajectory`,
		query: { q: q || undefined, limit: this.getNodeParameter('limit', itemIndex) as number },
		itemIndex,
	});
	if (!this.getNodeParameter('simplify', itemIndex, true)) return trajectory;
	const { computer = {}, events = [] } = trajectory;
	return { computer: simpleComputer(computer), events: events.map(simpleTrajectoryEvent) };
};

/** GET /v1/computers/{connector_guid}/trajectory */
export const getTrajectory: SecureEndpointOperation = {
	option: {
		name: 'Get Trajectory',
		value: 'getTrajectory',
		description: 'Get what happened on a computer, newest first',
		action: 'Get the trajectory of a computer',
	},
	fields: [
		computerField,
		{
			displayName: 'Search',
			name: 'search',
			type: 'string',
			default: '',
			placeholder: 'e.g. 203.0.113.7',
			description: 'Only events with this IP address, SHA-256 or URL. Empty for all.',
		},
		{
			displayName: 'Limit',
			name: 'limit',
			type: 'number',
			typeOptions: { minValue: 1, maxValue: 5000 },
			default: 50,
			description: 'Max number of results to return',
		},
		simplifyField('computer', ['getTrajectory']),
	],
	execute,
};
