import { hostname } from 'node:os';
import { pid } from 'node:process';
import type { IDataObject, IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import type { LedgerService } from '../../../../ledger/service';
import { apiUse } from '../../../shared/apiUse';
import { CONTENT_TYPE, exposition } from '../../metrics/exposition';
import { familiesOf } from '../../metrics/families';

export const description: INodeProperties[] = [
	{
		displayName: 'Output',
		name: 'output',
		type: 'options',
		options: [
			{ name: 'Fields', value: 'fields', description: 'One item with all numbers' },
			{ name: 'Prometheus Text', value: 'prometheus', description: 'One item with a text that Prometheus reads, and its content type' },
		],
		default: 'fields',
	},
];

/** Calls to the products are those of the process that runs this node, since it started. */
export async function execute(this: IExecuteFunctions, ledger: LedgerService, itemIndex: number): Promise<IDataObject> {
	const metrics = await ledger.getMetrics();
	const use = { process: `${hostname()}:${pid}`, api: apiUse(Date.now()) };
	if (this.getNodeParameter('output', itemIndex, 'fields') === 'fields') return { ...metrics, ...use } as unknown as IDataObject;
	return { text: exposition(familiesOf(metrics, use)), contentType: CONTENT_TYPE };
}
