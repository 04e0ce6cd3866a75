import fc from 'fast-check';
import { PRIVATE_NETWORKS } from '../../../../ledger/presets/balanced';
import { parseDetection } from '../../../../ledger/detection';
import {
	toDetection,
	toDetections,
	type DetectionOptions,
} from '../../../../nodes/CiscoSecureNetworkAnalytics/detections';
import { parseNetworks } from '../../../../nodes/CiscoSecureNetworkAnalytics/networks';
import { fixture } from './support';

const options: DetectionOptions = {
	typeNames: new Map([['310', 'Flow_Denied']]),
	internalNetworks: parseNetworks(PRIVATE_NETWORKS),
};
const recorded = fixture<{ data: { results: Record<string, unknown>[] } }>('security-events-results').data
	.results;

/** A recorded event with other fields. */
const event = (more: object = {}) => ({ ...recorded[1], ...more });
const ends = (source: unknown, target: unknown) => ({
	source: { ipAddress: source },
	target: { ipAddress: target },
});
const details = (values: Record<string, unknown>) =>
	Object.entries(values).map(([key, value]) => ({ key, value }));
const detectionOf = (json: unknown) => toDetection(json, options)!;

it('reads recorded events, oldest first', () => {
	expect(toDetections(recorded, options)).toEqual([
		{
			id: 'secureNetworkAnalytics:121-4686-310-1612435470000',
			source: 'secureNetworkAnalytics',
			eventType: { id: '310', name: 'Flow_Denied' },
			categories: ['high-concern-index', 'high-target-index', 'high-recon-index'],
			severity: 'High',
			occurredAt: '2021-02-04T10:44:30.000Z',
			observables: [{ type: 'ip', value: '192.168.91.12' }],
			targets: [{ ip: '172.16.100.4' }],
		},
		{
			id: 'secureNetworkAnalytics:121-5223-310-1612444838000',
			source: 'secureNetworkAnalytics',
			eventType: { id: '310', name: 'Flow_Denied' },
			categories: ['high-concern-index', 'high-target-index', 'high-recon-index'],
			severity: 'Low',
			occurredAt: '2021-02-04T13:20:38.000Z',
			observables: [{ type: 'ip', value: '52.109.8.21' }],
			targets: [{ ip: '192.168.91.6' }],
		},
	]);
});

it('stays the same detection while the event goes on', () => {
	const later = event({ hitCount: 9_999, lastActiveTime: '2021-02-04T19:00:00.000+0000' });
	expect(detectionOf(later).id).toBe(detectionOf(event()).id);
	expect(detectionOf(later).occurredAt).toBe(detectionOf(event()).occurredAt);
});

it.each([
	['device', { deviceId: 122 }],
	['event', { id: 4687 }],
	['type', { securityEventType: 311 }],
	['start', { firstActiveTime: '2021-02-05T10:44:30.000+0000' }],
])('is another detection with another %s', (_field, more) => {
	expect(detectionOf(event(more)).id).not.toBe(detectionOf(event()).id);
});

it.each([
	['id', { id: undefined }],
	['device', { deviceId: null }],
	['id that was rounded', { id: 2 ** 60 }],
])('has a derived id without %s, which tells hosts apart', (_field, more) => {
	const one = detectionOf(event(more));
	expect(one.id).toMatch(/^secureNetworkAnalytics:derived-[0-9a-f]{32}$/);
	expect(detectionOf(event({ ...more, hitCount: 5, lastActiveTime: undefined })).id).toBe(one.id);
	expect(detectionOf(event({ ...more, ...ends('10.0.0.1', '10.0.0.2') })).id).not.toBe(one.id);
});

it('keeps the digits of large ids', () => {
	expect(detectionOf(event({ id: '1152921504606846977' })).id).toContain('-1152921504606846977-');
});

describe('which end is ours', () => {
	it.each([
		['the source inside', '10.1.2.3', '203.0.113.9', ['10.1.2.3'], ['203.0.113.9']],
		['the target inside', '203.0.113.9', '10.1.2.3', ['10.1.2.3'], ['203.0.113.9']],
		['both inside: who did it', '10.1.2.3', '10.1.2.4', ['10.1.2.3'], ['10.1.2.4']],
		['both outside: nobody', '203.0.113.9', '198.51.100.1', [], ['203.0.113.9', '198.51.100.1']],
		['172.16/12 ends at 172.31', '172.31.255.255', '172.32.0.1', ['172.31.255.255'], ['172.32.0.1']],
		['100.64/10 is ours, 100.1 is not', '100.1.2.3', '100.64.0.1', ['100.64.0.1'], ['100.1.2.3']],
		['IPv6', 'fd00::1', '2001:db8::1', ['fd00::1'], ['2001:db8::1']],
		['no target', '10.1.2.3', undefined, ['10.1.2.3'], []],
		['unspecified target', '10.1.2.3', '0.0.0.0', ['10.1.2.3'], []],
		['no source', '', '10.1.2.3', ['10.1.2.3'], []],
		['nonsense', 'x.x.x.x', 'unknown', [], []],
	])('%s', (_name, source, target, targetIps, observed) => {
		const detection = detectionOf(event({ ...ends(source, target), details: [] }));
		expect(detection.targets).toEqual(targetIps.map((ip) => ({ ip })));
		expect(detection.observables).toEqual(observed.map((value) => ({ type: 'ip', value })));
	});

	it('follows the networks that it is told', () => {
		const internalNetworks = parseNetworks(['203.0.113.0/24']);
		const json = event({ ...ends('10.1.2.3', '203.0.113.9'), details: [] });
		expect(toDetection(json, { ...options, internalNetworks })!.targets).toEqual([{ ip: '203.0.113.9' }]);
	});

	it.each(['10.0.0.0/33', '10.0.0', 'intranet'])('does not take %s for a network', (text) => {
		expect(() => parseNetworks(['10.0.0.0/8', text])).toThrow(text);
	});
});

