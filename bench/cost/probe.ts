import { AsyncLocalStorage } from 'node:async_hooks';
import { writeFileSync } from 'node:fs';
import https from 'node:https';
import Module from 'node:module';
import { isMainThread } from 'node:worker_threads';

/**
 * Runs inside n8n (`node --import`), beside it and not instead of anything: counts by workflow what an execution costs,
 * and writes it to the file that COST_FILE names, every quarter of a second.
 */
export interface Cost {
	executions: number;
	/** Times that somebody waited for PostgreSQL: what is sent before the answer to the last has come is one with it. */
	ledgerRoundTrips: number;
	/** HTTPS requests. */
	calls: number;
	/** Nodes that ran, each with all of its items. */
	nodeRuns: number;
}

type Patchable = Record<string, unknown> | undefined;
type Query = (...args: unknown[]) => unknown;

const OUTSIDE = 'n8n itself';
const costs: Record<string, Cost> = {};
const running = new AsyncLocalStorage<string>();
const patched = new WeakSet<object>();

function cost(): Cost {
	return (costs[running.getStore() ?? OUTSIDE] ??= { executions: 0, ledgerRoundTrips: 0, calls: 0, nodeRuns: 0 });
}

function once(target: unknown): target is Record<string, Query> {
	if (typeof target !== 'object' || target === null || patched.has(target)) return false;
	patched.add(target);
	return true;
}

function countExecutions(core: Patchable): void {
	const prototype = (core?.WorkflowExecute as { prototype: unknown } | undefined)?.prototype;
	if (!once(prototype)) return;
	const { processRunExecutionData: process, runNode } = prototype;
	prototype.processRunExecutionData = function (this: unknown, ...args: unknown[]) {
		const { name } = args[0] as { name: string };
		return running.run(name, () => {
			cost().executions++;
			return process.apply(this, args);
		});
	};
	prototype.runNode = function (this: unknown, ...args: unknown[]) {
		cost().nodeRuns++;
		return runNode.apply(this, args);
	};
}

function countRoundTrips(pg: Patchable): void {
	const prototype = (pg?.Pool as { prototype: unknown } | undefined)?.prototype;
	if (!once(prototype)) return;
	const connect = prototype.connect as (...args: unknown[]) => Promise<object>;
	prototype.connect = function (this: unknown, ...args: unknown[]) {
		const connected = connect.apply(this, args) as Promise<object> | undefined;
		return connected?.then((client) => watched(client));
	};
}

function watched(client: object): object {
	if (!once(client)) return client;
	const query = client.query;
	let waiting = 0;
	client.query = function (this: unknown, ...args: unknown[]) {
		if (waiting++ === 0) cost().ledgerRoundTrips++;
		const answer = query.apply(this, args) as Promise<unknown>;
		const done = () => void waiting--;
		answer.then(done, done);
		return answer;
	};
	return client;
}

const loader = Module as unknown as { _load: (request: string, ...rest: unknown[]) => Patchable };
const load = loader._load;
loader._load = function (request, ...rest) {
	const loaded = load.call(this, request, ...rest);
	if (request === 'n8n-core') countExecutions(loaded);
	if (request.endsWith('vendor/pg')) countRoundTrips(loaded);
	return loaded;
};

const request = https.request;
https.request = function (this: unknown, ...args: unknown[]) {
	cost().calls++;
	return (request as Query).apply(this, args);
} as typeof https.request;

const { COST_FILE } = process.env;
// Threads of n8n load this file, too, and have the same process id.
if (COST_FILE && isMainThread) setInterval(() => writeFileSync(`${COST_FILE}.${process.pid}`, JSON.stringify(costs)), 250).unref();
