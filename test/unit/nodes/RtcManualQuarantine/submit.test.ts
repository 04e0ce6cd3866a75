import { readRequest, type ManualRequest } from '../../../../nodes/RtcManualQuarantine/request';
import { RtcManualQuarantine } from '../../../../nodes/RtcManualQuarantine/RtcManualQuarantine.node';
import { fakeExecute } from '../support/fakeContext';

const request = (action: 'quarantine' | 'release') =>
	readRequest(action, { name: 'portal', role: 'operator' }, { hostname: 'pc-7', reason: 'Stolen', requester: 'ann' }, undefined) as ManualRequest;

/** Nobody listens at port 1. */
const NOWHERE = { store: 'postgres', host: '127.0.0.1', port: 1, database: 'n8n', user: 'n8n', password: 'x', tls: false };

async function answerTo(parameters: { request: ManualRequest; macs?: string[]; outOfReach?: string }) {
	const context = fakeExecute({ parameters: { macs: [], connectorGuids: [], outOfReach: '', ...parameters }, credentials: { ciscoRtcLedgerApi: NOWHERE } });
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