describe('user and MAC address', () => {
	const known = details({
		'source_host@username': 'CORP\\Ada',
		'source_host@mac_address': '00-1b-aa-00-00-01',
		'target_host@username': 'bob',
		'target_host@mac_address': '001baa000002',
	});

	it('are those of our end', () => {
		expect(detectionOf(event({ ...ends('10.1.2.3', '10.1.2.4'), details: known })).targets).toEqual([
			{ ip: '10.1.2.3', mac: '00:1B:AA:00:00:01', user: 'corp\\ada' },
		]);
		expect(detectionOf(event({ ...ends('203.0.113.9', '10.1.2.4'), details: known })).targets).toEqual([
			{ ip: '10.1.2.4', mac: '00:1B:AA:00:00:02', user: 'bob' },
		]);
	});

	it('are left out when they name nobody', () => {
		const empty = details({
			'source_host@username': 'N/A',
			'source_host@mac_address': '00:00:00:00:00:00',
		});
		expect(detectionOf(event({ details: empty })).targets).toEqual([{ ip: '172.16.100.4' }]);
	});
});

it.each([
	[{ points: '0' }, 'Unknown', []],
	[{ points: '162' }, 'Low', []],
	[{ points: 10_000 }, 'Medium', []],
	[{ points: '100000' }, 'High', []],
	[{ points: 'many' }, 'Unknown', []],
	[{ 'category_points@high-recon-index': '5' }, 'Low', ['high-recon-index']],
	[{ 'category_points@high-concern-index': '20000' }, 'Medium', ['high-concern-index']],
	[{ 'category_points@high-data-hoarding-index': '5' }, 'Medium', ['high-data-hoarding-index']],
	[{ 'category_points@high-exfiltration-index': '5' }, 'High', ['high-exfiltration-index']],
	[{ 'category_points@high-command-and-control-index': '5' }, 'Critical', ['high-command-and-control-index']],
	[{ 'category_points@high-command-and-control-index': '0', points: '1' }, 'Low', []],
])('of %j the severity is %s', (values, severity, categories) => {
	expect(detectionOf(event({ details: details(values) }))).toMatchObject({ severity, categories });
});

it('goes by the id where the type has no name, and keeps the event when asked to', () => {
	expect(detectionOf(event({ securityEventType: 999 })).eventType).toEqual({ id: '999', name: '999' });
	expect(detectionOf(event())).not.toHaveProperty('raw');
	expect(toDetection(recorded[0], { ...options, keepRaw: true })!.raw).toEqual(recorded[0]);
});

it.each([[null], [[]], ['text'], [{}], [{ firstActiveTime: 'yesterday' }], [{ firstActiveTime: -5 }]])(
	'%j is no event',
	(value) => expect(toDetection(value, options)).toBeUndefined(),
);

it('reads the forms of time that managers use', () => {
	for (const firstActiveTime of ['2021-02-04T10:44:30Z', '2021-02-04T11:44:30.000+0100', 1612435470000]) {
		expect(detectionOf(event({ firstActiveTime })).id).toBe(detectionOf(event()).id);
	}
});

describe('any JSON', () => {
	const anything = fc.jsonValue({ maxDepth: 4 });
	const detail = fc.record({
		key: fc.oneof(
			fc.constantFrom('source_host@mac_address', 'source_host@username', 'category_points@x', 'points'),
			fc.string(),
			fc.string({ minLength: 200, maxLength: 600 }).map((name) => `category_points@${name}`),
		),
		value: anything,
	});
	const almostAnEvent = fc.record(
		{
			id: anything,
			deviceId: anything,
			domainId: anything,
			securityEventType: anything,
			firstActiveTime: fc.oneof(anything, fc.constant('2021-02-04T10:44:30.000+0000')),
			lastActiveTime: anything,
			source: fc.oneof(anything, fc.record({ ipAddress: fc.oneof(anything, fc.ipV4(), fc.ipV6()) })),
			target: fc.oneof(anything, fc.record({ ipAddress: fc.oneof(anything, fc.ipV4(), fc.ipV6()) })),
			details: fc.oneof(anything, fc.array(detail)),
		},
		{ requiredKeys: [] },
	);

	it('gives no error, and only detections that the ledger takes', () => {
		const property = fc.property(fc.oneof(anything, almostAnEvent), (json) => {
			const detection = toDetection(json, options);
			if (detection === undefined || detection.occurredAt < '2000') return;
			const nowMs = Date.parse(detection.occurredAt);
			expect(parseDetection(detection, nowMs)).toMatchObject({ ok: true });
			expect(toDetection(JSON.parse(JSON.stringify(json)), options)).toEqual(detection);
		});
		fc.assert(property, { numRuns: 500 });
	});
});
