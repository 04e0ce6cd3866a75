import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { PostgresSettings } from '../ledger/store/postgresSettings';
import type { Cleanup } from './cleanup';
import { postgresAt, postgresMissing, query, startPostgres, type PostgresPlace } from './postgres';
import type { Program } from './program';
import { redisAt, redisMissing, removeKeys, startRedis, type RedisPlace } from './redis';

/** What the processes of a cluster share. */
export interface Services {
	redis: RedisPlace;
	/** What every key in Redis starts with; nobody else's does. */
	keyPrefix: string;
	/** Of n8n. */
	database: PostgresPlace;
	/** Of the ledger: another database than n8n's. */
	ledger: PostgresSettings;
	/** Those that were started for this run. */
	programs: Program[];
}

/** Why there can be no cluster on this machine; `undefined` when there can. */
export function servicesMissing(env: NodeJS.ProcessEnv): string | undefined {
	const { redis, postgres } = given(env);
	const missing = [
		...(redis || !redisMissing() ? [] : [`${redisMissing()}, and DEMO_REDIS_URL names no server`]),
		...(postgres || !postgresMissing() ? [] : [`${postgresMissing()}, and DEMO_POSTGRES_URL names no server`]),
	];
	return missing.length > 0 ? missing.join('; ') : undefined;
}

/**
 * Redis and PostgreSQL: those that `DEMO_REDIS_URL` and `DEMO_POSTGRES_URL` name; else new ones from installed programs.
 * In those that were there before, nothing is left afterwards.
 *
 * @param folder for what Redis writes
 */
export async function openServices(folder: string, env: NodeJS.ProcessEnv, cleanup: Cleanup): Promise<Services> {
	const missing = servicesMissing(env);
	if (missing) throw new Error(missing);
	const id = randomBytes(4).toString('hex');
	const keyPrefix = `rtc-demo-${id}-`;
	const [redis, postgres] = await Promise.all([openRedis(folder, env, keyPrefix, cleanup), openPostgres(env, cleanup)]);
	const [database, ledger] = [`n8n_${id}`, `cisco_rtc_${id}`];
	for (const name of [database, ledger]) await makeDatabase(postgres.place, name, postgres.program ? undefined : cleanup);
	return {
		redis: redis.place,
		keyPrefix,
		database: { ...postgres.place, database },
		ledger: { ...postgres.place, database: ledger, schema: 'cisco_rtc', tls: false },
		programs: [redis.program, postgres.program].filter((program) => program !== undefined),
	};
}

function given(env: NodeJS.ProcessEnv): { redis?: RedisPlace; postgres?: PostgresPlace } {
	const { DEMO_REDIS_URL: redis, DEMO_POSTGRES_URL: postgres } = env;
	return { ...(redis && { redis: redisAt(redis) }), ...(postgres && { postgres: postgresAt(postgres) }) };
}

async function openRedis(folder: string, env: NodeJS.ProcessEnv, keyPrefix: string, cleanup: Cleanup): Promise<{ place: RedisPlace; program?: Program }> {
	const { redis } = given(env);
	if (redis) {
		cleanup.add(async () => await removeKeys(redis, keyPrefix));
		return { place: redis };
	}
	const own = await startRedis(path.join(folder, 'redis'));
	cleanup.add(async () => await own.program.stop());
	return own;
}

/** PostgreSQL may have to run as another user, who can't reach a folder inside one of ours. */
async function openPostgres(env: NodeJS.ProcessEnv, cleanup: Cleanup): Promise<{ place: PostgresPlace; program?: Program }> {
	const { postgres } = given(env);
	if (postgres) return { place: postgres };
	const folder = await mkdtemp(path.join(os.tmpdir(), 'cisco-rtc-postgres-'));
	cleanup.add(async () => await rm(folder, { recursive: true, force: true }));
	const own = await startPostgres(folder);
	cleanup.add(async () => await own.program.stop());
	return own;
}

/** @param cleanup only where the server stays */
async function makeDatabase(place: PostgresPlace, name: string, cleanup?: Cleanup): Promise<void> {
	await query(place, `CREATE DATABASE ${name}`);
	cleanup?.add(async () => void (await query(place, `DROP DATABASE ${name} WITH (FORCE)`)));
}
