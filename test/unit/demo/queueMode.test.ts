import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { sharedEnv } from '../../../demo/cluster';
import { servicesMissing } from '../../../demo/services';

interface Service {
	command?: string | string[];
	volumes?: string[];
	environment?: Record<string, string>;
	restart?: string;
}

const doc = readFileSync(path.resolve(__dirname, '../../../docs/queue-mode.md'), 'utf8');
const [, block] = /```yaml\n([^]*?)```/.exec(doc)!;
const { services, configs } = parse(block, { merge: true }) as { services: Record<string, Service>; configs: Record<string, { content: string }> };

/** Those that only a run beside others on one machine needs. */
const OF_THE_DEMO = ['QUEUE_BULL_PREFIX', 'N8N_REDIS_KEY_PREFIX', 'N8N_GRACEFUL_SHUTDOWN_TIMEOUT'];

const place = { host: 'h', port: 1, database: 'd', user: 'u', password: 'p' };
const tried = sharedEnv({ redis: { host: 'h', port: 1, password: 'p' }, keyPrefix: '', database: place, ledger: { ...place, schema: 's', tls: false }, programs: [] });

describe('the compose file of docs/queue-mode.md', () => {
	it.each(['main', 'worker', 'webhook'])('gives the %s the variables that the demo runs with, the pack, and a restart', (name) => {
		const { environment = {}, volumes, restart } = services[name];
		expect(Object.keys(environment)).toEqual(expect.arrayContaining(Object.keys(tried).filter((variable) => !OF_THE_DEMO.includes(variable))));
		expect(environment).toHaveProperty('N8N_WEBHOOK_URL');
		expect(volumes).toContain('./nodes:/home/node/.n8n/nodes');
		expect(restart).toBe('unless-stopped');
	});

	it('lets every process write the audit archive to the same folder outside of the containers', () => {
		for (const name of ['main', 'worker', 'webhook']) expect(services[name].volumes).toContain('./files:/home/node/.n8n-files');
	});

	it('runs the same commands as the demo', () => {
		expect(['main', 'worker', 'webhook'].map((name) => services[name].command)).toEqual(['start', 'worker --concurrency=5', 'webhook']);
		expect(services.main.environment).toMatchObject({ N8N_DISABLE_PRODUCTION_MAIN_PROCESS: 'true' });
	});

	it('gives the ledger a database and a user of its own', () => {
		expect(configs.databases.content).toContain('CREATE DATABASE cisco_rtc OWNER cisco_rtc;');
		expect(services.main.environment).toMatchObject({ DB_POSTGRESDB_DATABASE: 'n8n', DB_POSTGRESDB_USER: 'n8n' });
	});

	it('holds no secret', () => {
		expect(block.match(/PASSWORD: (?!\$\{)|KEY: (?!\$\{)|PASSWORD '(?!\$\{)/g)).toBeNull();
	});
});

describe('services', () => {
	it('that are named need no installed program', () => {
		const env = { DEMO_REDIS_URL: 'redis://:secret@redis.example:6380/2', DEMO_POSTGRES_URL: 'postgres://u:p@pg.example/postgres' };
		expect(servicesMissing(env)).toBeUndefined();
	});
});
