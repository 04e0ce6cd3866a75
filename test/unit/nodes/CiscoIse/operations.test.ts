import type { ICredentialsDecrypted, ICredentialTestFunctions, IDataObject } from 'n8n-workflow';
import { CiscoIse } from '../../../../nodes/CiscoIse/CiscoIse.node';
import { fakeExecute, type FakeAnswer, type FakeServer } from '../support/fakeContext';
import { credentials, ersError, fixture } from './fakeIse';

const MAC = '00:50:56:8B:95:4A';

/** Answers by method and path (with query); anything else is a mistake of the node. */
const serverOf =
	(answers: Record<string, FakeAnswer>): FakeServer =>
	({ method, url }) => {
		const path = url.pathname.replace('/ers/config', '').replace('/admin/API/mnt', '');
		return answers[`${method} ${path}`] ?? { status: 418, body: ersError(`Unexpected ${method} ${path}`) };
	};

async function run(answers: Record<string, FakeAnswer>, parameters: IDataObject) {
	const context = fakeExecute({ parameters, credentials, server: serverOf(answers) });
	const [output] = await new CiscoIse().execute.call(context);
	return { json: output.map((item) => item.json), requests: context.requests };
}

describe('ANC policies', () => {
	const policy = {
		body: { ErsAncPolicy: { id: 'p-1', name: 'Guests only', actions: ['QUARANTINE'], link: { href: 'x' } } },
	};

	it('gets one with its action', async () => {
		const parameters = { resource: 'ancPolicy', operation: 'get', policyName: 'Guests only' };
		const { json } = await run({ 'GET /ancpolicy/name/Guests%20only': policy }, parameters);
		expect(json).toEqual([{ id: 'p-1', name: 'Guests only', actions: ['QUARANTINE'] }]);
	});

	it('creates one with exactly one action', async () => {
		const location = 'https://internal:9060/ers/config/ancpolicy/Guests%20only';
		const { json, requests } = await run(
			{ 'POST /ancpolicy': { status: 201, headers: { Location: location } } },
			{ resource: 'ancPolicy', operation: 'create', name: 'Guests only', ancAction: 'PORTBOUNCE' },
		);
		expect(requests[0].body).toEqual({ ErsAncPolicy: { name: 'Guests only', actions: ['PORTBOUNCE'] } });
		expect(json).toEqual([{ id: 'Guests only', name: 'Guests only', actions: ['PORTBOUNCE'] }]);
	});

	it('deletes one by its id', async () => {
		const answers = { 'GET /ancpolicy/name/Guests%20only': policy, 'DELETE /ancpolicy/p-1': { status: 204 } };
		const { json } = await run(answers, {
			resource: 'ancPolicy',
			operation: 'delete',
			policyName: 'Guests only',
		});
		expect(json).toEqual([{ deleted: true }]);
	});
});

