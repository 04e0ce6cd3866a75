import { canonicalPattern } from '../../../ledger/patterns';
import { ACTOR, detection, newLedger, PERSON, plainPolicy } from './helpers';

const STRIP = { keepUserDomain: false, keepHostnameDomain: false };
const KEEP = { keepUserDomain: true, keepHostnameDomain: true };

it.each([
	['hostname', 'dc*.corp.example', STRIP, 'dc*'],
	['hostname', 'dc*.corp.example', KEEP, 'dc*.corp.example'],
	['hostname', 'CORP\\DC*', STRIP, 'DC*'],
	['hostname', 'host/DC*.corp.example', KEEP, 'DC*.corp.example'],
	['hostname', 'DC*$', STRIP, 'DC*'],
	['hostname', '*', STRIP, '*'],
	['hostname', '*.corp.example', STRIP, undefined],
	['user', 'CORP\\svc-*', STRIP, 'svc-*'],
	['user', 'svc-*@corp.example', STRIP, 'svc-*'],
	['user', 'CORP\\svc-*', KEEP, 'svc-*@CORP'],
	['user', 'CORP\\*', STRIP, undefined],
	['mac', '00-11-22-*', STRIP, '00:11:22*'],
	['mac', '0011.22*', STRIP, '00:11:22*'],
	['mac', '001b2*', STRIP, '00:1B:2*'],
	['mac', '*-33-44-55', STRIP, '*33:44:55'],
	['mac', '00 11 22 *', STRIP, '00:11:22*'],
	['mac', '*334455', STRIP, '*33:44:55'],
	['mac', 'switch*', STRIP, undefined],
	['endpointProfile', 'Cisco.IP-Phone*', STRIP, 'Cisco.IP-Phone*'],
] as const)('%s %s', (type, value, domains, expected) => {
	expect(canonicalPattern(type, value, domains)).toBe(expected);
});

describe('protected patterns', () => {
	it.each([
		['hostname', 'dc*.corp.example'],
		['user', 'CORP\\svc-*'],
		['mac', '00-11-22-*'],
	] as const)('%s %s protects', async (type, value) => {
		const test = await newLedger(plainPolicy());
		await test.ledger.protect({ type, value, reason: 'important' }, PERSON);
		const target = { mac: '00:11:22:33:44:55', hostname: 'dc1.corp.example', user: 'CORP\\svc-1' };
		const result = await test.ledger.score([detection({ penalty: 90, targets: [target] })], { actor: ACTOR });
		expect(result).toMatchObject({ contain: [], needsApproval: [] });
		expect(result.refused[0].decision).toMatchObject({ guard: 'protected' });
		await test.close();
	});

	it.each(['administrator', 'admin*', 'pc5/administrator', 'PC5\\Administrator'])('%s protects a computer by its own account', async (value) => {
		const test = await newLedger(plainPolicy());
		await test.ledger.protect({ type: 'user', value, reason: 'important' }, PERSON);
		const { refused } = await test.ledger.score([detection({ penalty: 90, targets: [{ hostname: 'pc5', user: 'Administrator@PC5' }] })], { actor: ACTOR });
		expect(refused[0].decision).toMatchObject({ guard: 'protected' });
		await test.close();
	});

	it('that would match everything are refused', async () => {
		const test = await newLedger(plainPolicy());
		await expect(test.ledger.protect({ type: 'hostname', value: '*.corp.example', reason: 'x' }, PERSON)).rejects.toThrow('names only a domain');
		const policy = plainPolicy({ protected: [{ type: 'user', value: 'CORP\\*', reason: 'x' }] });
		await expect(test.ledger.updatePolicy(policy, PERSON, 'x')).rejects.toThrow('protected[0].value names only a domain');
		await test.close();
	});
});
