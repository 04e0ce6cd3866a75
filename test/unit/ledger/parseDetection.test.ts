import fc from 'fast-check';
import { parseDetection } from '../../../ledger';
import { detection, START_MS } from './helpers';

const withField = (path: string, value: unknown): unknown => {
	const given = JSON.parse(JSON.stringify(detection())) as Record<string, unknown>;
	const names = path.split('.');
	let at: Record<string, unknown> = given;
	for (const name of names.slice(0, -1)) at = at[name] as Record<string, unknown>;
	at[names[names.length - 1]] = value;
	return given;
};

describe('parseDetection', () => {
	it('keeps a valid detection as it is', () => {
		const given = detection({ link: 'https://console.example/1' });
		expect(parseDetection(given, START_MS)).toEqual({ ok: true, detection: given, occurredAtMs: START_MS });
	});

	it.each([
		['id', undefined, 'id'],
		['id', 7, 'id'],
		['id', '  ', 'id'],
		['source', '__proto__', 'source'],
		['source', 'a\u0000b', 'source'],
		['eventType', 'x', 'eventType'],
		['eventType.id', '', 'eventType.id'],
		['categories', ['ok', 3], 'categories[1]'],
		['severity', 'Awful', 'severity'],
		['occurredAt', 'yesterday', 'occurredAt'],
		['occurredAt', '2026-01-15T12:00:00', 'occurredAt'],
		['occurredAt', '1999-12-31T23:59:59.000Z', 'occurredAt'],
		['occurredAt', new Date(START_MS + 5 * 60_000 + 1).toISOString(), 'occurredAt'],
		['observables', [{ type: 'ip' }], 'observables[0].value'],
		['observables', Array(257).fill({ type: 'ip', value: '1.1.1.1' }), 'observables'],
		['targets', undefined, 'targets'],
		['targets', [{ mac: 'zz:11' }], 'targets[0].mac'],
		['targets', [{}, { ip: '10.0.0.256' }], 'targets[1].ip'],
		['targets', [{ hostname: 5 }], 'targets[0].hostname'],
		['link', 'javascript:alert(1)', 'link'],
	])('refuses %s = %j and names %s', (path, value, field) => {
		const result = parseDetection(withField(path, value), START_MS);
		expect(result).toMatchObject({ ok: false, field });
		expect((result as { error: string }).error).toContain(field);
	});

	it('accepts a clock that is a little ahead', () => {
		const result = parseDetection(detection({ atMs: START_MS + 5 * 60_000 }), START_MS);
		expect(result.ok).toBe(true);
	});

	it('gives times in UTC with milliseconds', () => {
		const result = parseDetection(detection({ occurredAt: '2026-01-15T13:00:00+01:00' }), START_MS);
		expect(result).toMatchObject({ ok: true, detection: { occurredAt: '2026-01-15T12:00:00.000Z' } });
	});

	it('writes MACs and IPs in canonical form and drops words for "not known"', () => {
		const result = parseDetection(
			detection({ targets: [{ mac: '0011.2233.4455', ip: '::ffff:10.0.0.1', hostname: '' }, { mac: 'unknown', ip: 'N/A' }] }),
			START_MS,
		);
		expect(result).toMatchObject({ ok: true, detection: { targets: [{ mac: '00:11:22:33:44:55', ip: '10.0.0.1' }] } });
	});

	it('keeps an address that cannot be read as an observable when something else says who it was', () => {
		const targets = [{ mac: '00:11:22:ff:fe:33:44:55', ip: 'fe80', hostname: 'pc1' }, { mac: 'zz' }];
		const observables = [{ type: 'domain', value: 'evil.example' }];
		const unreadable = [['mac_address', '00:11:22:ff:fe:33:44:55'], ['ip', 'fe80'], ['mac_address', 'zz']].map(([type, value]) => ({ type, value }));
		expect(parseDetection(detection({ targets, observables }), START_MS)).toMatchObject({
			ok: true,
			detection: { targets: [{ hostname: 'pc1' }], observables: [...observables, ...unreadable] },
		});
	});

	it('refuses a detection that is too large, but keeps a large raw event when asked', () => {
		const observables = Array.from({ length: 200 }, (_, i) => ({ type: 'url', value: `${i}${'x'.repeat(2_000)}` }));
		expect(parseDetection(detection({ observables }), START_MS)).toMatchObject({ ok: false, field: 'detection' });
		const raw = { text: 'x'.repeat(300_000) };
		expect(parseDetection(detection({ raw }), START_MS, true)).toMatchObject({ ok: true, detection: { raw } });
		expect(parseDetection(detection({ raw }), START_MS)).not.toHaveProperty('detection.raw');
	});

	it('never throws, whatever JSON it gets', () => {
		const nearly = fc
			.record({ field: fc.constantFrom('id', 'source', 'eventType', 'categories', 'severity', 'occurredAt', 'observables', 'targets', 'link'), value: fc.jsonValue() })
			.map(({ field, value }) => ({ ...detection(), [field]: value }));
		fc.assert(
			fc.property(fc.oneof(fc.jsonValue(), fc.anything(), nearly), (value) => {
				const result = parseDetection(value, START_MS);
				return result.ok || (result.field !== '' && result.error !== '');
			}),
			{ numRuns: 500 },
		);
	});
});