describe('endpoints', () => {
	const record = {
		id: 'e-1',
		name: MAC,
		mac: MAC,
		profileId: 'profile-1',
		groupId: 'group-1',
		staticGroupAssignment: false,
		customAttributes: { customAttributes: { owner: 'jdoe', site: 'A' } },
	};
	const stored = { ...record, link: { rel: 'self', href: 'https://internal/e-1' } };
	const answers = {
		'GET /endpoint': {
			body: { SearchResult: { total: 1, resources: [{ id: 'e-1', name: MAC, link: {} }] } },
		},
		'GET /endpoint/e-1': { body: { ERSEndPoint: stored } },
		'PUT /endpoint/e-1': {
			body: {
				UpdatedFieldsList: { updatedField: [{ field: 'groupId', oldValue: 'group-1', newValue: 'group-2' }] },
			},
		},
	};

	it('are found by MAC address', async () => {
		const { json, requests } = await run(answers, {
			resource: 'endpoint',
			operation: 'get',
			endpoint: '0050.568b.954a',
		});
		expect(requests[0].url.searchParams.getAll('filter')).toEqual([`mac.EQ.${MAC}`]);
		expect(json).toEqual([record]);
	});

	it('are read by id without a search', async () => {
		const { requests } = await run(answers, { resource: 'endpoint', operation: 'get', endpoint: 'e-1' });
		expect(requests).toHaveLength(1);
	});

	it('that ISE does not know are named', async () => {
		const none = { 'GET /endpoint': { body: { SearchResult: { total: 0, resources: [] } } } };
		const work = run(none, { resource: 'endpoint', operation: 'get', endpoint: MAC });
		await expect(work).rejects.toThrow(`no endpoint with the MAC address ${MAC}`);
	});

	it('are listed by filters', async () => {
		const filter = [
			{ field: 'groupId', operator: 'EQ', value: 'g' },
			{ field: 'mac', operator: 'STARTSW', value: '00:50' },
		];
		const { json, requests } = await run(answers, {
			resource: 'endpoint',
			operation: 'getMany',
			filters: { filter },
		});
		expect(requests[0].url.searchParams.getAll('filter')).toEqual(['groupId.EQ.g', 'mac.STARTSW.00:50']);
		expect(json).toEqual([{ id: 'e-1', name: MAC }]);
	});

	it('keep everything that is not changed', async () => {
		const updateFields = {
			groupId: 'group-2',
			customAttributes: { attribute: [{ name: 'site', value: 'B' }] },
		};
		const parameters = { resource: 'endpoint', operation: 'update', endpoint: MAC, updateFields };
		const { json, requests } = await run(answers, parameters);
		const changed = {
			...record,
			groupId: 'group-2',
			staticGroupAssignment: true,
			customAttributes: { customAttributes: { owner: 'jdoe', site: 'B' } },
		};
		expect(requests.at(-1)!.body).toEqual({ ERSEndPoint: changed });
		expect(json).toEqual([
			{ ...changed, updatedFields: [{ field: 'groupId', oldValue: 'group-1', newValue: 'group-2' }] },
		]);
	});

	it('are written without what ISE tells only', async () => {
		const told = { ...stored, staticGroupAssignmentDefined: true, addedIn34: 'x' };
		const { requests } = await run(
			{ ...answers, 'GET /endpoint/e-1': { body: { ERSEndPoint: told } } },
			{ resource: 'endpoint', operation: 'update', endpoint: 'e-1', updateFields: { description: 'x' } },
		);
		expect(requests.at(-1)!.body).toEqual({ ERSEndPoint: { ...record, description: 'x' } });
	});

	it('can lose their description, and nothing else', async () => {
		const parameters = {
			resource: 'endpoint',
			operation: 'update',
			endpoint: 'e-1',
			updateFields: { description: '' },
		};
		const { requests } = await run(answers, parameters);
		expect(requests.at(-1)!.body).toEqual({ ERSEndPoint: { ...record, description: '' } });
	});

	it('are not written when nothing is to change', async () => {
		const work = run(answers, {
			resource: 'endpoint',
			operation: 'update',
			endpoint: 'e-1',
			updateFields: {},
		});
		await expect(work).rejects.toThrow('Nothing to update');
	});
});

it.each([
	['ancPolicy', 'get', { policyName: ' ' }, 'ANC Policy Name or ID'],
	['ancPolicy', 'delete', { policyName: '' }, 'ANC Policy Name or ID'],
	['ancEndpoint', 'apply', { policyName: '' }, 'ANC Policy Name or ID'],
	['endpoint', 'get', { endpoint: '' }, 'MAC Address or ID'],
])('%s: %s names the field that is empty', async (resource, operation, fields, field) => {
	await expect(run({}, { resource, operation, ...fields })).rejects.toThrow(field);
});

