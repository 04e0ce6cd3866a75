import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import { wantedCount } from '../../../shared/fields';
import type { UmbrellaClient } from '../../transport/client';
import { listAll } from '../../transport/policies';

/** The organisation's destination lists. */
export async function execute(
	this: IExecuteFunctions,
	client: UmbrellaClient,
	itemIndex: number,
): Promise<IDataObject[]> {
	return await listAll<IDataObject>(
		this,
		client.policies,
		'/destinationlists',
		wantedCount(this, itemIndex),
		itemIndex,
	);
}
