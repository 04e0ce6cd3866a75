import path from 'node:path';
import { ledgerFile } from '../../../../nodes/PenaltyLedger/transport/ledgerFile';

describe('database file', () => {
	const before = process.env.N8N_USER_FOLDER;
	beforeEach(() => {
		process.env.N8N_USER_FOLDER = path.resolve('/srv/n8n');
	});
	afterEach(() => {
		if (before === undefined) delete process.env.N8N_USER_FOLDER;
		else process.env.N8N_USER_FOLDER = before;
	});

	it.each([
		['the default', {}, '/srv/n8n/.n8n/cisco-rtc/ledger.db'],
		['the default for blanks', { file: '  ' }, '/srv/n8n/.n8n/cisco-rtc/ledger.db'],
		['an absolute path', { file: '/data/../data/x.db' }, '/data/x.db'],
		['a relative path where allowed', { file: 'x.db', refuseRelativePaths: false }, '/srv/n8n/.n8n/x.db'],
	])('is %s', (_name, credential, expected) => {
		expect(ledgerFile(credential)).toBe(path.resolve(expected));
	});

	it.each([{ file: 'x.db' }, { file: './x.db', refuseRelativePaths: true }])('refuses %j', (credential) => {
		expect(() => ledgerFile(credential)).toThrow('is a relative path');
	});
});
