import type { Operation } from '../../../shared/execute';
import { returnAllFields, wantedCount } from '../../../shared/fields';
import type { IseClient } from '../../transport/client';
import { ersList, withoutLink } from '../../transport/ers';

export const ENDPOINT_GROUP_PATH = '/ers/config/endpointgroup';

export const description = returnAllFields('endpointGroup', ['getMany']);

export const execute: Operation<IseClient> = async function (client, itemIndex) {
	const limit = wantedCount(this, itemIndex);
	const rows = await ersList(this, client.ers, ENDPOINT_GROUP_PATH, { limit, itemIndex });
	return rows.map(withoutLink);
};
