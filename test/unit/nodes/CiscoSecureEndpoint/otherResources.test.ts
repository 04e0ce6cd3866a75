import type { IDataObject } from 'n8n-workflow';
import { fixture, run, vendorError } from './support';

const LIST = 'e773a9eb-296c-40df-98d8-bed46322589d';
const SHA256 = 'd5cb3ef9816e8fd30cc9537bb394a7cc6c46c1dff1c65f11b527ef1df14edc3b';
const op = (resource: string, operation: string, more: object = {}) =>
	({ resource, operation, returnAll: true, name: '', ...more }) as IDataObject;
const file = (operation: string, sha256 = SHA256) =>
	op('fileList', operation, {
		fileList: { __rl: true, mode: 'id', value: LIST },
		sha256,
		description: 'INC1',
	});

describe('file lists', () => {
	it('adds a file', async () => {
		const { json, requests } = await run({
			parameters: file('addFile', ` ${SHA256.toUpperCase()}`),
			server: () => ({ status: 201, body: fixture('file-list-add-sha256') }),
		});
		expect(requests[0]).toMatchObject({ method: 'POST', body: { description: 'INC1' } });
		expect(requests[0].url.pathname).toBe(`/v1/file_lists/${LIST}/files/${SHA256}`);
		expect(json).toEqual([{ fileList: LIST, sha256: SHA256, added: true, alreadyListed: false }]);
	});

	it('adding a file that is there is a success', async () => {
		const { json } = await run({ parameters: file('addFile'), server: () => vendorError(409, 'Conflict') });
		expect(json).toEqual([{ fileList: LIST, sha256: SHA256, added: false, alreadyListed: true }]);
	});

	it('checks the hash before it asks', async () => {
		await expect(run({ parameters: file('addFile', 'd5cb3e') })).rejects.toThrow(
			'SHA-256 is not valid: "d5cb3e"',
		);
	});

	it('removes a file', async () => {
		const server = () => ({ body: fixture('file-list-delete-sha256') });
		const { json, requests } = await run({ parameters: file('removeFile'), server });
		expect(requests.map(({ method }) => method)).toEqual(['DELETE']);
		expect(json).toEqual([{ fileList: LIST, sha256: SHA256, deleted: true, alreadyAbsent: false }]);
	});

	it('removing a file that is not there is a success', async () => {
		const { json } = await run({
			parameters: file('removeFile'),
			server: ({ method }) =>
				method === 'DELETE' ? vendorError(404, 'Not Found') : { body: { data: { items: [] } } },
		});
		expect(json).toEqual([{ fileList: LIST, sha256: SHA256, deleted: true, alreadyAbsent: true }]);
	});

	it('removing a file from a list that is not there is a failure', async () => {
		const failing = run({
			parameters: file('removeFile'),
			server: () => vendorError(404, 'Not Found', 'No such list'),
		});
		await expect(failing).rejects.toMatchObject({ httpCode: '404' });
	});

	it('lists the lists, page by page', async () => {
		const { json, requests } = await run({
			parameters: op('fileList', 'getMany', { listType: 'simple_custom_detections' }),
			server: ({ url }) =>
				url.searchParams.get('offset') === '5'
					? { body: { data: [{ name: 'Last', guid: 'g', type: 't', links: {} }] } }
					: { body: fixture('file-lists-simple-custom-detections') },
		});
		expect(requests.map(({ url }) => url.pathname + url.search)).toEqual([
			'/v1/file_lists/simple_custom_detections?limit=500',
			'/v1/file_lists/simple_custom_detections?limit=3&offset=5',
		]);
		expect(json.map(({ name }) => name)).toEqual(['Sample SCD List 1', 'Sample SCD List 2', 'Last']);
	});

	it('lists the files on a list', async () => {
		const { json } = await run({
			parameters: file('getItems'),
			server: () => ({
				body: { data: { name: 'l', guid: LIST, items: [{ sha256: SHA256, description: 'd', links: {} }] } },
			}),
		});
		expect(json).toEqual([{ sha256: SHA256, description: 'd', source: undefined }]);
	});
});

it.each([
	['group', 'get', { group: 'g' }, '/v1/groups/g', { guid: 'g', name: 'n' }],
	['group', 'getMany', { name: 'x' }, '/v1/groups?limit=500&name=x', [{ guid: 'g', name: 'n' }]],
	['policy', 'get', { policy: 'p' }, '/v1/policies/p', { guid: 'p', name: 'n' }],
	['policy', 'getMany', { name: 'x' }, '/v1/policies?limit=500&name%5B%5D=x', [{ guid: 'p', name: 'n' }]],
	[
		'vulnerability',
		'getMany',
		{ startTime: '2026-01-01T00:00:00Z' },
		'/v1/vulnerabilities?limit=500&start_time=2026-01-01T00%3A00%3A00%2B00%3A00',
		[{ application: 'Reader' }],
	],
	[
		'vulnerability',
		'getComputers',
		{ sha256: SHA256 },
		`/v1/vulnerabilities/${SHA256}/computers?limit=500`,
		[{ connector_guid: 'c' }],
	],
	['event', 'getTypes', {}, '/v1/event_types', [{ id: 1, name: 'T' }]],
	['eventStream', 'getMany', {}, '/v1/event_streams', [{ id: 1 }]],
])('%s %s asks %j at %s', async (resource, operation, more, path, data) => {
	const { json, requests } = await run({
		parameters: op(resource, operation, more),
		server: () => ({ body: { data } }),
	});
	expect(requests.map(({ url }) => url.pathname + url.search)).toEqual([path]);
	expect(json).toHaveLength(1);
	expect(JSON.stringify(json)).toContain(String(Object.values([data].flat()[0] as object)[0]));
});

describe('event streams', () => {
	it('are created with numbers for event types', async () => {
		const { json, requests } = await run({
			parameters: op('eventStream', 'create', { name: 's', eventTypes: ['1090519054'], groups: [] }),
			server: () => ({ body: { data: { id: 1, amqp_credentials: { password: 'p' } } } }),
		});
		expect(requests[0]).toMatchObject({ method: 'POST', body: { name: 's', event_type: [1090519054] } });
		expect(json).toEqual([{ id: 1, amqp_credentials: { password: 'p' } }]);
	});

	it('are deleted', async () => {
		const parameters = op('eventStream', 'delete', { eventStreamId: '7' });
		const { json, requests } = await run({ parameters, server: () => ({ body: { data: {} } }) });
		expect(requests[0].method).toBe('DELETE');
		expect(json).toEqual([{ deleted: true }]);
	});
});
