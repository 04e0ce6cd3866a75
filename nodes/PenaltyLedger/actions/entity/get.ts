import type { IDataObject, IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';
import type { LedgerService } from '../../../../ledger/service';
import { entityFields } from '../../helpers/fields';
import { entityKey } from '../../helpers/parameters';

export const description: INodeProperties[] = entityFields;

export async function execute(
	this: IExecuteFunctions,
	ledger: LedgerService,
	itemIndex: number,
): Promise<IDataObject> {
	const wanted = entityKey(this, itemIndex);
	const entity = await ledger.getEntity(wanted);
	if (!entity) {
		throw new NodeOperationError(this.getNode(), `The ledger knows no ${wanted.kind} "${wanted.key}"`, {
			itemIndex,
			description: 'Check kind and key. An entity is known once a detection named it.',
		});
	}
	return { ...entity } as IDataObject;
}
