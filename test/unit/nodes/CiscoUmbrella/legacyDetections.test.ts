import fc from 'fast-check';
import { toDetection } from '../../../../nodes/CiscoUmbrella/detections';
import {
	legacyActivity,
	legacyRecordId,
	legacyTime,
	toLegacyDetection,
} from '../../../../nodes/CiscoUmbrella/legacyDetections';

/** As in Cisco's description of the security activity report. */
const row = {
	originId: 105489403,
	internalIp: '192.168.64.5',
	externalIp: '59.102.103.63',
	destination: 'Some-Bad-Website.example.',
	originLabel: 'LAPTOP-7',
	categories: ['Malware'],
	originType: 'Anyconnect Roaming Client',
	actionTaken: 'BLOCKED',
	datetime: '2017-11-15T06:34:27.841Z',
};

it('gives the detection that the current API would give', () => {
	const detection = toLegacyDetection(row);
	expect(detection).toEqual({
		id: `umbrella:${legacyRecordId(row)}`,
		source: 'umbrella',
		eventType: { id: '66', name: 'Malware' },
		categories: ['Malware'],
		severity: 'High',
		occurredAt: '2017-11-15T06:34:27.841Z',
		observables: [{ type: 'domain', value: 'some-bad-website.example' }],
		targets: [{ hostname: 'laptop-7' }, { ip: '192.168.64.5' }],
	});
	const current = {
		type: 'dns',
		domain: 'some-bad-website.example',
		internalip: row.internalIp,
		externalip: row.externalIp,
		timestamp: Date.parse(row.datetime),
		categories: [{ id: 66, label: 'Malware', type: 'security' }],
		identities: [{ id: 1, label: row.originLabel, type: { id: 34, type: 'anyconnect' } }],
	};
	expect({ ...toDetection(current, { securityOnly: true }), id: '' }).toEqual({ ...detection, id: '' });
});

it.each([
	['Anyconnect Roaming Client', 'LAPTOP-7', [{ hostname: 'laptop-7' }, { ip: '192.168.64.5' }]],
	['Roaming Computers', 'LAPTOP-7', [{ hostname: 'laptop-7' }, { ip: '192.168.64.5' }]],
	['AD Computers', 'LAPTOP-7$', [{ hostname: 'laptop-7', ip: '192.168.64.5' }]],
	['AD Users', 'Jane Roe (jroe@corp.example)', [{ user: 'jroe@corp.example', ip: '192.168.64.5' }]],
	['Networks', 'Headquarters', [{ ip: '192.168.64.5' }]],
	['Sites', 'Default Site', [{ ip: '192.168.64.5' }]],
	[undefined, 'LAPTOP-7', [{ ip: '192.168.64.5' }]],
	['Anyconnect Roaming Client', 'unknown', [{ ip: '192.168.64.5' }]],
])('origin %s "%s"', (originType, originLabel, targets) => {
	expect(toLegacyDetection({ ...row, originType, originLabel })?.targets).toEqual(targets);
});

it.each([
	[['Malware', 'Command and Control'], '64', 'Critical', ['Command and Control', 'Malware']],
	[['Software/Technology', 'newly seen domains'], '108', 'Low', ['Newly Seen Domains']],
	[['Our Block List'], 'Our Block List', 'Medium', ['Our Block List']],
	[[], 'dns', 'Unknown', []],
	['Malware', 'dns', 'Unknown', []],
])('categories %j', (categories, id, severity, names) => {
	expect(toLegacyDetection({ ...row, categories })).toMatchObject({
		eventType: { id },
		severity,
		categories: names,
	});
});

it.each([
	['198.51.100.7', [{ type: 'ip', value: '198.51.100.7' }]],
	[
		'http://bad.example/x.exe',
		[
			{ type: 'domain', value: 'bad.example' },
			{ type: 'url', value: 'http://bad.example/x.exe' },
		],
	],
	['', []],
])('destination %p', (destination, observables) => {
	expect(toLegacyDetection({ ...row, destination })).toMatchObject({ observables });
});

it('leaves out an internal address that only repeats the external one', () => {
	expect(toLegacyDetection({ ...row, internalIp: row.externalIp })?.targets).toEqual([
		{ hostname: 'laptop-7' },
	]);
});

it.each([
	['2017-11-15T06:34:27.841Z', '2017-11-15T06:34:27.841Z'],
	['2017-11-15T06:34:27', '2017-11-15T06:34:27.000Z'],
	['2017-11-15T08:34:27+02:00', '2017-11-15T06:34:27.000Z'],
])('reads the time %s', (datetime, expected) => {
	expect(new Date(legacyTime({ datetime }) ?? 0).toISOString()).toBe(expected);
});

it.each(['', 'yesterday', undefined, 7])('gives nothing for a row with the time %p', (datetime) => {
	expect(toLegacyDetection({ ...row, datetime })).toBeUndefined();
});

it('keeps the row when asked to', () => {
	expect(toLegacyDetection(row, { keepRaw: true })?.raw).toBe(row);
	expect(toLegacyDetection(row)).not.toHaveProperty('raw');
});

it('has an id that depends on who, what and when, not on the verdict', () => {
	const id = legacyRecordId(row);
	expect(legacyRecordId({ ...row, actionTaken: 'ALLOWED', categories: [] })).toBe(id);
	for (const change of [
		{ destination: 'other.example' },
		{ datetime: '2017-11-15T06:34:27.842Z' },
		{ originId: 1 },
		{ internalIp: '192.168.64.6' },
	]) {
		expect(legacyRecordId({ ...row, ...change })).not.toBe(id);
	}
});

it('gives rows once, oldest first, whatever their order', () => {
	const rows = [0, 1, 2, 3].map((second) => ({ ...row, datetime: `2017-11-15T06:34:0${second}.000Z` }));
	fc.assert(
		fc.property(fc.shuffledSubarray([...rows, ...rows], { minLength: 8 }), (shuffled) => {
			const { detections, records } = legacyActivity(shuffled);
			expect(records).toEqual(rows);
			expect(detections).toEqual(rows.map((one) => toLegacyDetection(one)));
		}),
	);
});

it('never throws, and gives a time in ISO 8601', () => {
	const wild = fc.record(
		Object.fromEntries(Object.keys(row).map((key) => [key, fc.jsonValue()])) as Record<
			string,
			fc.Arbitrary<unknown>
		>,
		{ requiredKeys: [] },
	);
	const nearly = wild.map((change) => ({ ...row, ...change, datetime: row.datetime }));
	fc.assert(
		fc.property(fc.oneof(fc.jsonValue(), wild, nearly), (any) => {
			const detection = toLegacyDetection(any);
			if (detection) expect(new Date(detection.occurredAt).toISOString()).toBe(detection.occurredAt);
		}),
	);
});
