import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import type { UmbrellaClient } from '../../transport/client';
import { topRows } from './topReport';

/** Threats by number of requests: `{threat, threattype, count}`. */
export async function execute(
	this: IExecuteFunctions,
	client: UmbrellaClient,
	itemIndex: number,
): Promise<IDataObject[]> {
	return await topRows(this, client, itemIndex, 'top-threats');
}
