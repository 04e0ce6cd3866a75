import type { IDataObject } from 'n8n-workflow';
import { createIse } from '../../../../lab/vendors/ise';
import { CiscoIse } from '../../../../nodes/CiscoIse/CiscoIse.node';
import { LAPTOP, LAPTOP_WIFI, SERVER, send, testLab } from '../../lab/vendors/support';
import { fakeExecute, type FakeServer } from '../support/fakeContext';

/** The node against the lab's ISE, which was written from Cisco's documents alone and notes every broken rule. */
function setUp(more: IDataObject = {}) {
	const ise = createIse(testLab());
	const violations: string[] = [];
	const server: FakeServer = async ({ method, url, headers, body }) => {
		const answer = await send(ise, method, url.href, { headers, body });
		if (answer.violation) violations.push(answer.violation);
		return { status: answer.status, headers: answer.headers, body: answer.body };
	};
	const ciscoRtcIseApi = {
		primaryUrl: 'https://ise.lab.example:9060',
		secondaryUrl: 'https://ise2.lab.example:9060',
		username: 'ers-admin',
		password: 'ers-lab-1',
		...more,
	};
	const run = async (parameters: IDataObject | IDataObject[]) => {
		const context = fakeExecute({ parameters, credentials: { ciscoRtcIseApi }, server });
		const [output] = await new CiscoIse().execute.call(context);
		return output.map(({ json }) => json);
	};
	return { ise, run, violations, bindings: () => ise.state().ancBindings as IDataObject[] };
}

const policy = 'Quarantine';
const onEndpoints = (operation: string, macAddresses: string[]) => ({
	resource: 'ancEndpoint',
	operation,
	policyName: policy,
	identifyBy: 'macAddress',
	macAddresses,
});

it.each([[false], [true]])('quarantines and frees a laptop, CSRF check %s', async (csrf) => {
	const { ise, run, violations, bindings } = setUp({ csrfCheck: csrf });
	ise.setFault('csrf', csrf);
	await run({ resource: 'ancPolicy', operation: 'create', name: policy, ancAction: 'QUARANTINE' }).catch(
		() => undefined,
	);
	const twice = onEndpoints('apply', [LAPTOP, LAPTOP_WIFI]);
	const applied = await run([twice, twice]);
	expect(applied.map(({ allApplied }) => allApplied)).toEqual([true, true]);
	expect(bindings().map(({ mac }) => mac)).toEqual([LAPTOP, LAPTOP_WIFI]);

	const cleared = await run(onEndpoints('clear', [LAPTOP, LAPTOP_WIFI, SERVER]));
	expect(cleared[0]).toMatchObject({
		allCleared: true,
		endpoints: [{ status: 'cleared' }, { status: 'cleared' }, { status: 'notBound' }],
	});
	expect(bindings()).toEqual([]);
	expect(violations).toEqual([]);
});

it('finds sessions, reads endpoints and sends changes of authorization without breaking a rule', async () => {
	const { run, violations } = setUp();
	const [found] = await run({
		resource: 'session',
		operation: 'find',
		ipAddresses: '10.1.1.7,10.99.99.99',
		macAddresses: SERVER,
	});
	expect(found).toMatchObject({ macs: [LAPTOP, SERVER], notFound: ['10.99.99.99'] });
	const [endpoint] = await run({ resource: 'endpoint', operation: 'get', endpoint: LAPTOP });
	expect(endpoint.mac).toBe(LAPTOP);
	const [group] = await run({ resource: 'endpointGroup', operation: 'getMany', returnAll: true });
	const updateFields = { groupId: group.id as string, description: 'seen by a test' };
	await run({ resource: 'endpoint', operation: 'update', endpoint: LAPTOP, updateFields });
	const coa = { resource: 'coa', operation: 'reauthenticate', macAddress: LAPTOP, reauthType: '0' };
	expect(await run(coa)).toMatchObject([{ success: true }]);
	expect(await run({ resource: 'session', operation: 'getMany', returnAll: true })).not.toHaveLength(0);
	expect(violations).toEqual([]);
});
