import { simplifyField } from '../../../shared/fields';
import { requiredText, segment } from '../../parameters';
import { simpleComputer } from '../../simplify';
import { getData } from '../../transport/pages';
import { computerField, type Execute, type SecureEndpointOperation } from '../fields';

const execute: Execute = async function (client, itemIndex) {
	const guid = requiredText(this, 'computer', 'Computer', itemIndex);
	const computer = await getData(this, client, {
		method: 'GET',
		path: `/v1/computers/${segment(guid)}`,
		itemIndex,
	});
	return this.getNodeParameter('simplify', itemIndex, true) ? simpleComputer(computer) : computer;
};

/** GET /v1/computers/{connector_guid} */
export const get: SecureEndpointOperation = {
	option: {
		name: 'Get',
		value: 'get',
		description: 'Get one computer by its connector',
		action: 'Get a computer',
	},
	fields: [computerField, simplifyField('computer', ['get'])],
	execute,
};
