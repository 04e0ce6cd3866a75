import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RtcManualQuarantine } from '../../../../nodes/RtcManualQuarantine/RtcManualQuarantine.node';
import { fakeExecute } from '../support/fakeContext';

const folder = mkdtempSync(join(tmpdir(), 'manual-quarantine-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it.each([
	['{"action": ', 'The field "Request" is not JSON'],
	['{}', 'The field "Request" holds no request'],
])('names the field that holds %s', async (request, message) => {
	const credentials = { ciscoRtcLedgerApi: { file: join(folder, 'ledger.db') } };
	const context = fakeExecute({ credentials, parameters: { request, macs: '', connectorGuids: '' } });
	await expect(new RtcManualQuarantine().execute.call(context)).rejects.toThrow(message);
});
