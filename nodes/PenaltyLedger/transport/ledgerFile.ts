import os from 'node:os';
import path from 'node:path';

/** Fields of the credential `ciscoRtcLedgerApi` for a file. */
export interface SqliteCredential {
	/** Empty: the default file. */
	file: string;
	refuseRelativePaths: boolean;
}

/**
 * The database file that a credential means.
 *
 * @throws Error when the path is relative and the credential refuses that.
 */
export function ledgerFile(credential: Partial<SqliteCredential>): string {
	const folder = path.join(process.env.N8N_USER_FOLDER || os.homedir(), '.n8n');
	const file = credential.file?.trim();
	if (!file) return path.join(folder, 'cisco-rtc', 'ledger.db');
	if (path.isAbsolute(file)) return path.normalize(file);
	if (credential.refuseRelativePaths ?? true) {
		throw new Error(
			`The database file "${file}" is a relative path. Give an absolute path, or turn off "Refuse Relative Paths" in the credential.`,
		);
	}
	return path.resolve(folder, file);
}
