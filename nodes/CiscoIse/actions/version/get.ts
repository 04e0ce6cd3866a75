import type { IDataObject } from 'n8n-workflow';
import type { Operation } from '../../../shared/execute';
import type { IseClient } from '../../transport/client';

interface VersionAnswer {
	OperationResult?: { resultValue?: { name: string; value: string }[] };
}

/** What the node says about itself, e.g. `{ version: '3.3.0.430', patch information: '4' }`. */
export const execute: Operation<IseClient> = async function (client, itemIndex) {
	const path = '/ers/config/op/systemconfig/iseversion';
	const answer = await client.ers.getJson<VersionAnswer>(this, { path, itemIndex });
	const values = answer?.OperationResult?.resultValue ?? [];
	return Object.fromEntries(values.map(({ name, value }) => [name, value])) as IDataObject;
};
