import { execFileSync, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, chownSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import type { PostgresSettings } from '../../ledger/store/postgresSettings';

/** A PostgreSQL server to test with. */
export interface TestServer {
	/** Settings for a ledger; a new schema each time, unless one is given. */
	settings(schema?: string): PostgresSettings;
	/** Runs SQL as the administrator of the server. */
	query<T = Record<string, unknown>>(sql: string, params?: unknown[]): Promise<T[]>;
	stop(): Promise<void>;
}

/** Address of a server that is there already, e.g. `postgres://user:password@host:5432/database`. */
const GIVEN = process.env.TEST_POSTGRES_URL;
const START_LIMIT_MS = 30_000;
let schemas = 0;

/** Why there is no server to test with; `undefined` when there is one. */
export function postgresMissing(): string | undefined {
	if (GIVEN || binaries()) return undefined;
	return 'PostgreSQL is not installed, and TEST_POSTGRES_URL names no server';
}

/** The server that TEST_POSTGRES_URL names, or one of our own from installed programs, in a folder that goes with it. */
export async function startPostgres(options: { tls?: { cert: string; key: string } } = {}): Promise<TestServer> {
	if (GIVEN && !options.tls) return serverAt(fromUrl(GIVEN), async () => {});
	const bin = binaries();
	if (!bin) throw new Error(postgresMissing());
	const folder = mkdtempSync(join(tmpdir(), 'postgres-'));
	const owner = ownFolder(folder);
	const password = randomBytes(12).toString('hex');
	const passwordFile = writeOwned(join(folder, 'password'), password, owner);
	const data = join(folder, 'data');
	const initArgs = ['-D', data, '-U', 'rtc', '-A', 'scram-sha-256', `--pwfile=${passwordFile}`, '-E', 'UTF8', '--locale=C.UTF-8', '--no-sync'];
	const init = spawnSync(join(bin, 'initdb'), initArgs, { ...owner, cwd: folder, encoding: 'utf8' });
	if (init.status !== 0) throw new Error(`initdb failed: ${init.stderr}`);
	const port = await freePort();
	const args = ['-D', data, '-p', String(port), '-k', folder, '-c', 'listen_addresses=127.0.0.1', ...tlsArgs(folder, options.tls, owner)];
	const server = spawn(join(bin, 'postgres'), args, { ...owner, cwd: folder, stdio: 'ignore' });
	const place = { host: '127.0.0.1', port, database: 'postgres', user: 'rtc', password };
	const stop = async () => {
		await end(server);
		rmSync(folder, { recursive: true, force: true });
	};
	try {
		await answering(place, server);
	} catch (error) {
		await stop();
		throw error;
	}
	return serverAt(place, stop);
}

type Place = Pick<PostgresSettings, 'host' | 'port' | 'database' | 'user' | 'password'>;

function serverAt(place: Place, stop: () => Promise<void>): TestServer {
	return {
		settings: (schema = `rtc ${process.pid}-${++schemas}`) => ({ ...place, schema, tls: false }),
		query: async <T>(sql: string, params: unknown[] = []) => {
			const client = new Client(place);
			await client.connect();
			try {
				return (await client.query(sql, params)).rows as T[];
			} finally {
				await client.end();
			}
		},
		stop,
	};
}

function fromUrl(text: string): Place {
	const { hostname, port, pathname, username, password } = new URL(text);
	return {
		host: hostname, port: Number(port || 5432), database: decodeURIComponent(pathname.slice(1)),
		user: decodeURIComponent(username), password: decodeURIComponent(password),
	};
}

/** Folder of the newest installed programs. */
function binaries(): string | undefined {
	const base = '/usr/lib/postgresql';
	const versions = existsSync(base) ? readdirSync(base).map(Number).filter((version) => version >= 15).sort((a, b) => b - a) : [];
	const folders = [...versions.map((version) => join(base, String(version), 'bin')), ...(process.env.PATH ?? '').split(':')];
	return folders.find((folder) => existsSync(join(folder, 'initdb')) && existsSync(join(folder, 'postgres')));
}

type Owner = { uid?: number; gid?: number };

/** PostgreSQL does not run as root; then it runs as the user of its package, or as nobody. */
function ownFolder(folder: string): Owner {
	if (process.getuid?.() !== 0) return {};
	const owner = { uid: idOf('-u', 'postgres') ?? 65_534, gid: idOf('-g', 'postgres') ?? 65_534 };
	chownSync(folder, owner.uid, owner.gid);
	return owner;
}

function idOf(flag: string, user: string): number | undefined {
	try {
		return Number(execFileSync('id', [flag, user], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }));
	} catch {
		return undefined;
	}
}

function writeOwned(file: string, text: string, { uid, gid }: Owner): string {
	writeFileSync(file, text, { mode: 0o600 });
	chmodSync(file, 0o600);
	if (uid !== undefined && gid !== undefined) chownSync(file, uid, gid);
	return file;
}

function tlsArgs(folder: string, tls: { cert: string; key: string } | undefined, owner: Owner): string[] {
	if (!tls) return [];
	const cert = writeOwned(join(folder, 'server.crt'), tls.cert, owner);
	const key = writeOwned(join(folder, 'server.key'), tls.key, owner);
	return ['-c', 'ssl=on', '-c', `ssl_cert_file=${cert}`, '-c', `ssl_key_file=${key}`];
}

async function freePort(): Promise<number> {
	const server = createServer().listen(0, '127.0.0.1');
	await new Promise((resolve) => server.once('listening', resolve));
	const { port } = server.address() as AddressInfo;
	await new Promise((resolve) => server.close(resolve));
	return port;
}

async function answering(place: Place, server: ChildProcess): Promise<void> {
	const giveUpAt = Date.now() + START_LIMIT_MS;
	for (;;) {
		const client = new Client(place);
		try {
			await client.connect();
			await client.end();
			return;
		} catch (error) {
			if (server.exitCode !== null || Date.now() > giveUpAt) throw new Error('The PostgreSQL server does not start', { cause: error });
			await new Promise((resolve) => setTimeout(resolve, 50));
		}
	}
}

/** Fast shutdown: sessions are cut off. */
async function end(server: ChildProcess): Promise<void> {
	if (server.exitCode !== null) return;
	const gone = new Promise((resolve) => server.once('exit', resolve));
	server.kill('SIGINT');
	await gone;
}
