import type { EntityDetail, EntityKey } from '../../../ledger/api';
import { compileIdentity, compileMatcher, type Matchable } from '../../../ledger/compiledPolicy';
import { canonicalTarget, ENTITY_KINDS, entitiesOfTargets, entityName, type CanonicalTarget } from '../../../ledger/entity';
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
	const entity = named?.type === 'entity' ? await ledger.getEntity(named) : undefined;
	if (!entity) return { status: 400, problem: 'Isolate connector: the ledger does not know the entity' };
	return await isolationProblem(ledger, entity, object.guid, actor.role);
}

/** Why a connector may not be isolated on behalf of an entity: it is another host's, or its host is protected. */
export async function isolationProblem(
	ledger: LedgerService,
	entity: EntityDetail,
	guid: string,
	role: Role,
): Promise<IsolationProblem | undefined> {
	const identity = compileIdentity((await ledger.getPolicy()).policy);
	const targets = entity.contributions.flatMap(({ detection }) => detection.targets.map((target) => canonicalTarget(target, identity)));
	const own = targets.filter((target) => target.connectorGuid === guid && isOfHost(target, entity));
	if (own.length === 0) return { status: 400, problem: `Isolate connector: it was not seen on the host of ${entityName(entity)}` };
	if (reaches(role, 'approver')) return undefined;
	const subjects = await subjectsOf(ledger, entity, own);
	const entry = (await ledger.getProtected()).find((one) => subjects.some(compileMatcher(one, identity)));
	if (!entry) return undefined;
	return { status: 403, problem: `Isolate connector: its host is protected (${entry.type} ${entry.value}: ${entry.reason}), so it needs the role approver` };
}

function isOfHost(target: CanonicalTarget, entity: EntityDetail): boolean {
	return [entity, ...entity.related].some(({ kind, key }) => target[kind] === key);
}

/**
 * Everything that a protected entry can be about. Only what is not on the entity's own host has to be asked for: a user or
 * an address may be elsewhere by now than the connector.
 */
async function subjectsOf(ledger: LedgerService, entity: EntityDetail, targets: readonly CanonicalTarget[]): Promise<Matchable[]> {
	const onHost = new Set([entity, ...entity.related].map(entityName));
	const elsewhere = entitiesOfTargets(targets).filter((one) => !onHost.has(entityName(one)));
	const others = await Promise.all(elsewhere.map(async ({ kind, key }) => await ledger.getEntity({ kind, key })));
	const known = [entity, ...others.filter((other) => other !== undefined)];
	return [
		...known.flatMap(({ kind, key, related, endpointProfile }): Matchable[] => [{ kind, key }, ...related, ...fact('endpointProfile', endpointProfile)]),
		...targets.flatMap((target) => [...namesOf(target), ...fact('endpointProfile', target.endpointProfile), ...fact('identityGroup', target.identityGroup)]),
	];
}

function namesOf(target: CanonicalTarget): EntityKey[] {
	return ENTITY_KINDS.flatMap((kind) => (target[kind] === undefined ? [] : [{ kind, key: target[kind] }]));
}

function fact(kind: 'endpointProfile' | 'identityGroup', key: string | undefined): Matchable[] {
	return key === undefined ? [] : [{ kind, key }];
}
