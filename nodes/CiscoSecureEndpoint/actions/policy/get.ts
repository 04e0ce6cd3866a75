import { simplifyField } from '../../../shared/fields';
import { requiredText, segment } from '../../parameters';
import { simplePolicy } from '../../simplify';
import { getData } from '../../transport/pages';
import { policyField, type Execute, type SecureEndpointOperation } from '../fields';

const execute: Execute = async function (client, itemIndex) {
	const guid = requiredText(this, 'policy', 'Policy', itemIndex);
	const policy = await getData(this, client, {
		method: 'GET',
		path: `/v1/policies/${segment(guid)}`,
		itemIndex,
	});
	return this.getNodeParameter('simplify', itemIndex, true) ? simplePolicy(policy) : policy;
};

/** GET /v1/policies/{guid} */
export const get: SecureEndpointOperation = {
	option: { name: 'Get', value: 'get', description: 'Get one policy', action: 'Get a policy' },
	fields: [policyField, simplifyField('policy', ['get'])],
	execute,
};
