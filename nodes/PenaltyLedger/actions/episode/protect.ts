import type { IDataObject, IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import type { Actor } from '../../../../ledger/api';
import { LedgerError } from '../../../../ledger/errors';
import type { LedgerService } from '../../../../ledger/service';
import { personActor } from '../../helpers/actor';
import { accountableFields, episodeIdField } from '../../helpers/fields';
import { requiredText } from '../../helpers/parameters';

export const description: INodeProperties[] = [
	episodeIdField,
	...accountableFields('requester', 'Requester'),
];

export async function execute(
	this: IExecuteFunctions,
	ledger: LedgerService,
	itemIndex: number,
): Promise<IDataObject> {
	const episodeId = requiredText(this, 'episodeId', 'Episode ID', itemIndex);
	const actor = personActor(this, 'requester', itemIndex);
	const reason = requiredText(this, 'reason', 'Reason', itemIndex);
	const entries = await ledger.protectEpisode(episodeId, actor, reason);
	const releaseIntentId = await releaseUnderWay(ledger, episodeId, actor, reason);
	return { episodeId, protected: entries, releaseIntentId } as unknown as IDataObject;
}

/** The release that protecting has opened; an episode that was only a request is over without one. */
async function releaseUnderWay(
	ledger: LedgerService,
	episodeId: string,
	actor: Actor,
	reason: string,
): Promise<string | undefined> {
	const overWithoutRelease = (error: Error) =>
		error instanceof LedgerError && error.code === 'notContained' ? undefined : Promise.reject(error);
	return (await ledger.release({ episodeId }, actor, reason).catch(overWithoutRelease))?.id;
}
