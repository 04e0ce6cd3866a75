import fc from 'fast-check';
import type { IDataObject } from 'n8n-workflow';
import { parseDetection } from '../../../../ledger/parseDetection';
import { networkCards, toDetections } from '../../../../nodes/CiscoSecureEndpoint/detections';
import { parseJson } from '../../../../nodes/shared/json';
import { fixture } from './support';

const CONSOLE = 'https://console.amp.cisco.com';
const SHA256 = 'a78c29d1fa05c2b23d1dc9b75da8c053399143682fe3779bc466f10e1a997850';

/** As documented for event streams, with the id in full. */
const wire = `{"id":6533241145273614339,"timestamp":1593079552,"timestamp_nanoseconds":619000000,
	"date":"2020-06-25T10:05:52+00:00","event_type":"Threat Detected","event_type_id":1090519054,
	"detection":"W32.Overdrive.RET","detection_id":"6533241145273614338",
	"connector_guid":"0B4883D4-8ecf-4404-9453-13cba0ee7662","severity":"Medium",
	"computer":{"hostname":"Demo_AMP","external_ip":"163.32.98.150","user":"JohnDoe@CORP","active":true,
		"network_addresses":[{"ip":"50.88.43.2","mac":"87:9c:f8:c6:c9:cf"},{"ip":"fe80::1","mac":"00:50:56:AA:BB:CC"},
			{"ip":"","mac":"00:00:00:00:00:00"},{"ip":"50.88.43.2","mac":"87:9C:F8:C6:C9:CF"}]},
	"network_info":{"remote_ip":"198.51.100.9","dirty_url":"http://Bad.Example/x.exe","local_ip":"50.88.43.2"},
	"file":{"disposition":"Malicious","file_name":"x.exe","file_path":"C:\\\\x.exe","identity":{"sha256":"${SHA256.toUpperCase()}"}},
	"tactics":["TA0005"],"techniques":[{"external_id":"T1070","name":"x"}]}`;

describe('a full event', () => {
	const [detection] = toDetections(parseJson(wire), { consoleUrl: CONSOLE });

	it('becomes a detection with one target per network card', () => {
		const host = {
			hostname: 'demo_amp',
			user: 'johndoe@corp',
			connectorGuid: '0b4883d4-8ecf-4404-9453-13cba0ee7662',
		};
		expect(detection).toEqual({
			id: 'secureEndpoint:6533241145273614339',
			source: 'secureEndpoint',
			eventType: { id: '1090519054', name: 'Threat Detected' },
			categories: ['W32.Overdrive.RET', 'TA0005', 'T1070'],
			severity: 'Medium',
			occurredAt: '2020-06-25T10:05:52.619Z',
			observables: [
				{ type: 'sha256', value: SHA256 },
				{ type: 'file_name', value: 'x.exe' },
				{ type: 'file_path', value: 'C:\\x.exe' },
				{ type: 'url', value: 'http://Bad.Example/x.exe' },
				{ type: 'domain', value: 'bad.example' },
				{ type: 'ip', value: '198.51.100.9' },
			],
			targets: [
				{ mac: '87:9C:F8:C6:C9:CF', ip: '50.88.43.2', ...host },
				{ mac: '00:50:56:AA:BB:CC', ...host },
			],
			link: `${CONSOLE}/computers/0b4883d4-8ecf-4404-9453-13cba0ee7662/trajectory2?id=6533241145273614339`,
		});
	});

	it('is what the ledger takes', () => {
		expect(parseDetection(detection, Date.now())).toMatchObject({ ok: true });
	});

	it('keeps the event when asked to', () => {
		const [kept] = toDetections(parseJson(wire), { keepRaw: true });
		expect(kept.raw).toEqual(parseJson(wire));
		expect(kept.link).toBeUndefined();
	});
});

describe('the id', () => {
	const base = parseJson(wire) as IDataObject;
	const idOf = (changes: object) => toDetections({ ...base, ...changes })[0].id;

	it.each([
		[14945825043963, 'secureEndpoint:14945825043963'],
		['6533241145273614339', 'secureEndpoint:6533241145273614339'],
	])('%s', (id, expected) => {
		expect(idOf({ id })).toBe(expected);
	});

	it.each([[6180352115244794000], [undefined], [null], [''], [{}]])('is derived when it is %p', (id) => {
		expect(idOf({ id })).toMatch(/^secureEndpoint:derived-[0-9a-f]{32}$/);
		expect(idOf({ id })).toBe(idOf({ id, severity: 'High', computer: {} }));
	});

	it.each([
		{ connector_guid: 'other' },
		{ timestamp: 1593079553 },
		{ timestamp_nanoseconds: 619000001 },
		{ event_type_id: 553648143 },
		{ file: { identity: { sha256: 'b'.repeat(64) } } },
	])('is derived from what makes the event: %p', (change) => {
		expect(idOf({ id: null, ...change })).not.toBe(idOf({ id: null }));
	});
});

