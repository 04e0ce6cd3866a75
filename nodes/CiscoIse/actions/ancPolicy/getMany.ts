import type { Operation } from '../../../shared/execute';
import { returnAllFields, wantedCount } from '../../../shared/fields';
import type { IseClient } from '../../transport/client';
import { ersList, withoutLink } from '../../transport/ers';
import { ANC_POLICY_PATH } from './policies';

export const description = returnAllFields('ancPolicy', ['getMany']);

export const execute: Operation<IseClient> = async function (client, itemIndex) {
	const limit = wantedCount(this, itemIndex);
	const rows = await ersList(this, client.ers, ANC_POLICY_PATH, { limit, itemIndex });
	return rows.map(withoutLink);
};