describe('change of authorization', () => {
	const session = { [`GET /Session/MACAddress/${MAC}`]: { body: fixture('mnt-session.xml') } };
	const answer = (results: boolean) => ({
		body: `<?xml version="1.0"?><remoteCoA requestType="reauth"><results>${results}</results></remoteCoA>`,
	});

	it.each([
		['reauthenticate', { reauthType: '1' }, `GET /CoA/Reauth/ise-psn-1/${MAC}/1`],
		['disconnect', { portOption: '2' }, `GET /CoA/Disconnect/ise-psn-1/${MAC}/2`],
	])('%s goes through the node of the session', async (operation, fields, call) => {
		const parameters = { resource: 'coa', operation, macAddress: MAC.toLowerCase(), ...fields };
		const { json } = await run({ ...session, [call]: answer(true) }, parameters);
		expect(json).toEqual([{ macAddress: MAC, server: 'ise-psn-1', success: true }]);
	});

	it('that the device refuses is an error', async () => {
		const answers = { ...session, [`GET /CoA/Reauth/ise-psn-1/${MAC}/0`]: answer(false) };
		const parameters = { resource: 'coa', operation: 'reauthenticate', macAddress: MAC, reauthType: '0' };
		await expect(run(answers, parameters)).rejects.toThrow('did not carry out');
	});

	it('needs a session', async () => {
		const answers = {
			[`GET /Session/MACAddress/${MAC}`]: { status: 500, body: fixture('mnt-no-session.xml') },
		};
		const parameters = { resource: 'coa', operation: 'reauthenticate', macAddress: MAC, reauthType: '0' };
		await expect(run(answers, parameters)).rejects.toThrow(`${MAC} has no active session`);
	});
});

it('reads the version', async () => {
	const resultValue = [
		{ value: '3.3.0.430', name: 'version' },
		{ value: '4', name: 'patch information' },
	];
	const answers = { 'GET /op/systemconfig/iseversion': { body: { OperationResult: { resultValue } } } };
	const { json } = await run(answers, { resource: 'version', operation: 'get' });
	expect(json).toEqual([{ version: '3.3.0.430', 'patch information': '4' }]);
});

describe('credential test', () => {
	const test = async (ers: number, mnt: number, more: IDataObject = {}) => {
		const sent: IDataObject[] = [];
		const request = async (options: IDataObject) => {
			sent.push(options);
			const isErs = String(options.uri).includes('/ers/');
			const ok = isErs ? '{"SearchResult":{}}' : '<sessionCount><count>3</count></sessionCount>';
			const status = isErs ? ers : mnt;
			return { statusCode: status, headers: {}, body: status === 200 ? ok : '<html/>' };
		};
		const context = { helpers: { request } } as unknown as ICredentialTestFunctions;
		const credential = {
			data: { ...credentials.ciscoRtcIseApi, ...more },
		} as unknown as ICredentialsDecrypted;
		return {
			sent,
			result: await new CiscoIse().methods.credentialTest.ciscoRtcIseApiTest.call(context, credential),
		};
	};

	it('tries both halves, without following redirects', async () => {
		const { sent, result } = await test(200, 200);
		expect(result.status).toBe('OK');
		expect(sent.map(({ uri }) => uri)).toEqual([
			'https://ise.example.com:9060/ers/config/ancpolicy?size=1&page=1',
			'https://ise.example.com/admin/API/mnt/Session/ActiveCount',
		]);
		expect(sent[0]).toMatchObject({ followRedirect: false, simple: false });
		expect(sent[0]).not.toHaveProperty('rejectUnauthorized');
	});

	it.each([
		[401, 200, /^Configuration \(ERS\): Cisco ISE answered 401.*Monitoring \(MnT\) works/],
		[200, 403, /^Configuration \(ERS\) works\. Monitoring \(MnT\): Cisco ISE answered 403/],
	])('with ERS %d and MnT %d says which half fails', async (ers, mnt, message) => {
		const { result } = await test(ers, mnt);
		expect(result.status).toBe('Error');
		expect(result.message).toMatch(message);
		expect(result.message).not.toContain('secret');
	});

	it('says so when an address is no URL', async () => {
		const { result } = await test(200, 200, { primaryUrl: 'ise.example.com' });
		expect(result.status).toBe('Error');
	});

	it('skips verification only when told so', async () => {
		const { sent } = await test(200, 200, { allowUnauthorizedCerts: true });
		expect(sent.map(({ rejectUnauthorized }) => rejectUnauthorized)).toEqual([false, false]);
	});
});
