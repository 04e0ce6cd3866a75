import { randomBytes } from 'node:crypto';
import path from 'node:path';
import type { Cleanup } from './cleanup';
import type { LabAddress } from './labProcess';
import { freePort, N8nInstance } from './n8nInstance';
import type { Services } from './services';

/** The processes of n8n's queue mode. */
export interface Cluster {
	main: N8nInstance;
	workers: N8nInstance[];
	webhooks: N8nInstance;
}

/** Jobs that a worker takes at a time. */
const CONCURRENCY = 5;

/**
 * Lays out one user folder per process, each with the pack in it, as on machines of their own. Nothing runs yet.
 *
 * @param options.port of the main; default: a free one
 */
export async function prepareCluster(
	folder: string,
	lab: LabAddress,
	tarball: string,
	services: Services,
	options: { workers: number; port?: number },
): Promise<Cluster> {
	const webhookPort = await freePort();
	const shared = { ...sharedEnv(services), N8N_WEBHOOK_URL: `http://127.0.0.1:${webhookPort}/` };
	const prepare = async (pack: string | N8nInstance, name: string, command: string[], env: NodeJS.ProcessEnv = {}, givenPort?: number) => {
		const port = givenPort ?? (await freePort());
		const settings = { name, command, port, keepsRunning: true, env: { ...shared, ...healthEnv(port), ...env } };
		return await N8nInstance.prepare(path.join(folder, name.replace(' ', '-')), lab, pack, settings);
	};
	const main = await prepare(tarball, 'main', ['start'], { N8N_DISABLE_PRODUCTION_MAIN_PROCESS: 'true' }, options.port);
	const names = Array.from({ length: options.workers }, (_, index) => `worker ${index + 1}`);
	return {
		main,
		workers: await Promise.all(names.map(async (name) => await prepare(main, name, ['worker', `--concurrency=${CONCURRENCY}`]))),
		webhooks: await prepare(main, 'webhook processor', ['webhook'], {}, webhookPort),
	};
}

/** Starts the workers and the webhook processor beside a main that runs. */
export async function startOthers({ workers, webhooks }: Cluster, cleanup: Cleanup): Promise<void> {
	const others = [...workers, webhooks];
	cleanup.add(async () => await Promise.all(others.map(async (other) => await other.stop())));
	await Promise.all(others.map(async (other) => await other.start()));
}

/** What all processes must agree on. */
export function sharedEnv({ redis, keyPrefix, database }: Services): NodeJS.ProcessEnv {
	return {
		EXECUTIONS_MODE: 'queue',
		N8N_ENCRYPTION_KEY: randomBytes(24).toString('hex'),
		N8N_GRACEFUL_SHUTDOWN_TIMEOUT: '10',
		QUEUE_BULL_REDIS_HOST: redis.host,
		QUEUE_BULL_REDIS_PORT: String(redis.port),
		...(redis.username && { QUEUE_BULL_REDIS_USERNAME: redis.username }),
		...(redis.password && { QUEUE_BULL_REDIS_PASSWORD: redis.password }),
		...(redis.database !== undefined && { QUEUE_BULL_REDIS_DB: String(redis.database) }),
		QUEUE_BULL_PREFIX: `${keyPrefix}bull`,
		N8N_REDIS_KEY_PREFIX: `${keyPrefix}n8n`,
		DB_TYPE: 'postgresdb',
		DB_POSTGRESDB_HOST: database.host,
		DB_POSTGRESDB_PORT: String(database.port),
		DB_POSTGRESDB_DATABASE: database.database,
		DB_POSTGRESDB_USER: database.user,
		DB_POSTGRESDB_PASSWORD: database.password,
	};
}

/** Workers serve nothing but their health, and that only when asked to. */
function healthEnv(port: number): NodeJS.ProcessEnv {
	return { QUEUE_HEALTH_CHECK_ACTIVE: 'true', QUEUE_HEALTH_CHECK_PORT: String(port), N8N_WORKER_SERVER_ADDRESS: '127.0.0.1' };
}
