import type { EntityKey } from '../../../ledger/api';
import { entityName } from '../../../ledger/entity';
import type { LedgerService } from '../../../ledger/service';
import type { Role } from '../pages/page';
import { reaches } from './fields';
import { parseObject } from './objects';
import type { ActionRequest } from './request';

export interface IsolationProblem {
	status: 400 | 403;
	problem: string;
}

/** Why a form that asks to isolate a connector is refused; nothing for other actions. */
export async function isolationRefusal(
	ledger: LedgerService,
	{ action, object, fields, actor }: ActionRequest,
): Promise<IsolationProblem | undefined> {
	if (action !== 'isolate' || object.type !== 'connector') return undefined;
	const named = parseObject('entity', String(fields.entity));
	if (named?.type !== 'entity') return { status: 400, problem: UNKNOWN };
	return await isolationProblem(ledger, named, object.guid, actor.role);
}

/** Why a connector may not be isolated on behalf of an entity: it is another host's, or its host is protected. */
export async function isolationProblem(
	ledger: LedgerService,
	entity: EntityKey,
	guid: string,
	role: Role,
): Promise<IsolationProblem | undefined> {
	const host = await ledger.getConnectorHost(entity, guid);
	if (!host) return { status: 400, problem: UNKNOWN };
	if (!host.seen) return { status: 400, problem: `Isolate connector: it was not seen on the host of ${entityName(entity)}` };
	if (!host.protectedBy || reaches(role, 'approver')) return undefined;
	const { type, value, reason } = host.protectedBy;
	return { status: 403, problem: `Isolate connector: its host is protected (${type} ${value}: ${reason}), so it needs the role approver` };
}

const UNKNOWN = 'Isolate connector: the ledger does not know the entity';
