import { execFileSync, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, chownSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import type { PostgresSettings } from '../ledger/store/postgresSettings';
import { freePort } from './n8nInstance';
import { Program } from './program';

/** A database of a server, and its administrator. */
export type PostgresPlace = Pick<PostgresSettings, 'host' | 'port' | 'database' | 'user' | 'password'>;

export interface PostgresOptions {
	/** PEM, for a server that encrypts. */
	tls?: { cert: string; key: string };
}

/** Why no PostgreSQL can be started; `undefined` when one can. */
export function postgresMissing(): string | undefined {
	return binaries() ? undefined : 'PostgreSQL 15 or later is not installed';
}

/**
 * A PostgreSQL on a free port, from installed programs. Its program is killed or stopped by the caller, who removes the
 * folder, too.
 *
 * @param folder made when it is missing; the user that PostgreSQL runs as must be able to reach it
 */
export async function startPostgres(folder: string, { tls }: PostgresOptions = {}): Promise<{ place: PostgresPlace; program: Program }> {
	const bin = binaries();
	if (!bin) throw new Error(postgresMissing());
	mkdirSync(folder, { recursive: true });
	const owner = ownFolder(folder);
	const password = randomBytes(12).toString('hex');
	initialise(bin, folder, password, owner);
	const place = { host: '127.0.0.1', port: await freePort(), database: 'postgres', user: 'rtc', password };
	const program = new Program({
		name: 'PostgreSQL',
		command: join(bin, 'postgres'),
		args: ['-D', join(folder, 'data'), '-p', String(place.port), '-k', folder, '-c', 'listen_addresses=127.0.0.1', ...tlsArgs(folder, tls, owner)],
		env: { PATH: process.env.PATH },
		cwd: folder,
		owner,
		logFile: join(folder, 'postgres.log'),
		// Fast shutdown: sessions are cut off.
		stopSignal: 'SIGINT',
		keepsRunning: true,
		readyWithinMs: 30_000,
		isReady: async () => await answers(place),
	});
	try {
		await program.start();
	} catch (error) {
		await program.kill();
		throw error;
	}
	return { place, program };
}

/** The database of an address like `postgres://user:password@host:5432/database`. */
export function postgresAt(address: string): PostgresPlace {
	const { hostname, port, pathname, username, password } = new URL(address);
	return {
		host: hostname, port: Number(port || 5432), database: decodeURIComponent(pathname.slice(1)),
		user: decodeURIComponent(username), password: decodeURIComponent(password),
	};
}

/** Runs one statement. */
export async function query<T = Record<string, unknown>>(place: PostgresPlace, sql: string, params: unknown[] = []): Promise<T[]> {
	const client = new Client(place);
	await client.connect();
	try {
		return (await client.query(sql, params)).rows as T[];
	} finally {
		await client.end();
	}
}

async function answers(place: PostgresPlace): Promise<boolean> {
	return await query(place, 'SELECT 1').then(
		() => true,
		() => false,
	);
}

function initialise(bin: string, folder: string, password: string, owner: Owner): void {
	const passwordFile = writeOwned(join(folder, 'password'), password, owner);
	const args = ['-D', join(folder, 'data'), '-U', 'rtc', '-A', 'scram-sha-256', `--pwfile=${passwordFile}`, '-E', 'UTF8', '--locale=C.UTF-8', '--no-sync'];
	const init = spawnSync(join(bin, 'initdb'), args, { ...owner, cwd: folder, encoding: 'utf8' });
	if (init.status !== 0) throw new Error(`initdb failed: ${init.stderr}`);
}

/** Folder of the newest installed programs. */
function binaries(): string | undefined {
	return programFolders().find((folder) => existsSync(join(folder, 'initdb')) && existsSync(join(folder, 'postgres')));
}

/** Path of an installed program such as `pg_dump`, of the newest version first. */
export function clientProgram(name: string): string | undefined {
	return programFolders().map((folder) => join(folder, name)).find(existsSync);
}

/** Of the packages of version 15 and later, the newest first, and of the search path. */
function programFolders(): string[] {
	const base = '/usr/lib/postgresql';
	const versions = existsSync(base) ? readdirSync(base).map(Number).filter((version) => version >= 15).sort((a, b) => b - a) : [];
	return [...versions.map((version) => join(base, String(version), 'bin')), ...(process.env.PATH ?? '').split(':')];
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
