import type { INodeProperties } from 'n8n-workflow';
import { updateDisplayOptions } from 'n8n-workflow';
import type { Operation } from '../../../shared/execute';
import type { IseClient } from '../../transport/client';
import { pathSegment } from '../../transport/ers';
import { ANC_POLICY_PATH, policyField, readPolicy } from './policies';

export const description = updateDisplayOptions(
	{ show: { resource: ['ancPolicy'], operation: ['delete'] } },
	[policyField] satisfies INodeProperties[],
);

export const execute: Operation<IseClient> = async function (client, itemIndex) {
	const { id } = await readPolicy(this, client, itemIndex);
	await client.ers.send(this, {
		method: 'DELETE',
		path: `${ANC_POLICY_PATH}/${pathSegment(String(id))}`,
		itemIndex,
	});
	return { deleted: true };
};
