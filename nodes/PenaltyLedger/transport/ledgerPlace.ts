import type { LedgerPlace, PostgresSettings } from '../../../ledger';
import { pemText } from '../../shared/pem';
import { ledgerFile, type SqliteCredential } from './ledgerFile';

/** Fields of the credential `ciscoRtcLedgerApi`. */
export interface LedgerCredential extends SqliteCredential {
	store: 'sqlite' | 'postgres';
	host: string;
	port: number;
	database: string;
	user: string;
	password: string;
	schema: string;
	tls: boolean;
	caCertificate: string;
	allowUnauthorizedCerts: boolean;
}

/**
 * Where the ledger of a credential is. Fields that are absent, as in credentials from before they existed, have their
 * defaults.
 *
 * @throws Error when the database file is relative and the credential refuses that.
 */
export function ledgerPlace(credential: Partial<LedgerCredential>): LedgerPlace {
	return credential.store === 'postgres' ? { postgres: postgresSettings(credential) } : { file: ledgerFile(credential) };
}

/** What people call a place; without secrets. */
export function placeName(place: LedgerPlace): string {
	if ('file' in place) return place.file;
	const { host, port, database, schema } = place.postgres;
	return `schema "${schema}" in database "${database}" on ${host}:${port}`;
}

function postgresSettings(credential: Partial<LedgerCredential>): PostgresSettings {
	const { host = '', port = 5432, database = '', user = '', password = '', schema } = credential;
	const ca = pemText(credential.caCertificate);
	return {
		host: host.trim(),
		port,
		database: database.trim(),
		user: user.trim(),
		password,
		schema: schema?.trim() || 'cisco_rtc',
		tls: (credential.tls ?? true) && { verify: !(credential.allowUnauthorizedCerts ?? false), ...(ca !== undefined && { ca }) },
	};
}
