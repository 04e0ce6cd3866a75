import type { INodeProperties } from 'n8n-workflow';
import { updateDisplayOptions } from 'n8n-workflow';
import type { Operation } from '../../../shared/execute';
import type { IseClient } from '../../transport/client';
import { withoutLink } from '../../transport/ers';
import { endpointField, readEndpoint } from './endpoints';

export const description = updateDisplayOptions({ show: { resource: ['endpoint'], operation: ['get'] } }, [
	endpointField,
] satisfies INodeProperties[]);

export const execute: Operation<IseClient> = async function (client, itemIndex) {
	return withoutLink(await readEndpoint(this, client, itemIndex));
};
