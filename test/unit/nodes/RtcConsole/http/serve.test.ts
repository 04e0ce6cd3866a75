import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import type { IWebhookFunctions } from 'n8n-workflow';
import { openLedger } from '../../../../../ledger';
import { closeKeptLedgers } from '../../../../../nodes/RtcConsole/http/ledgers';
import { serve } from '../../../../../nodes/RtcConsole/http/serve';

const SECRET = 's'.repeat(32);
/** More than an export reads at a time. */
const RECORDS = 1_200;

let folder: string;
beforeAll(async () => {
	jest.useFakeTimers({ doNotFake: ['Date', 'hrtime', 'nextTick', 'performance', 'queueMicrotask', 'setImmediate', 'clearImmediate'] });
	folder = mkdtempSync(join(tmpdir(), 'console-serve-'));
	const ledger = await openLedger({ file: join(folder, 'ledger.db') });
	for (let i = 0; i < RECORDS; i++) await ledger.note({ name: 'ann' }, 'test', 'user:ann', { i });
	await ledger.close();
}, 30_000);
afterAll(async () => {
	await closeKeptLedgers();
	jest.useRealTimers();
	rmSync(folder, { recursive: true, force: true });
});

/** A download of the audit trail by somebody who takes what `take` lets through. */
function download(take: (chunk: Buffer, taken: () => void) => void) {
	const warnings: string[] = [];
	const response = Object.assign(new Writable({ write: (chunk: Buffer, _encoding, taken) => take(chunk, taken) }), { setHeader: () => undefined });
	const request = Object.assign(Readable.from([]), {
		method: 'GET', url: '/webhook/rtc-console?page=audit&format=jsonl', headers: { 'x-proof': SECRET, 'x-user': 'viewer' },
	});
	const context = {
		getRequestObject: () => request,
		getResponseObject: () => response,
		getCredentials: async (type: string) => (type === 'ciscoRtcLedgerApi' ? { file: join(folder, 'ledger.db') } : {
			users: { user: [{ name: 'viewer', role: 'viewer' }] }, signingSecret: SECRET, trustProxy: true, proxySecret: SECRET, proxyProofHeader: 'x-proof', proxyUserHeader: 'x-user',
		}),
		getNodeParameter: () => ({}),
		getWorkflow: () => ({ id: 'w1' }),
		logger: { error: () => undefined, warn: (message: string) => warnings.push(message) },
	} as unknown as IWebhookFunctions;
	return { served: serve(context), response, warnings };
}

it('keeps the ledger for as long as a download takes', async () => {
	let lines = 0;
	let goOn: (() => void) | undefined;
	const { served } = download((chunk, taken) => {
		lines += String(chunk).split('\n').length - 1;
		if (goOn) taken();
		else goOn = taken;
	});
	while (!goOn) await new Promise((resolve) => setImmediate(resolve));
	for (let minute = 0; minute < 5; minute++) await jest.advanceTimersByTimeAsync(60_000);
	goOn();
	expect(await served).toBeUndefined();
	expect(lines).toBeGreaterThanOrEqual(RECORDS);
});

it('takes it calmly when a download is cancelled', async () => {
	const { served, response, warnings } = download(() => response.destroy());
	expect(await served).toBeUndefined();
	expect(response.destroyed).toBe(true);
	expect(warnings).toEqual(['RTC Console could not send a file to its end']);
});
