import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { connect } from 'node:net';
import path from 'node:path';
import { freePort } from './n8nInstance';
import { Program } from './program';

/** Where a Redis listens. */
export interface RedisPlace {
	host: string;
	port: number;
	username?: string;
	password?: string;
	database?: number;
}

const REPLY_TIMEOUT_MS = 5_000;

/** Why no Redis can be started; `undefined` when one can. */
export function redisMissing(): string | undefined {
	return binary() ? undefined : 'redis-server is not installed';
}

/** A Redis on a free port that loses nothing it has confirmed: every change is on disk first. */
export async function startRedis(folder: string): Promise<{ place: RedisPlace; program: Program }> {
	const command = binary();
	if (!command) throw new Error(redisMissing());
	await mkdir(folder, { recursive: true });
	const place = { host: '127.0.0.1', port: await freePort() };
	const program = new Program({
		name: 'Redis',
		command,
		args: ['--port', String(place.port), '--bind', place.host, '--dir', folder, '--save', '', '--appendonly', 'yes', '--appendfsync', 'always'],
		env: { PATH: process.env.PATH },
		logFile: path.join(folder, 'redis.log'),
		stopSignal: 'SIGTERM',
		keepsRunning: true,
		readyWithinMs: 30_000,
		isReady: async () => await answers(place),
	});
	await program.start();
	return { place, program };
}

/** The Redis of an address like `redis://user:password@host:6379/0`. */
export function redisAt(address: string): RedisPlace {
	const { hostname, port, username, password, pathname } = new URL(address);
	return {
		host: hostname,
		port: Number(port || 6379),
		...(username && { username: decodeURIComponent(username) }),
		...(password && { password: decodeURIComponent(password) }),
		...(pathname.length > 1 && { database: Number(pathname.slice(1)) }),
	};
}

async function answers(place: RedisPlace): Promise<boolean> {
	return await command(place, 'PING').then(
		(reply) => reply === '+PONG',
		() => false,
	);
}

/** Removes every key that starts with `prefix`. */
export async function removeKeys(place: RedisPlace, prefix: string): Promise<void> {
	const script = "for _, key in ipairs(redis.call('KEYS', ARGV[1])) do redis.call('DEL', key) end";
	await command(place, 'EVAL', script, '0', `${prefix}*`);
}

/** Sends one command and gives the first line of the reply to it, e.g. `+PONG`. */
async function command(place: RedisPlace, ...words: string[]): Promise<string> {
	const { username, password, database } = place;
	const login = password ? [['AUTH', ...(username ? [username] : []), password]] : [];
	const select = database ? [['SELECT', String(database)]] : [];
	const commands = [...login, ...select, words];
	const replies = await exchange(place, commands.map(encode).join(''), commands.length);
	const refused = replies.find((reply) => reply.startsWith('-'));
	if (refused) throw new Error(`Redis answers ${refused.slice(1)}`);
	return replies[replies.length - 1];
}

async function exchange({ host, port }: RedisPlace, text: string, replies: number): Promise<string[]> {
	return await new Promise((resolve, reject) => {
		const socket = connect({ host, port });
		let received = '';
		socket.setTimeout(REPLY_TIMEOUT_MS, () => socket.destroy(new Error('Redis does not answer')));
		socket.once('error', reject);
		socket.once('close', () => reject(new Error('Redis closed the connection')));
		socket.on('data', (chunk) => {
			received += chunk.toString();
			const lines = received.split('\r\n').slice(0, -1);
			if (lines.length < replies) return;
			resolve(lines.slice(0, replies));
			socket.destroy();
		});
		socket.write(text);
	});
}

function encode(words: string[]): string {
	return `*${words.length}\r\n${words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join('')}`;
}

function binary(): string | undefined {
	const folders = [...(process.env.PATH ?? '').split(path.delimiter), '/usr/bin', '/usr/local/bin'];
	return folders.map((folder) => path.join(folder, 'redis-server')).find((file) => existsSync(file));
}
