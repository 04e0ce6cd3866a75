import type { IDataObject } from 'n8n-workflow';
import { returnAllFields, wantedCount } from '../../../shared/fields';
import { readTenants } from '../../transport/client';
import type { Execute, NetworkAnalyticsOperation } from '../fields';

const execute: Execute = async function (client, itemIndex) {
	const tenants = await readTenants(this, client.api, itemIndex);
	return tenants.slice(0, wantedCount(this, itemIndex)) as unknown as IDataObject[];
};

/** GET /sw-reporting/v1/tenants */
export const getMany: NetworkAnalyticsOperation = {
	option: {
		name: 'Get Many',
		value: 'getMany',
		description: 'Get the tenants (domains) that the user may see',
		action: 'Get many tenants',
	},
	fields: returnAllFields('tenant', ['getMany']),
	execute,
};
