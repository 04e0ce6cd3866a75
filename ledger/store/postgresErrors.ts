import { LedgerError, type LedgerErrorCode } from '../errors';
import type { PostgresSettings } from './postgresSettings';

/** What failed in PostgreSQL, as people can act on it. Never holds the password or values of rows. */
export class PostgresError extends LedgerError {
	constructor(
		code: LedgerErrorCode,
		message: string,
		/** SQLSTATE or the code of Node's error. */
		readonly reason: string,
		/** Whether the same transaction can go well the next time. */
		readonly transient: boolean,
	) {
		super(code, message);
		this.name = 'PostgresError';
	}
}

type Explanation = (at: Place, message: string) => string;

/** As much of the settings as a message may show. */
interface Place {
	server: string;
	database: string;
	user: string;
	schema: string;
}

const grant = ({ database, user, schema }: Place) =>
	`Let an administrator run: CREATE SCHEMA "${schema}" AUTHORIZATION "${user}"; in database "${database}"`;
const login: Explanation = ({ server, user }) =>
	`PostgreSQL at ${server} refuses the user "${user}". Check user and password in the credential`;

/** By SQLSTATE: https://www.postgresql.org/docs/15/errcodes-appendix.html */
const REFUSED: Record<string, Explanation> = {
	'28P01': login,
	'28000': ({ server, user, database }, message) =>
		/no encryption|SSL off/i.test(message)
			? `PostgreSQL at ${server} lets "${user}" in with TLS only. Turn on TLS in the credential`
			: `PostgreSQL at ${server} does not let "${user}" use the database "${database}" from here. Check user and password, and the server's pg_hba.conf`,
	'3D000': ({ server, database }) => `PostgreSQL at ${server} has no database "${database}". Create it, or correct its name in the credential`,
	'42501': (at) => `The user "${at.user}" may not do that in the database "${at.database}". ${grant(at)}`,
	'25006': ({ server }) => `PostgreSQL at ${server} is read-only, probably a standby. Name the primary server in the credential`,
};

const UNAVAILABLE: Record<string, Explanation> = {
	ECONNREFUSED: ({ server }) => `No PostgreSQL server answers at ${server}. Check host and port in the credential, and that the server runs`,
	ENOTFOUND: ({ server }) => `The host of ${server} is not known. Check the host in the credential`,
	EAI_AGAIN: ({ server }) => `The host of ${server} cannot be looked up at the moment`,
	ETIMEDOUT: ({ server }) => `PostgreSQL at ${server} does not answer. Check host and port in the credential, and firewalls`,
	EHOSTUNREACH: ({ server }) => `PostgreSQL at ${server} cannot be reached. Check host and port in the credential, and the network`,
	'53100': ({ server }) => `The disk of PostgreSQL at ${server} is full`,
	'53300': ({ server }) => `PostgreSQL at ${server} has no connection left. Raise max_connections, or run fewer n8n processes`,
	'57P03': ({ server }) => `PostgreSQL at ${server} is starting up or shutting down`,
};

const TLS_PROBLEMS: Record<string, string> = {
	SELF_SIGNED_CERT_IN_CHAIN: 'is signed by an authority that is not known here. Put its certificate into "CA Certificate"',
	DEPTH_ZERO_SELF_SIGNED_CERT: 'is self-signed. Put it into "CA Certificate"',
	UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'is signed by an authority that is not known here. Put its certificate into "CA Certificate"',
	UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'is signed by an authority that is not known here. Put its certificate into "CA Certificate"',
	CERT_SIGNATURE_FAILURE: 'is not signed by the authority in "CA Certificate"',
	CERT_HAS_EXPIRED: 'has expired',
	CERT_NOT_YET_VALID: 'is not valid yet. Check the clocks',
	ERR_TLS_CERT_ALTNAME_INVALID: 'is for another name. Use a host name that it is valid for',
};

/** Serialisation failure and deadlock: the other one has won, and it is our turn to try again. */
const LOST_RACE = new Set(['40001', '40P01']);
/** Not time-outs: they have taken long enough already. */
const LOST_CONNECTION = new Set(['ECONNRESET', 'EPIPE', 'ECONNREFUSED', 'EAI_AGAIN', '57P01', '57P02', '57P03', '53300', '25P03']);

/** An error of the driver or the server in words for people. Other errors come back as they are. */
export function explained(error: unknown, settings: PostgresSettings): unknown {
	if (!isError(error) || error instanceof LedgerError) return error;
	const reason = reasonOf(error);
	const place: Place = { ...settings, server: `${settings.host}:${settings.port}` };
	const refused = REFUSED[reason]?.(place, error.message) ?? tlsProblem(reason, error, place.server);
	if (refused) return new PostgresError('refused', refused, reason, false);
	if (reason === '55P03') return new PostgresError('busy', 'The ledger was locked by another process for too long', reason, false);
	const transient = LOST_RACE.has(reason) || LOST_CONNECTION.has(reason) || reason.startsWith('08');
	const text = UNAVAILABLE[reason]?.(place, error.message) ?? fallback(reason, error, place.server);
	return new PostgresError('unavailable', text, reason, transient);
}

/** Errors of the network may come from another realm, where `instanceof` says no. */
function isError(value: unknown): value is Error {
	return typeof (value as Error | undefined)?.message === 'string';
}

/** SQLSTATE, Node's code, or what the driver's own messages mean. */
function reasonOf(error: Error): string {
	const { code } = error as { code?: unknown };
	if (typeof code === 'string' && code !== '') return code;
	const first = (error as { errors?: unknown[] }).errors?.[0];
	if (isError(first)) return reasonOf(first);
	if (/timeout/i.test(error.message)) return 'ETIMEDOUT';
	if (/Connection terminated|Connection ended|not queryable|connection error/i.test(error.message)) return 'ECONNRESET';
	return '';
}

function tlsProblem(reason: string, error: Error, server: string): string | undefined {
	const problem = TLS_PROBLEMS[reason];
	if (problem) return `The TLS certificate of PostgreSQL at ${server} ${problem}`;
	if (/does not support SSL/i.test(error.message)) {
		return `PostgreSQL at ${server} does not offer TLS. Turn it on there (ssl = on), or turn off TLS in the credential`;
	}
	if (/^ERR_OSSL|^ERR_SSL|^EPROTO/.test(reason) || /PEM|SSL routines/i.test(error.message)) {
		return `TLS with PostgreSQL at ${server} fails (${reason || 'no code'}). Check "CA Certificate" and the TLS versions of the server`;
	}
	return undefined;
}

function fallback(reason: string, error: Error, server: string): string {
	if (LOST_CONNECTION.has(reason) || reason.startsWith('08')) return `The connection to PostgreSQL at ${server} was lost`;
	return `PostgreSQL at ${server} reports: ${error.message}${reason === '' ? '' : ` (${reason})`}`;
}
