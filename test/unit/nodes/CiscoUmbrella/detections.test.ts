import fc from 'fast-check';
import type { Detection } from '../../../../ledger';
import { parseDetection } from '../../../../ledger/parseDetection';
import { toDetection, toDetections } from '../../../../nodes/CiscoUmbrella/detections';
import ampRetrospective from '../../../fixtures/umbrella/activity-amp-retrospective-example.json';
import dnsPage from '../../../fixtures/umbrella/activity-dns.json';
import firewall from '../../../fixtures/umbrella/activity-firewall-example.json';
import intrusion from '../../../fixtures/umbrella/activity-intrusion-example.json';
import proxy from '../../../fixtures/umbrella/activity-proxy-example.json';
import security from '../../../fixtures/umbrella/activity-security-example.json';

const SECURITY = { securityOnly: true };
const EVERYTHING = { securityOnly: false };

const identity = (type: string, label: string, id = 7) => ({
	id,
	label,
	type: { id: 1, type, label: '' },
	deleted: false,
});

const beacon = {
	type: 'dns',
	domain: 'Evil.Example.',
	querytype: 'A',
	verdict: 'blocked',
	internalip: '10.1.33.33',
	externalip: '198.51.100.9',
	timestamp: 1731002169000,
	categories: [
		{ id: 108, label: 'Newly Seen Domains', type: 'security' },
		{ id: 64, label: 'Command and Control', type: 'security' },
		{ id: 25, label: 'Software/Technology', type: 'content' },
	],
	identities: [
		identity('anyconnect', 'LAPTOP-7', 1),
		identity('directory_user', 'Jane Roe (jroe@corp.example)', 2),
		identity('site', 'Head office', 3),
	],
	threats: [],
};

