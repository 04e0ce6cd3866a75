import { CiscoRtcSecureEndpointApi } from '../../../../credentials/CiscoRtcSecureEndpointApi.credentials';
import { connect, describeError, quotaResetMs } from '../../../../nodes/CiscoSecureEndpoint/transport/client';
import * as listSearch from '../../../../nodes/CiscoSecureEndpoint/methods/listSearch';
import * as loadOptions from '../../../../nodes/CiscoSecureEndpoint/methods/loadOptions';
import { fakeExecute, fakeLoadOptions, type FakeServer } from '../support/fakeContext';
import { credentials } from './support';

const base = credentials.ciscoRtcSecureEndpointApi;
const client = async (changes: object) =>
	await connect(fakeExecute({ credentials: { ciscoRtcSecureEndpointApi: { ...base, ...changes } } }));

describe('connect', () => {
	it.each([
		[{ region: 'us' }, 'https://api.amp.cisco.com', 'https://console.amp.cisco.com'],
		[{ region: 'eu' }, 'https://api.eu.amp.cisco.com', 'https://console.eu.amp.cisco.com'],
		[{ region: 'apjc' }, 'https://api.apjc.amp.cisco.com', 'https://console.apjc.amp.cisco.com'],
		[{ region: 'privateCloud', baseUrl: ' https://amp.example/v1/ ' }, 'https://amp.example', undefined],
		[
			{ region: 'privateCloud', baseUrl: 'https://amp.example:8443', consoleUrl: 'https://console.example/' },
			'https://amp.example:8443',
			'https://console.example',
		],
	])('%j', async (changes, baseUrl, consoleUrl) => {
		await expect(client(changes)).resolves.toMatchObject({ baseUrl, consoleUrl });
	});

	it.each(['', 'amp.example', 'http://amp.example', 'ftp://amp.example'])(
		'refuses the base URL %p',
		async (baseUrl) => {
			await expect(client({ region: 'privateCloud', baseUrl })).rejects.toThrow('Base URL');
		},
	);

	it('turns verification off for an appliance only', async () => {
		const open = { allowUnauthorizedCerts: true, baseUrl: 'https://amp.example', caCertificate: 'PEM' };
		await expect(client({ ...open, region: 'us' })).resolves.toMatchObject({
			tls: { ca: 'PEM', skipVerification: false },
		});
		await expect(client({ ...open, region: 'privateCloud' })).resolves.toMatchObject({
			tls: { skipVerification: true },
		});
	});

	it('shares one budget between executions of an account', async () => {
		const [one, same, other] = [
			await client({}),
			await client({ apiKey: 'new' }),
			await client({ clientId: 'other' }),
		];
		expect(one.quota).toBe(same.quota);
		expect(one.quota).not.toBe(other.quota);
	});
});

it.each([
	[{ 'x-ratelimit-reset': '1991' }, 1_991_000],
	[{ 'x-rate-limit-reset': '12' }, 12_000],
	[{ 'x-ratelimit-reset': 'soon' }, undefined],
	[{}, undefined],
])('quotaResetMs of %j', (headers, expected) => {
	expect(quotaResetMs(headers as Record<string, string>)).toBe(expected);
});

it.each([
	['{"errors":[{"description":"Conflict","details":["Already isolated","x"]}]}', 'Already isolated x'],
	['{"errors":[{"description":"Conflict"},{"description":"B","details":[]}]}', 'Conflict B'],
	['{"errors":[null,{"details":"plain"}]}', 'plain'],
	['{"errors":{}}', undefined],
	['null', undefined],
	['<html>', undefined],
])('describeError of %s', (text, expected) => {
	expect(describeError({ status: 409, headers: {}, text })).toBe(expected);
});

describe('dynamic options', () => {
	const server: FakeServer = ({ url }) => ({
		body: {
			data: url.pathname.endsWith('event_types')
				? [
						{ id: 2, name: 'Threat Detected', description: 'd' },
						{ id: 1, name: 'Cloud IOC' },
					]
				: [{ guid: 'g', name: 'Audit', connector_guid: 'c', hostname: 'PC' }],
			metadata: { links: url.searchParams.has('offset') ? {} : { next: `${url.href}&offset=100` } },
		},
	});
	const context = () =>
		fakeLoadOptions({ credentials, server, parameters: { listType: 'application_blocking' } });

	it('lists event types and groups by name', async () => {
		await expect(loadOptions.getEventTypes.call(context())).resolves.toEqual([
			{ name: 'Cloud IOC', value: '1', description: undefined },
			{ name: 'Threat Detected', value: '2', description: 'd' },
		]);
		await expect(loadOptions.getGroups.call(context())).resolves.toMatchObject([
			{ value: 'g' },
			{ value: 'g' },
		]);
	});

	it.each([
		['searchComputers', '/v1/computers?limit=100&hostname%5B%5D=x', { name: 'PC', value: 'c' }],
		['searchGroups', '/v1/groups?limit=100&name=x', { name: 'Audit', value: 'g' }],
		['searchPolicies', '/v1/policies?limit=100&name%5B%5D=x', { name: 'Audit', value: 'g' }],
		[
			'searchFileLists',
			'/v1/file_lists/application_blocking?limit=100&name%5B%5D=x',
			{ name: 'Audit', value: 'g' },
		],
	] as const)('%s pages through %s', async (search, path, entry) => {
		const first = await listSearch[search].call(context(), 'x');
		expect(first).toEqual({ results: [entry], paginationToken: `${path}&offset=100` });
		const second = await listSearch[search].call(context(), 'x', String(first.paginationToken));
		expect(second.paginationToken).toBeUndefined();
	});
});

it('the credential signs requests, also in its own test', async () => {
	const signed = await new CiscoRtcSecureEndpointApi().authenticate(
		{ ...base, region: 'privateCloud', caCertificate: 'PEM', allowUnauthorizedCerts: true },
		{ url: '/v1/version' },
	);
	expect(signed).toEqual({
		url: '/v1/version',
		auth: { username: 'client', password: 'topsecret' },
		agentOptions: { ca: 'PEM' },
		skipSslCertificateValidation: true,
	});
});
