import { placeKey } from '../../../../ledger';
import { ledgerPlace, placeName, type LedgerCredential } from '../../../../nodes/PenaltyLedger/transport/ledgerPlace';

const SERVER: Partial<LedgerCredential> = {
	store: 'postgres', host: ' db.example.com ', port: 5433, database: 'n8n', user: 'rtc', password: ' s3cret ', schema: 'ledger',
};
const PEM = '-----BEGIN CERTIFICATE----- QUJD -----END CERTIFICATE-----';

describe('place of a ledger', () => {
	it('is a file, also for credentials from before there was a choice', () => {
		expect(ledgerPlace({ file: '/data/x.db' })).toEqual({ file: '/data/x.db' });
		expect(ledgerPlace({ store: 'sqlite', file: '/data/x.db', host: 'ignored' })).toEqual({ file: '/data/x.db' });
	});

	it('is a schema of a server; spaces around names go, those of the password stay', () => {
		expect(ledgerPlace(SERVER)).toEqual({
			postgres: {
				host: 'db.example.com', port: 5433, database: 'n8n', user: 'rtc', password: ' s3cret ', schema: 'ledger', tls: { verify: true },
			},
		});
	});

	it.each<[string, Partial<LedgerCredential>, unknown]>([
		['TLS with verification by default', {}, { verify: true }],
		['a CA, with its line breaks', { caCertificate: PEM }, { verify: true, ca: '-----BEGIN CERTIFICATE-----\nQUJD\n-----END CERTIFICATE-----\n' }],
		['no verification when asked for', { allowUnauthorizedCerts: true }, { verify: false }],
		['no TLS when turned off', { tls: false, caCertificate: PEM }, false],
	])('has %s', (_name, changes, tls) => {
		expect(ledgerPlace({ ...SERVER, ...changes })).toMatchObject({ postgres: { tls } });
	});

	it('has a default schema and port', () => {
		const place = ledgerPlace({ ...SERVER, schema: ' ', port: undefined });
		expect(place).toMatchObject({ postgres: { schema: 'cisco_rtc', port: 5432 } });
	});

	it('is named without its password', () => {
		expect(placeName(ledgerPlace(SERVER))).toBe('schema "ledger" in database "n8n" on db.example.com:5433');
	});

	it.each<Partial<LedgerCredential>>([
		{ host: 'other' }, { port: 1 }, { database: 'other' }, { user: 'other' }, { password: 'other' }, { schema: 'other' }, { tls: false },
		{ caCertificate: PEM }, { allowUnauthorizedCerts: true },
	])('has a key of its own with %j', (changes) => {
		const key = placeKey(ledgerPlace(SERVER));
		expect(placeKey(ledgerPlace({ ...SERVER }))).toBe(key);
		expect(placeKey(ledgerPlace({ ...SERVER, ...changes }))).not.toBe(key);
		expect(key).not.toContain('s3cret');
	});
});