describe('missing parts', () => {
	const now = { timestamp: 1593079552 };

	it.each([
		[{ ...now }, []],
		[{ ...now, computer: null, file: null }, []],
		[{ ...now, connector_guid: 'g' }, [{ connectorGuid: 'g' }]],
		[{ ...now, computer: { hostname: 'PC', network_addresses: [] } }, [{ hostname: 'pc' }]],
		[{ ...now, computer: { hostname: 'unknown', user: 'SYSTEM@NT AUTHORITY' } }, []],
		[{ ...now, computer: { hostname: 'no hostname found', user: 'u' } }, [{ user: 'u' }]],
		[{ ...now, network_info: { local_ip: '10.1.2.3' } }, [{ ip: '10.1.2.3' }]],
		[{ ...now, computer: { external_ip: '203.0.113.1' } }, []],
	])('%j', (event, targets) => {
		expect(toDetections(event)[0].targets).toEqual(targets);
	});

	it.each([[null], [undefined], [42], ['text'], [[]], [{}], [{ timestamp: 'soon' }], [{ timestamp: 0 }]])(
		'%p is no event',
		(event) => {
			expect(toDetections(event)).toEqual([]);
		},
	);

	it.each([
		[{ date: '2020-06-25T10:05:52+00:00' }, '2020-06-25T10:05:52.000Z'],
		[{ timestamp: '1593079552', timestamp_nanoseconds: 999999999 }, '2020-06-25T10:05:52.999Z'],
		[{ timestamp: 1593079552, timestamp_nanoseconds: 5e12 }, '2020-06-25T10:05:52.000Z'],
		[{ start_timestamp: 1593079552 }, '2020-06-25T10:05:52.000Z'],
	])('the time of %j', (event, expected) => {
		expect(toDetections(event)[0].occurredAt).toBe(expected);
	});

	it.each([
		['Critical', 'Critical'],
		['high', 'High'],
		['Urgent', 'Unknown'],
		[undefined, 'Unknown'],
		[7, 'Unknown'],
	])('severity %p', (severity, expected) => {
		expect(toDetections({ ...now, severity })[0].severity).toBe(expected);
	});
});

it('reads the page that Cisco documents, whose anonymised addresses are partly multicast', () => {
	const page = fixture<{ data: unknown[] }>('events-filtered-page1');
	const [detection] = toDetections(page.data[0], { consoleUrl: CONSOLE });
	expect(detection.targets).toEqual([
		{
			mac: '3F:1E:B2:28:25:24',
			hostname: 'demo_upatre',
			user: 'a@template-w7x86',
			connectorGuid: '20a0ce9f-44d1-4cbb-ab04-8a0705448b72',
		},
	]);
	expect(detection.link).toBe(`${CONSOLE}/computers/20a0ce9f-44d1-4cbb-ab04-8a0705448b72/trajectory2`);
});

it('networkCards reads a computer', () => {
	const { data } = fixture<{ data: unknown }>('computer-patched');
	expect(networkCards(data)).toEqual([{ mac: 'CD:E0:30:42:21:F7', ip: '48.228.237.163' }]);
});

describe('any JSON', () => {
	const junk = fc.jsonValue();
	const event = fc.record(
		{
			id: fc.oneof(junk, fc.maxSafeNat(), fc.bigInt({ min: 2n ** 53n, max: 2n ** 63n }).map(String)),
			timestamp: fc.oneof(fc.integer({ min: 946_684_800, max: 1_700_000_000 }), junk),
			timestamp_nanoseconds: fc.oneof(fc.nat(999_999_999), junk),
			date: fc.oneof(fc.date({ noInvalidDate: true }).map(String), junk),
			event_type: fc.oneof(fc.string({ unit: 'binary' }), fc.string({ minLength: 200, maxLength: 600 }), junk),
			event_type_id: fc.oneof(fc.nat(), junk),
			connector_guid: fc.oneof(fc.uuid(), fc.string({ unit: 'binary' }), junk),
			severity: fc.oneof(fc.constantFrom('Low', 'High', 'weird'), junk),
			detection: fc.oneof(fc.string({ unit: 'binary' }), junk),
			tactics: fc.oneof(fc.array(junk), junk),
			computer: fc.oneof(
				junk,
				fc.record(
					{
						hostname: fc.oneof(fc.string({ unit: 'binary' }), junk),
						user: fc.oneof(fc.string({ unit: 'binary' }), junk),
						network_addresses: fc.oneof(
							fc.array(fc.record({ ip: fc.oneof(fc.ipV4(), fc.ipV6(), junk), mac: fc.oneof(mac(), junk) })),
							junk,
						),
					},
					{ requiredKeys: [] },
				),
			),
			file: fc.oneof(junk, fc.record({ file_name: fc.string({ unit: 'binary' }), identity: junk })),
			network_info: fc.oneof(
				junk,
				fc.record({ dirty_url: fc.oneof(fc.webUrl(), fc.string()), remote_ip: fc.ipV4() }),
			),
		},
		{ requiredKeys: [] },
	);

	it('never throws', () => {
		fc.assert(
			fc.property(fc.oneof(junk, event), (value) => void toDetections(value, { consoleUrl: CONSOLE })),
		);
	});

	it('names a trajectory event by its type, however long', () => {
		const [detection] = toDetections({ date: '2020-02-17T11:49:33', event_type: 'x'.repeat(600) });
		expect(parseDetection(detection, Date.now())).toMatchObject({
			ok: true,
			detection: { eventType: { id: 'x'.repeat(256), name: 'x'.repeat(512) }, occurredAt: '2020-02-17T11:49:33.000Z' },
		});
	});

	it('gives nothing that the ledger refuses, and the same at every poll', () => {
		fc.assert(
			fc.property(event, (value) => {
				const detections = toDetections(value, { consoleUrl: CONSOLE });
				expect(toDetections(structuredClone(value), { consoleUrl: CONSOLE })).toEqual(detections);
				for (const detection of detections) {
					const year = new Date(detection.occurredAt).getUTCFullYear();
					fc.pre(year >= 2000 && year < 2026);
					const parsed = parseDetection(detection, Date.now());
					expect(parsed).toMatchObject({ ok: true });
					if (parsed.ok) expect(parsed.detection.targets).toEqual(detection.targets);
				}
			}),
		);
	});
});

function mac(): fc.Arbitrary<string> {
	return fc
		.uint8Array({ minLength: 6, maxLength: 6 })
		.map((bytes) => Buffer.from(bytes).toString('hex').match(/../g)!.join(':'));
}
