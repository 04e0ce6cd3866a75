import type { INodeProperties } from 'n8n-workflow';
import { updateDisplayOptions } from 'n8n-workflow';
import type { Operation } from '../../../shared/execute';
import type { IseClient } from '../../transport/client';
import { policyField, readPolicy } from './policies';

export const description = updateDisplayOptions({ show: { resource: ['ancPolicy'], operation: ['get'] } }, [
	policyField,
] satisfies INodeProperties[]);

export const execute: Operation<IseClient> = async function (client, itemIndex) {
	return await readPolicy(this, client, itemIndex);
};
