import type { INodeProperties } from 'n8n-workflow';
import { updateDisplayOptions } from 'n8n-workflow';
import type { Operation } from '../../../shared/execute';
import { bindingReader, type BindingReader } from '../../anc/ersBindings';
import { pxGridAnc } from '../../anc/pxGridAnc';
import { containThroughOption, interfacesInOrder, type ContainThrough } from '../../anc/through';
import type { PxGrid } from '../../pxgrid/client';
import { Alternatives } from '../../transport/alternatives';
import type { ContainmentClient } from '../../transport/client';
import { macField, readMac } from '../common';

export const description = updateDisplayOptions({ show: { resource: ['ancEndpoint'], operation: ['get'] } }, [
	macField,
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		options: [
			{
				...containThroughOption,
				displayName: 'Read Through',
				description:
					'Interface of Cisco ISE that knows the binding. ERS is asked with a filter, and for all bindings where it refuses that; pxGrid for this one.',
			},
		],
	},
] satisfies INodeProperties[]);

/** The binding of one endpoint: `id` is what ERS calls it, `null` when pxGrid was asked. */
type Reader = (macAddress: string) => Promise<{ policyName: string; id: string | null } | undefined>;

/** `{ macAddress, bound, policyName, id }`; an endpoint without a policy is an answer, not an error. */
export const execute: Operation<ContainmentClient> = async function ({ ers, pxGrid, ofAllItems }, itemIndex) {
	const macAddress = readMac(this, itemIndex);
	const through = this.getNodeParameter('options.containThrough', itemIndex, 'auto') as ContainThrough;
	const readers = {
		ers: ers && ersReader(ofAllItems(() => bindingReader(this, ers))),
		pxGrid: pxGrid && pxGridReader(pxGrid),
	};
	const alternatives = new Alternatives<Reader>(this, interfacesInOrder<Reader>(this, through, readers));
	const binding = await alternatives.run(async (read) => await read(macAddress));
	return {
		macAddress,
		bound: binding !== undefined,
		policyName: binding?.policyName ?? null,
		id: binding?.id ?? null,
	};
};

function ersReader(read: BindingReader): Reader {
	return async (mac) => (await read([mac])).get(mac);
}

function pxGridReader(pxGrid: PxGrid): Reader {
	const { policyOf } = pxGridAnc(pxGrid);
	return async (mac) => {
		const policyName = await policyOf(mac);
		return policyName === undefined ? undefined : { policyName, id: null };
	};
}