describe('toDetection', () => {
	it('turns a blocked DNS request into a detection of its worst category', () => {
		expect(toDetection(beacon, SECURITY)).toEqual({
			id: expect.stringMatching(/^umbrella:[0-9a-f]{64}$/) as string,
			source: 'umbrella',
			eventType: { id: '64', name: 'Command and Control' },
			categories: ['Command and Control', 'Newly Seen Domains'],
			severity: 'Critical',
			occurredAt: '2024-11-07T17:56:09.000Z',
			observables: [{ type: 'domain', value: 'evil.example' }],
			targets: [{ hostname: 'laptop-7', user: 'jroe@corp.example', ip: '10.1.33.33' }],
		});
	});

	it.each(['roaming', 'anyconnect', 'mobile_device'])('keeps the address that a %s client has at home apart from it', (type) => {
		const record = { ...beacon, internalip: '192.168.1.105', identities: [identity(type, 'LAPTOP-7')] };
		const { targets, observables } = toDetection(record, SECURITY) as Detection;
		expect(targets).toEqual([{ hostname: 'laptop-7' }, { ip: '192.168.1.105' }]);
		expect(observables).toEqual([{ type: 'domain', value: 'evil.example' }]);
	});

	it('reads the documented example: threat names are categories, ransomware is critical, a site is no target', () => {
		expect(toDetection(security, SECURITY)).toMatchObject({
			eventType: { id: '66', name: 'Malware' },
			categories: ['Malware', 'Ransomware', 'Wannacry'],
			severity: 'Critical',
			targets: [],
		});
	});

	it('ignores an internal address that only repeats the external one', () => {
		const [, target] = [security, { ...beacon, identities: [], internalip: '198.51.100.9' }];
		expect(toDetection(target, SECURITY)?.targets).toEqual([]);
	});

	it.each(['', '0.0.0.0', '127.0.0.1', '169.254.3.4', '::', 'fe80::1', 'n/a', null, undefined])(
		'takes %p for no address',
		(internalip) => {
			const detection = toDetection({ ...beacon, identities: [], internalip }, SECURITY);
			expect(detection?.targets).toEqual([]);
		},
	);

	it.each([
		['roaming', 'DESKTOP-IIQVPJ7', { hostname: 'desktop-iiqvpj7' }],
		['directory_computer', 'PC1$', { hostname: 'pc1' }],
		['mobile_device', 'Jane iPhone', { hostname: 'jane iphone' }],
		['directory_user', 'Jane Roe (jroe@corp.example)', { user: 'jroe@corp.example' }],
		['directory_user', 'JROE@corp.example', { user: 'jroe@corp.example' }],
		['directory_user', 'Jane Roe (Finance) (CORP\\jroe)', { user: 'corp\\jroe' }],
		['directory_user', 'John Doe (Contractor)', { user: 'john doe (contractor)' }],
	])('reads the identity type %s with label %s', (type, label, target) => {
		const record = { ...beacon, internalip: '', identities: [identity(type, label)] };
		expect(toDetection(record, SECURITY)?.targets).toEqual([target]);
	});

	it.each(['network', 'site', 'internal_network', 'directory_group', 'network_device'])(
		'takes the identity type %s for no target',
		(type) => {
			const record = { ...beacon, internalip: '', identities: [identity(type, 'Somewhere')] };
			expect(toDetection(record, SECURITY)?.targets).toEqual([]);
		},
	);

	it('names a computer once, and gives further users a target of their own', () => {
		const identities = [
			identity('anyconnect', 'LAPTOP-7', 1),
			identity('directory_computer', 'laptop-7.corp.example', 2),
			identity('directory_user', 'a@corp.example', 3),
			identity('directory_user', 'b@corp.example', 4),
		];
		expect(toDetection({ ...beacon, identities }, SECURITY)?.targets).toEqual([
			{ hostname: 'laptop-7', user: 'a@corp.example' },
			{ user: 'b@corp.example' },
			{ ip: '10.1.33.33' },
		]);
	});

	it('gives a proxied download its URL, domain, server and hash', () => {
		const sha256 = 'A'.repeat(64);
		const record = {
			...proxy,
			url: 'https://Files.Example/a?b=1',
			destinationip: '203.0.113.5',
			sha256,
			amp: { disposition: 'MALICIOUS', score: 99, malware: 'W32.Trojan' },
		};
		expect(toDetection(record, SECURITY)).toMatchObject({
			eventType: { id: 'proxy', name: 'Proxy' },
			categories: ['W32.Trojan'],
			severity: 'High',
			observables: [
				{ type: 'domain', value: 'files.example' },
				{ type: 'url', value: 'https://Files.Example/a?b=1' },
				{ type: 'ip', value: '203.0.113.5' },
				{ type: 'sha256', value: 'a'.repeat(64) },
			],
			targets: [{ hostname: "vincent's macbook" }, { ip: '192.168.1.43' }],
		});
	});

	it('takes the internal end of a firewall flow as target, whichever end it is', () => {
		const inbound = { ...firewall, sourceip: '52.8.160.247', destinationip: '192.168.0.1' };
		for (const record of [firewall, inbound]) {
			expect(toDetection(record, SECURITY)).toMatchObject({
				targets: [{ ip: '192.168.0.1' }],
				observables: [{ type: 'ip', value: '52.8.160.247' }],
			});
		}
	});

	it('takes every intrusion for a detection, with the rule as category', () => {
		expect(toDetection(intrusion, SECURITY)).toMatchObject({
			eventType: { id: 'intrusion', name: 'Intrusion' },
			categories: ['malicious', intrusion.signature.label],
			severity: 'High',
			occurredAt: '2020-07-12T12:34:22.000Z',
			targets: [{ hostname: 'omerta', ip: '10.10.10.10' }],
		});
	});

	it('reads AMP retrospective seconds, and its host name as the server of the file', () => {
		expect(toDetection(ampRetrospective, SECURITY)).toBeUndefined();
		expect(toDetection({ ...ampRetrospective, disposition: 'malicious' }, SECURITY)).toMatchObject({
			eventType: { id: 'amp-retrospective', name: 'AMP Retrospective' },
			severity: 'High',
			occurredAt: '2019-01-24T06:31:46.000Z',
			observables: [
				{ type: 'domain', value: 'google.com' },
				{ type: 'sha256', value: ampRetrospective.sha256 },
			],
			targets: [],
		});
	});

	it('leaves harmless activity out only when asked to', () => {
		expect(toDetections(dnsPage.data, SECURITY)).toEqual([]);
		const all = toDetections(dnsPage.data, EVERYTHING);
		expect(all.map(({ eventType, severity }) => [eventType.id, severity])).toEqual([
			['dns', 'Unknown'],
			['dns', 'Unknown'],
			['dns', 'Unknown'],
		]);
		expect(all.map(({ occurredAt }) => occurredAt)).toEqual(
			[...all.map(({ occurredAt }) => occurredAt)].sort(),
		);
	});

	it('keeps the record only when asked to', () => {
		expect(toDetection(beacon, SECURITY)).not.toHaveProperty('raw');
		expect(toDetection(beacon, { ...SECURITY, keepRaw: true })?.raw).toBe(beacon);
	});

	it('keeps the id when categories, verdict or the order of identities change', () => {
		const again = {
			...beacon,
			verdict: 'allowed',
			categories: [],
			identities: [...beacon.identities].reverse(),
		};
		expect(toDetection(again, EVERYTHING)?.id).toBe(toDetection(beacon, EVERYTHING)?.id);
	});

	it.each([
		['timestamp', 1731002170000],
		['domain', 'other.example'],
		['internalip', '10.1.33.34'],
		['querytype', 'AAAA'],
		['type', 'proxy'],
		['url', 'http://evil.example/x'],
		['identities', [identity('anyconnect', 'LAPTOP-8', 9)]],
	])('gives another id to a record with another %s', (field, value) => {
		expect(toDetection({ ...beacon, [field]: value }, EVERYTHING)?.id).not.toBe(
			toDetection(beacon, EVERYTHING)?.id,
		);
	});

	it.each([
		['security category', { categories: beacon.categories, threats: [] }, { eventType: { id: '64', name: 'Command and Control' } }],
		['threat', { categories: [], threats: [{ label: 'Wannacry', type: 'Ransomware' }] }, { eventType: { id: 'other', name: 'Other' } }],
	])('reads a record of a kind that is new, with a %s', (_, marks, expected) => {
		const record = { ...beacon, type: 'ztna', destinationip: '203.0.113.5', ...marks };
		expect(toDetection(record, SECURITY)).toMatchObject({
			...expected,
			severity: 'Critical',
			observables: [{ type: 'domain', value: 'evil.example' }, { type: 'ip', value: '203.0.113.5' }],
			targets: [{ hostname: 'laptop-7' }],
		});
	});

	it('skips a harmless record of a kind that is new', () => {
		expect(toDetection({ ...beacon, type: 'ztna', categories: [] }, EVERYTHING)).toBeUndefined();
	});

	it.each([
		[{ date: '2024-11-07', time: '17:56:09' }, '2024-11-07T17:56:09.000Z'],
		[{ timestamp: 'soon', date: '2024-11-07', time: '17:56:09' }, '2024-11-07T17:56:09.000Z'],
		[{ date: '2024-11-07' }, undefined],
		[{}, undefined],
	])('takes the time from %j', (time, expected) => {
		expect(toDetection({ ...beacon, timestamp: undefined, ...time }, SECURITY)?.occurredAt).toBe(expected);
	});

	it.each([
		['a long URL', { type: 'proxy', url: `https://a.example/${'x'.repeat(5_000)}` }],
		['a URL with control characters', { type: 'proxy', url: 'https://a.example/\u0000x\ny' }],
		['a long label', { categories: [{ id: 1, label: 'x'.repeat(600), type: 'security' }] }],
		['a long ID', { categories: [{ id: 'x'.repeat(600), type: 'security' }] }],
		['a control character in a threat', { threats: [{ label: 'Wanna\u0007cry', type: 'x'.repeat(300) }] }],
		['many threats', { threats: Array.from({ length: 70 }, (_, i) => ({ label: `threat ${i}` })) }],
		['many users', { identities: Array.from({ length: 300 }, (_, i) => identity('directory_user', `u${i}`, i)) }],
		['a long domain', { domain: `${'x'.repeat(300)}.example` }],
	])('gives what the ledger takes for %s', (_, fields) => {
		expect(parseDetection(toDetection({ ...beacon, ...fields }, SECURITY), beacon.timestamp)).toMatchObject({ ok: true });
	});

	it('gives what the ledger takes for any text in any field', () => {
		const text = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ minLength: 200, maxLength: 6_000 }), fc.webUrl());
		const names = Object.keys({ ...beacon, ...proxy, ...firewall, ...intrusion, ...ampRetrospective });
		const texts = names.filter((name) => !['type', 'timestamp'].includes(name));
		const record = fc.record({
			...Object.fromEntries(texts.map((name) => [name, text])),
			type: fc.constantFrom('dns', 'proxy', 'firewall', 'intrusion', 'ip', 'ztna', ''),
			timestamp: fc.constant(beacon.timestamp),
			categories: fc.array(fc.record({ id: text, label: text, type: fc.constant('security') }), { maxLength: 3 }),
			threats: fc.array(fc.record({ label: text, type: text })),
			amp: fc.record({ malware: text, disposition: text }),
			identities: fc.array(fc.record({ id: text, label: text, type: fc.constantFrom('roaming', 'user') })),
		});
		fc.assert(
			fc.property(record, (one) => {
				for (const detection of toDetections([one], EVERYTHING)) {
					expect(parseDetection(detection, beacon.timestamp)).toMatchObject({ ok: true });
				}
			}),
		);
	});

	it('never throws, whatever JSON comes, and what it gives is well-formed', () => {
		const wild = fc.record(
			Object.fromEntries(
				Object.keys({ ...beacon, ...proxy, ...firewall, ...intrusion }).map((key) => [key, fc.jsonValue()]),
			),
			{ requiredKeys: [] },
		);
		const nearly = wild.map((record) => ({ ...beacon, ...record }));
		fc.assert(
			fc.property(fc.oneof(fc.jsonValue(), wild, nearly), fc.boolean(), (record, securityOnly) => {
				for (const { id, occurredAt, targets, observables } of toDetections([record], { securityOnly })) {
					expect(id).toMatch(/^umbrella:[0-9a-f]{64}$/);
					expect(new Date(occurredAt).toISOString()).toBe(occurredAt);
					for (const target of targets)
						expect(Object.values(target).every((value) => value !== '')).toBe(true);
					for (const { value } of observables) expect(value).not.toBe('');
				}
			}),
		);
	});

	it('gives the same detections whatever order the records come in, and each once', () => {
		const records = [beacon, proxy, firewall, intrusion, ...dnsPage.data, beacon];
		fc.assert(
			fc.property(fc.shuffledSubarray(records, { minLength: records.length }), (shuffled) => {
				expect(toDetections(shuffled, EVERYTHING)).toEqual(toDetections(records, EVERYTHING));
			}),
		);
		expect(toDetections(records, EVERYTHING)).toHaveLength(records.length - 1);
	});
});
