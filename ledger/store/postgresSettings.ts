import { createHash } from 'node:crypto';
import { LedgerError } from '../errors';

/** Where a ledger in PostgreSQL is, and how to get there. */
export interface PostgresSettings {
	host: string;
	port: number;
	database: string;
	user: string;
	password: string;
	/** The ledger's own schema; nothing else may be in it. */
	schema: string;
	/** `false`: in the clear. */
	tls: false | PostgresTls;
}

export interface PostgresTls {
	/** PEM of the authority, when it is not one that Node knows. */
	ca?: string;
	/** Whether the server's certificate must be valid for its name. */
	verify: boolean;
}

/** The same for the same settings. Holds no secret: it is a digest. */
export function settingsKey(settings: PostgresSettings): string {
	const { host, port, database, user, password, schema, tls } = settings;
	const parts = [host, port, database, user, password, schema, tls && [tls.ca ?? '', tls.verify]];
	return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}

/**
 * Number of the advisory lock of a schema: whoever changes the ledger holds it. Two numbers, because one of the two
 * spaces of PostgreSQL's advisory locks is for pairs.
 */
export function lockOf(schema: string): [number, number] {
	return [0x52_54_43, createHash('sha256').update(schema).digest().readInt32BE(0)];
}

/**
 * Begins a change and waits until it is the only one. Whatever isolation the server has by default, each statement
 * after that sees all that was committed before.
 */
export function beginChange(schema: string): string {
	return `BEGIN ISOLATION LEVEL READ COMMITTED; SELECT pg_advisory_xact_lock(${lockOf(schema).join(', ')})`;
}

/** A name as SQL, whatever is in it. */
export function identifier(name: string): string {
	return `"${name.replaceAll('"', '""')}"`;
}

/** @throws LedgerError `invalidValue` naming the field that has to be filled in. */
export function checkSettings(settings: PostgresSettings): void {
	const { host, database, user, schema, port } = settings;
	for (const [name, value] of Object.entries({ host, database, user, schema })) {
		if (value.trim() === '' || value.includes('\0')) throw new LedgerError('invalidValue', `The ${name} of the PostgreSQL server is missing`);
	}
	if (!Number.isInteger(port) || port < 1 || port > 65_535) throw new LedgerError('invalidValue', 'The port of the PostgreSQL server must be between 1 and 65535');
	if (Buffer.byteLength(schema) > 63) throw new LedgerError('invalidValue', 'The name of the schema must not be longer than 63 bytes');
	if (/^pg_/i.test(schema) || schema === 'information_schema') throw new LedgerError('invalidValue', `The schema "${schema}" belongs to PostgreSQL itself`);
}
