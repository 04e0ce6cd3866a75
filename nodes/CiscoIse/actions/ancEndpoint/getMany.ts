import type { IDataObject, INodeProperties } from 'n8n-workflow';
import { updateDisplayOptions } from 'n8n-workflow';
import type { Operation } from '../../../shared/execute';
import { returnAllFields, wantedCount } from '../../../shared/fields';
import type { ContainmentClient } from '../../transport/client';
import { pxGridBindings } from '../../anc/pxGridAnc';
import type { PxGrid } from '../../pxgrid/client';
import { ersList, withoutLink } from '../../transport/ers';
import { ANC_ENDPOINT_PATH, resolveBindings } from '../../anc/ersBindings';

export const description: INodeProperties[] = [
	...returnAllFields('ancEndpoint', ['getMany']),
	...updateDisplayOptions({ show: { resource: ['ancEndpoint'], operation: ['getMany'] } }, [
		{
			displayName: 'Options',
			name: 'options',
			type: 'collection',
			placeholder: 'Add option',
			default: {},
			options: [
				{
					displayName: 'Resolve MAC Addresses',
					name: 'resolve',
					type: 'boolean',
					default: true,
					description:
						'Whether to read the MAC address and the policy of each endpoint, which takes one call each. PxGrid always tells both.',
				},
			],
		},
	]),
];

/** Rows `{ id, macAddress, policyName }`; `id` is what ERS calls the binding, `null` when pxGrid was asked. */
export const execute: Operation<ContainmentClient> = async function ({ ers, pxGrid }, itemIndex) {
	const { resolve = true } = this.getNodeParameter('options', itemIndex, {}) as { resolve?: boolean };
	const limit = wantedCount(this, itemIndex);
	if (!ers) return pxGrid ? (await rowsOf(pxGrid)).slice(0, limit) : [];
	const rows = await ersList(this, ers, ANC_ENDPOINT_PATH, { limit, itemIndex });
	return resolve ? await resolveBindings(this, ers, rows, itemIndex) : rows.map(withoutLink);
};

async function rowsOf(pxGrid: PxGrid): Promise<IDataObject[]> {
	const bindings = await pxGridBindings(pxGrid);
	return [...bindings].map(([macAddress, policyName]) => ({ id: null, macAddress, policyName }));
}
