import { createHash } from 'node:crypto';
import type { IDataObject } from 'n8n-workflow';
import type { AuditSegment } from '../../../../ledger/api';
import type { LedgerService } from '../../../../ledger/service';
import { run } from '../../../../nodes/PenaltyLedger/actions/router';
import { nodeContext, runNode } from './nodeContext';
import { intent, mac } from './samples';

const WORKFLOW = { name: 'workflow', execution: 'Workflow under test#1' };
const ALICE = { ...WORKFLOW, name: 'alice' };
const MESSAGE = { event: 'raised' as const, alarmKeys: ['source:umbrella'], title: 't', text: 'x', facts: {}, since: 's' };
const SEGMENT: AuditSegment = { fromSeq: 1, toSeq: 2, records: 2, previousHash: '0', lastHash: 'f' };
const READ_AT = '2026-03-01T10:00:00.000Z';

/** Operation, its fields, the ledger's method, its answer, what must be asked of it, and the items that come out. */
const CALLS: [string, string, IDataObject, keyof LedgerService, unknown, unknown[], unknown[]][] = [
	[
		'source', 'check', { options: { failures: 2, ignore: 'xdr, umbrella' } }, 'checkSources', { sources: [], messages: [MESSAGE] },
		[WORKFLOW, { failures: 2, ignore: ['xdr', 'umbrella'] }], [MESSAGE],
	],
	['source', 'getMany', {}, 'getSources', [{ source: 'xdr' }], [{ ignore: [] }], [{ source: 'xdr' }]],
	[
		'source', 'recordFailure', { source: ' xdr ', errorText: 'down' }, 'recordSourceFailure', { source: 'xdr', failures: 1 },
		['xdr', 'down', WORKFLOW], [{ source: 'xdr', failures: 1 }],
	],
	['alarm', 'getMany', {}, 'getAlarms', [{ key: 'a' }], [], [{ key: 'a' }]],
	[
		'alarm', 'confirm', { alarmKeys: ['a', 'b'] as unknown as string, event: 'cleared' }, 'confirmAlarms', 2,
		[['a', 'b'], 'cleared', WORKFLOW], [{ alarmKeys: ['a', 'b'], event: 'cleared', confirmed: 2 }],
	],
	[
		'episode', 'adopt', { macAddress: mac.key, policyName: 'Quarantine', requester: 'alice', reason: 'ours' }, 'adoptBinding', { intent: 1 },
		[{ macAddress: mac.key, policyName: 'Quarantine' }, ALICE, 'ours'], [{ intent: 1 }],
	],
	[
		'ledger', 'applyRetention', { detectionDays: 30 }, 'applyRetention', { removed: 3 },
		[{ actor: WORKFLOW, detectionDays: 30 }], [{ removed: 3 }],
	],
	[
		'audit', 'closeSegment',
		{ segment: JSON.stringify(SEGMENT), exportedTo: 'a.jsonl', sha256: 'abc', approver: 'alice', reason: 'old' },
		'closeAuditSegment', { seq: 3 },
		[SEGMENT, { by: 'alice', reason: 'old', exportedTo: 'a.jsonl', sha256: 'abc' }, ALICE], [{ seq: 3 }],
	],
];

it.each(CALLS)('%s: %s %j', async (resource, operation, fields, method, answer, asked, items) => {
	const ask = jest.fn(async () => answer);
	const [output] = await runNode({ parameters: { resource, operation, ...fields } }, { [method]: ask } as Partial<LedgerService>);
	expect(ask.mock.calls).toEqual([asked]);
	expect(output.map(({ json }) => json)).toEqual(items);
});

describe('episode: reconcile', () => {
	const parameters = { resource: 'episode', operation: 'reconcile', readAt: READ_AT, onLost: 'reapply', options: { ignorePolicies: 'Posture' } };
	const answer = { bindings: 1, explained: 0, differences: [], messages: [MESSAGE], contain: [intent('i1', mac)], notices: [] };

	it('compares all items at once, and gives one item per thing to do', async () => {
		const reconcileAnc = jest.fn(async () => answer);
		const items = [{ json: { macAddress: mac.key, policyName: 'Quarantine' } }, { json: {} }];
		const [output] = await runNode({ parameters, items }, { reconcileAnc } as Partial<LedgerService>);
		expect(reconcileAnc.mock.calls).toEqual([
			[[items[0].json], { actor: WORKFLOW, readAt: READ_AT, onLost: 'reapply', onOurs: 'report', ignorePolicies: ['Posture'] }],
		]);
		expect(output.map(({ json }) => json.kind)).toEqual(['message', 'contain', 'summary']);
	});

	it.each([
		['that were not read', [{ json: { error: 'ISE is down' } }], READ_AT, /were not read/],
		['without a time', [{ json: {} }], '', /"Read At" is empty/],
	])('compares nothing for bindings %s', async (_name, items, readAt, message) => {
		await expect(runNode({ parameters: { ...parameters, readAt }, items }, {})).rejects.toThrow(message);
	});
});

describe('audit: export segment', () => {
	const parameters = { resource: 'audit', operation: 'exportSegment', auditDays: 10 };
	const exportWith = async (segment: AuditSegment | undefined) => {
		const context = nodeContext({ parameters });
		const prepareBinaryData = jest.fn(async (data: Buffer) => ({ data: data.toString() }));
		Object.assign(context.helpers, { prepareBinaryData });
		const ledger = {
			getAuditSegment: async () => segment,
			exportAuditSegment: async function* () {
				yield* ['{"seq":1}', '{"seq":2}'];
			},
		} as Partial<LedgerService>;
		return await run(context, async (_context, work) => await work(ledger as LedgerService));
	};

	it('gives the file with its fingerprint', async () => {
		const [[item]] = await exportWith(SEGMENT);
		const file = '{"seq":1}\n{"seq":2}\n';
		expect(item.json).toEqual({ segment: SEGMENT, fileName: 'cisco-rtc-audit-1-2.jsonl', sha256: createHash('sha256').update(file).digest('hex') });
		expect(item.binary).toEqual({ data: { data: file } });
	});

	it('gives nothing when no record is old enough', async () => {
		expect(await exportWith(undefined)).toEqual([[]]);
	});
});
