import type { IDataObject } from 'n8n-workflow';
import { readRequest, type ManualRequest } from '../../../../nodes/RtcManualQuarantine/request';
import { RtcManualQuarantine } from '../../../../nodes/RtcManualQuarantine/RtcManualQuarantine.node';
import { fakeExecute } from '../support/fakeContext';

const request = (action: 'quarantine' | 'release', host: object = { hostname: 'pc-7' }) =>
	readRequest(action, { name: 'portal', role: 'operator' }, { ...host, reason: 'Stolen', requester: 'ann' }, undefined) as ManualRequest;

/** Nobody listens at port 1. */
const NOWHERE = { store: 'postgres', host: '127.0.0.1', port: 1, database: 'n8n', user: 'n8n', password: 'x', tls: false };

interface Findings {
	macs?: string[];
	connectorGuids?: string[];
	ambiguousConnectors?: string[];
	outOfReach?: string;
}

async function answerTo(parameters: Findings & { request: ManualRequest }) {
	const context = fakeExecute({ parameters: { macs: [], connectorGuids: [], ambiguousConnectors: [], outOfReach: '', ...parameters } as IDataObject, credentials: { ciscoRtcLedgerApi: NOWHERE } });
	const [[{ json }]] = await new RtcManualQuarantine().execute.call(context);
	return json;
}

it('answers 404 for a host that every product was asked about, and 503 when one was out of reach', async () => {
	expect(await answerTo({ request: request('quarantine') })).toMatchObject({ statusCode: 404, body: { error: { code: 'noSession' } } });
	expect(await answerTo({ request: request('quarantine'), outOfReach: 'Secure Endpoint' })).toEqual({
		statusCode: 503,
		retryAfter: 30,
		body: { error: { code: 'unavailable', message: 'Secure Endpoint could not be asked. Nothing was changed; try again.' } },
	});
});

it.each([
	['a quarantine', { request: request('quarantine'), macs: ['00:11:22:33:44:55'], outOfReach: 'Secure Endpoint' }],
	['a release', { request: request('release') }],
])('answers 503 to %s when the ledger is out of reach, without naming the server', async (_what, parameters) => {
	expect(await answerTo(parameters)).toEqual({
		statusCode: 503,
		retryAfter: 30,
		body: { error: { code: 'unavailable', message: 'The ledger could not be asked; try again, with the same Idempotency-Key' } },
	});
});

const [A, B] = ['00:11:22:33:44:55', '00:11:22:33:44:66'];
const guids = ['guid-1', 'guid-2'];

it.each<[string, object, Findings, string[]]>([
	['a user with several endpoints', { user: 'jdoe' }, { macs: [A, B] }, [A, B]],
	['an address of several endpoints', { ip: '10.0.0.1' }, { macs: [A, B] }, [A, B]],
	['a hostname of several connectors', { hostname: 'pc-7' }, { ambiguousConnectors: guids }, guids],
	['several connectors', { hostname: 'pc-7' }, { connectorGuids: guids, macs: [A] }, guids],
])('answers 409 to %s, naming them', async (_what, host, findings, candidates) => {
	expect(await answerTo({ request: request('quarantine', host), ...findings })).toEqual({
		statusCode: 409,
		body: { error: { code: 'ambiguous', message: expect.stringContaining(candidates.join(', ')) as string, candidates } },
	});
});

it.each<[string, object, Findings]>([
	['the network cards of one connector', { hostname: 'pc-7' }, { connectorGuids: ['guid-1'], macs: [A, B] }],
	['a MAC address, whatever else was found', { mac: A, hostname: 'pc-7' }, { macs: [A, B], ambiguousConnectors: guids }],
	['a session, though the hostname is ambiguous', { ip: '10.0.0.1', hostname: 'pc-7' }, { macs: [A], ambiguousConnectors: guids }],
])('hands %s to the ledger', async (_what, host, findings) => {
	expect(await answerTo({ request: request('quarantine', host), ...findings })).toMatchObject({ statusCode: 503, body: { error: { message: expect.stringContaining('ledger') as string } } });
});
