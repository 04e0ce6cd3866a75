import fc from 'fast-check';
import { compilePolicy } from '../../../ledger/compiledPolicy';
import { canonicalKey, canonicalMac, canonicalTarget, entitiesOf } from '../../../ledger/entity';
import { canonicalIp, inNetworks, parseAddress, parseNetwork, type Network } from '../../../ledger/network';
import { BALANCED } from '../../../ledger/presets/balanced';

const rules = compilePolicy(BALANCED, 1).identity;
const keeping = compilePolicy(
	{ ...BALANCED, identity: { ...BALANCED.identity, userDomain: 'keep', hostnameDomain: 'keep' } },
	1,
).identity;

describe('canonical forms', () => {
	it.each([
		['00:11:22:aa:bb:cc', '00:11:22:AA:BB:CC'],
		['00-11-22-AA-BB-CC', '00:11:22:AA:BB:CC'],
		['0011.22aa.bbcc', '00:11:22:AA:BB:CC'],
		['001122aabbcc', '00:11:22:AA:BB:CC'],
		['0011-22AA-BBCC', '00:11:22:AA:BB:CC'],
		['00 11 22 AA BB CC', '00:11:22:AA:BB:CC'],
		['0:50:56:ad:27:6f', '00:50:56:AD:27:6F'],
		['00:11:22:aa:bb', undefined],
		['0011.22aa-bbcc', undefined],
		['00:11:22:ff:fe:aa:bb:cc', undefined],
		['00:11-22:aa:bb:cc', undefined],
		['zz:11:22:aa:bb:cc', undefined],
	])('MAC %s is %s', (text, mac) => expect(canonicalMac(text)).toBe(mac));

	it.each([
		['10.0.0.1', '10.0.0.1'],
		['010.0.0.1', undefined],
		['10.0.0.256', undefined],
		['2001:DB8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
		['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
		['::', '::'],
		['::ffff:192.168.1.1', '192.168.1.1'],
		['::ffff:c0a8:0101', '192.168.1.1'],
		['fe80::1%eth0', 'fe80::1'],
		['[fd00::1]', 'fd00::1'],
		['1::2::3', undefined],
		['1:2:3:4:5:6:7', undefined],
		['', undefined],
	])('IP %s is %s', (text, ip) => expect(canonicalIp(text)).toBe(ip));

	it('gives one text per IPv6 address, which reads back as the same address', () => {
		fc.assert(
			fc.property(fc.array(fc.constantFrom(0, 0, 1, 0xdb8, 0xffff), { minLength: 8, maxLength: 8 }), (groups) => {
				const long = groups.map((group) => group.toString(16).padStart(4, '0')).join(':');
				const canonical = canonicalIp(long) as string;
				expect(parseAddress(canonical)).toEqual(parseAddress(long));
				expect(canonicalIp(canonical)).toBe(canonical);
			}),
		);
	});

	it.each([
		['172.16.0.0/12', '172.31.255.255', true],
		['172.16.0.0/12', '172.32.0.0', false],
		['100.64.0.0/10', '100.127.255.255', true],
		['100.64.0.0/10', '100.128.0.0', false],
		['100.64.0.0/10', '100.1.2.3', false],
		['fc00::/7', 'fdff::1', true],
		['fc00::/7', 'fe00::1', false],
		['0.0.0.0/0', '8.8.8.8', true],
		['0.0.0.0/0', '2001:db8::1', false],
		['10.1.2.3', '10.1.2.3', true],
	])('%s contains %s: %s', (cidr, ip, expected) => {
		expect(inNetworks(ip, [parseNetwork(cidr) as Network])).toBe(expected);
	});

	it.each(['10.0.0.0/33', '10.0.0/8', 'fc00::/129', '10.0.0.0/8/8', '10.0.0.0/x', 'home'])('%s is no network', (text) => {
		expect(parseNetwork(text)).toBeUndefined();
	});

	it.each([
		['CORP\\JDoe', 'jdoe'],
		['jdoe@corp.example', 'jdoe'],
		['John Doe (jdoe@corp.example)', 'jdoe'],
		['jdoe', 'jdoe'],
		['host/pc1.corp.example', undefined],
		['CORP\\PC1$', undefined],
		['PC1$@corp.example', undefined],
		['SYSTEM', undefined],
		['root', undefined],
		['SYSTEM@NT AUTHORITY', undefined],
		['NT AUTHORITY\\SYSTEM', undefined],
		['NT AUTHORITY\\Some Service', undefined],
		['DWM-1@Window Manager', undefined],
		['systems.engineer', 'systems.engineer'],
		['CORP\\ceo,host/PC9.corp.example', 'ceo'],
		['host/PC9.corp.example,CORP\\ceo', 'ceo'],
		['CORP\\PC9$,ceo@corp.example', 'ceo'],
		['host/PC9,host/PC10', undefined],
		['doe, john', 'doe, john'],
		['John Doe (CORP\\jdoe)', 'jdoe'],
		['John Doe (Contractor)', 'john doe (contractor)'],
		['AUTORITE NT\\Système', undefined],
		['NT-AUTORITÄT\\SYSTEM', undefined],
		['NT-MYNDIGHET\\x', undefined],
		['ZARZĄDZANIE NT\\x', undefined],
		['AUTORIDADE NT\\SERVIÇO LOCAL', undefined],
		['Servicio de red', undefined],
		['IIS APPPOOL\\DefaultAppPool', undefined],
		['Window Manager\\DWM-3', undefined],
		['UMFD-0', undefined],
		['Font Driver Host\\UMFD-1', undefined],
		['_mbsetupuser', undefined],
		['S-1-5-18', undefined],
		['0', undefined],
		['INVALID', undefined],
		['USERNAME', undefined],
		['S-1-5-21-1-2-3-500', 's-1-5-21-1-2-3-500'],
		['invalidity', 'invalidity'],
		['00-11-22-33-44-55', undefined],
		['00:11:22:33:44:55', undefined],
		['unknown', undefined],
		['N/A', undefined],
		[' ', undefined],
	])('user %s is %s', (text, user) => expect(canonicalKey('user', text, rules)).toBe(user));

	it('keeps domains when the policy says so, in one form', () => {
		expect(canonicalKey('user', 'CORP\\JDoe', keeping)).toBe('jdoe@corp');
		expect(canonicalKey('user', 'jdoe@CORP', keeping)).toBe('jdoe@corp');
		expect(canonicalKey('hostname', 'PC1.Corp.Example.', keeping)).toBe('pc1.corp.example');
	});

	it.each([
		['hostname', 'PC1.corp.example', 'pc1'],
		['hostname', 'no hostname found', undefined],
		['hostname', 'localhost.localdomain', undefined],
		['hostname', '10.0.0.1', undefined],
		['hostname', '10.0.0.5.corp', undefined],
		['hostname', '10.corp', '10'],
		['hostname', 'PC1$', 'pc1'],
		['hostname', 'PC1$@CORP.EXAMPLE', 'pc1'],
		['hostname', 'CORP\\PC1', 'pc1'],
		['hostname', 'host/PC1.corp.example', 'pc1'],
		['hostname', 'localhost', undefined],
		['hostname', 'localhost6.localdomain6', undefined],
		['hostname', 'localhost-7', 'localhost-7'],
		['hostname', '(none)', undefined],
		['hostname', 'WORKGROUP', undefined],
		['mac', '00:05:9A:3C:7A:00', undefined],
		['mac', '00:05:9A:3C:78:00', undefined],
		['mac', '02:00:4C:4F:4F:50', undefined],
		['mac', '02:00:00:00:00:00', undefined],
		['mac', '50:50:54:50:30:30', undefined],
		['mac', '20:41:53:59:4E:FF', undefined],
		['mac', '00:09:0F:FE:00:01', undefined],
		['mac', '00:00:00:00:00:00', undefined],
		['mac', 'ff:ff:ff:ff:ff:ff', undefined],
		['mac', '01:00:5e:00:00:01', undefined],
		['mac', '33:33:00:00:00:fb', undefined],
		['mac', '01:80:c2:00:00:0e', undefined],
		['mac', '87:9c:f8:c6:c9:cf', '87:9C:F8:C6:C9:CF'],
		['mac', '01:00:5f:00:00:01', '01:00:5F:00:00:01'],
		['ip', '0.0.0.0', undefined],
		['ip', '127.0.0.1', undefined],
		['ip', '169.254.3.4', undefined],
		['ip', 'fe80::1', undefined],
		['ip', '::1', undefined],
		['ip', '8.8.8.8', undefined],
		['ip', '172.20.1.1', '172.20.1.1'],
		['ip', 'fd12:0:0::1', 'fd12::1'],
	] as const)('%s %s is %s', (kind, value, key) => expect(canonicalKey(kind, value, rules)).toBe(key));
});

describe('entitiesOf', () => {
	it('punishes each MAC and IP of a laptop once, its hostname once, its user once', () => {
		const nic = (n: number) => ({ mac: `00:11:22:33:44:0${n}`, ip: `10.0.0.${n}`, hostname: 'LT1', user: 'CORP\\jdoe' });
		const seen = entitiesOf({ targets: [nic(1), nic(2), nic(3), { ...nic(3), user: 'jdoe@corp.example' }] }, rules);
		expect(seen.map(({ kind, key }) => `${kind}:${key}`)).toEqual([
			'mac:00:11:22:33:44:01', 'mac:00:11:22:33:44:02', 'mac:00:11:22:33:44:03',
			'hostname:lt1', 'user:jdoe', 'ip:10.0.0.1', 'ip:10.0.0.2', 'ip:10.0.0.3',
		]);
	});

	it.each([
		['Administrator@PC5', 'pc5.corp.example', 'pc5/administrator'],
		['PC5\\Administrator', 'PC5', 'pc5/administrator'],
		['.\\Administrator', 'PC5', 'pc5/administrator'],
		['a@pc5.corp.example', 'PC5.corp.example', 'pc5/a'],
		['a@computer-of-rec', 'computer-of-reception', 'computer-of-reception/a'],
		['jdoe@corp.example', 'pc5.corp.example', 'jdoe'],
		['CORP\\jdoe', 'PC5', 'jdoe'],
		['SYSTEM@PC5', 'PC5', undefined],
	])('the user %s on %s is %s', (user, hostname, key) => {
		expect(canonicalTarget({ user, hostname }, rules).user).toBe(key);
		if (key !== undefined) expect(canonicalKey('user', key, rules)).toBe(key);
	});

	it('makes no entity of what names nobody', () => {
		expect(entitiesOf({ targets: [{ mac: '00:00:00:00:00:00', ip: '203.0.113.9', hostname: 'Unknown', user: '-' }] }, rules)).toEqual([]);
	});
});
