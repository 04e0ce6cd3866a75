import { isSameUser } from '../../../../nodes/CiscoIse/addresses';

it.each([
	['jdoe', 'CORP\\jdoe', true],
	['jdoe', 'jdoe@corp.example', true],
	['jdoe', 'CORP\\jdoe,host/PC1.corp.example', true],
	['jdoe', 'jdoe@corp.example, host/PC1.corp.example', true],
	['JDoe', 'host/PC1.corp.example,CORP\\jdoe', true],
	['CORP\\jdoe', 'CORP\\jdoe,CORP\\PC1$', true],
	['jdoe', 'CORP\\ada,host/jdoe', false],
	['OTHER\\jdoe', 'CORP\\jdoe,host/PC1.corp.example', false],
	['doe, jane', 'CORP\\doe, jane', true],
	['host/pc1.corp.example', 'host/PC1.corp.example', true],
])('whether %s is the user of a session of %s: %s', (asked, user, expected) => {
	expect(isSameUser(asked, user)).toBe(expected);
});
