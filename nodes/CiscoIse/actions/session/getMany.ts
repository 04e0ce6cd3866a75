import type { IDataObject, INodeProperties } from 'n8n-workflow';
import { updateDisplayOptions } from 'n8n-workflow';
import type { Operation } from '../../../shared/execute';
import { returnAllFields, simplifyField, wantedCount } from '../../../shared/fields';
import { readSessionSource, sessionSourceOption } from '../../sessions/source';
import type { ContainmentClient } from '../../transport/client';

export const description: INodeProperties[] = [
	...returnAllFields('session', ['getMany']),
	simplifyField('session', ['getMany']),
	...updateDisplayOptions({ show: { resource: ['session'], operation: ['getMany'] } }, [
		{
			displayName: 'Options',
			name: 'options',
			type: 'collection',
			placeholder: 'Add option',
			default: {},
			options: [sessionSourceOption],
		},
	] satisfies INodeProperties[]),
];

export const execute: Operation<ContainmentClient> = async function (client, itemIndex) {
	const simplify = this.getNodeParameter('simplify', itemIndex, true) as boolean;
	const records = (await client.sessions(readSessionSource(this, itemIndex)).active()).slice(
		0,
		wantedCount(this, itemIndex),
	);
	return records.map(({ session, raw }) => (simplify ? (session as unknown as IDataObject) : raw));
};
