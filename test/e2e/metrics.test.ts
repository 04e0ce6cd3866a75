import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import axios from 'axios';
import { METRICS_AUTHORIZATION } from '../../demo/bundle';
import { N8nInstance, packTarball, type WorkflowFile } from '../../demo/n8nInstance';
import { openLedger } from '../../ledger';
import { untilListening } from '../support/consoleSite';
import { problemsOf, valuesOf } from '../support/promText';
import { ACTOR, detection } from '../unit/ledger/helpers';

jest.setTimeout(300_000);

const NOWHERE = { proxyUrl: 'http://127.0.0.1:9', controlUrl: '', caFile: '' };

let folder: string;
let n8n: N8nInstance;
let url: string;

/** A real n8n with the packed pack and nothing but the workflow "Metrics". */
beforeAll(async () => {
	folder = await mkdtemp(path.join(os.tmpdir(), 'cisco-rtc-metrics-'));
	n8n = await N8nInstance.prepare(path.join(folder, 'n8n'), NOWHERE, await packTarball(folder));
	await n8n.importCredentials([
		{ id: 'siteMetrics', name: 'Metrics token', type: 'httpHeaderAuth', data: { name: 'Authorization', value: METRICS_AUTHORIZATION } },
		{ id: 'siteLedger', name: 'Penalty ledger', type: 'ciscoRtcLedgerApi', data: {} },
	]);
	const workflow = JSON.parse(await readFile(path.join(__dirname, '../../workflows/metrics.json'), 'utf8')) as WorkflowFile;
	await n8n.importWorkflows([{ ...workflow, settings: { ...(workflow.settings as object), errorWorkflow: undefined } }]);
	await n8n.start();
	await n8n.activate([workflow.id]);
	url = `${n8n.url}/webhook/cisco-rtc/metrics`;
	await untilListening(url);
});
afterAll(async () => {
	await n8n?.stop();
	await rm(folder, { recursive: true, force: true, maxRetries: 3 });
});

const ask = async (headers: Record<string, string>, method = 'GET') =>
	await axios.request<string>({ url, method, headers, proxy: false, responseType: 'text', validateStatus: () => true });

it('answers Prometheus in its text format, without leaving anything in the ledger', async () => {
	const ledger = await openLedger({ file: n8n.ledgerFile });
	try {
		await ledger.score([detection({ source: 'umbrella', atMs: Date.now() })], { actor: ACTOR });
		const before = await ledger.getMetrics();
		const { status, headers, data } = await ask({ Authorization: METRICS_AUTHORIZATION });
		expect(status).toBe(200);
		expect(String(headers['content-type']).split('; ').sort()).toEqual(['charset=utf-8', 'text/plain', 'version=0.0.4']);
		expect(problemsOf(data)).toEqual([]);
		expect(valuesOf(data, 'cisco_rtc_detections_total')).toEqual([{ labels: { source: 'umbrella' }, value: 1 }]);
		expect((await ledger.getMetrics()).auditLength).toBe(before.auditLength);
	} finally {
		await ledger.close();
	}
});

it.each([
	['without a token', {}, 'GET', 403],
	['with a wrong token', { Authorization: 'Bearer guessed' }, 'GET', 403],
	['that wants to write', { Authorization: METRICS_AUTHORIZATION }, 'POST', 404],
])('refuses a request %s', async (_what, headers: Record<string, string>, method, status) => {
	const answer = await ask(headers, method);
	expect(answer.status).toBe(status);
	expect(answer.data).not.toContain('cisco_rtc_');
});
