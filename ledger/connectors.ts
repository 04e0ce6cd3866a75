import type { ConnectorHost, EntityKey } from './api';
import type { CompiledPolicy, Matchable, Protection } from './compiledPolicy';
import type { Detection } from './detection';
import { canonicalTarget, ENTITY_KINDS, entitiesOfTargets, entityName, type CanonicalTarget } from './entity';
import { profileOf } from './store/rows';
import type { EntityRow, ReadTransaction } from './store/store';

/** Detections looked through for the connector, newest first: those that are listed with an entity. */
const DETECTIONS = 500;

/** Whether a connector was seen on an entity's own host, and what protects that host. */
export async function connectorHost(
	tx: ReadTransaction,
	policy: CompiledPolicy,
	protectedBy: Protection,
	entity: EntityRow,
	guid: string,
): Promise<ConnectorHost> {
	const onHost = await namesAround(tx, entity);
	const seen = await targetsOf(tx, policy, entity);
	const wanted = guid.trim().toLowerCase();
	const own = seen.filter((target) => target.connectorGuid === wanted && onHost.some(({ kind, key }) => target[kind] === key));
	if (own.length === 0) return { seen: false };
	const protector = protectedBy(await subjectsOf(tx, entity, onHost, own));
	return { seen: true, ...(protector && { protectedBy: protector }) };
}

async function targetsOf(tx: ReadTransaction, policy: CompiledPolicy, entity: EntityRow): Promise<CanonicalTarget[]> {
	const rows = await tx.contributions(entity.id, entity.purgedSeq, DETECTIONS);
	const targets = rows.flatMap(({ detection }) => (JSON.parse(detection.body) as Detection).targets);
	return targets.map((target) => canonicalTarget(target, policy.identity));
}

/** An entity, and what else is known of its host. */
async function namesAround(tx: ReadTransaction, entity: EntityRow): Promise<EntityKey[]> {
	const sameHost = entity.hostId === undefined ? [] : await tx.entitiesOfHosts([entity.hostId]);
	return [entity, ...sameHost];
}

/**
 * Everything that a protected entry can be about. Only what is not on the entity's own host has to be read: a user or
 * an address may be elsewhere by now than the connector.
 */
async function subjectsOf(tx: ReadTransaction, entity: EntityRow, onHost: readonly EntityKey[], targets: readonly CanonicalTarget[]): Promise<Matchable[]> {
	const here = new Set(onHost.map(entityName));
	const elsewhere = entitiesOfTargets(targets).filter((one) => !here.has(entityName(one)));
	const others = (await tx.entities(elsewhere)).filter((row) => row !== undefined);
	const around = await Promise.all(others.map(async (row) => await namesAround(tx, row)));
	const hosts = await tx.hosts([entity, ...others].flatMap(({ hostId }) => hostId ?? []));
	return [
		...[...onHost, ...around.flat()].map(({ kind, key }) => ({ kind, key })),
		...hosts.flatMap(({ members }) => fact('endpointProfile', profileOf(members))),
		...targets.flatMap((target) => [...namesOf(target), ...fact('endpointProfile', target.endpointProfile), ...fact('identityGroup', target.identityGroup)]),
	];
}

function namesOf(target: CanonicalTarget): EntityKey[] {
	return ENTITY_KINDS.flatMap((kind) => (target[kind] === undefined ? [] : [{ kind, key: target[kind] }]));
}

function fact(kind: 'endpointProfile' | 'identityGroup', key: string | undefined): Matchable[] {
	return key === undefined ? [] : [{ kind, key }];
}
