import { Readable } from 'node:stream';
import type { IDataObject, NodeOperationError } from 'n8n-workflow';
import type { Actor, EntitySummary, Intent } from '../../../../ledger/api';
import { LedgerError, PolicyError } from '../../../../ledger/errors';
import type { LedgerService } from '../../../../ledger/service';
import { nodeContext, runNode, type NodeSetup } from './nodeContext';
import { run } from '../../../../nodes/PenaltyLedger/actions/router';
import { detection, intent, mac } from './samples';

const EXECUTION = 'Workflow under test#1';
const WORKFLOW = { name: 'workflow', execution: EXECUTION };
const ALICE = { name: 'alice', execution: EXECUTION };

/** Operation, its fields, the ledger's method, and what must be asked of it. */
const CALLS: Array<[string, string, IDataObject, keyof LedgerService, unknown[]]> = [
	[
		'cursor',
		'get',
		{ source: 'umbrella' },
		'getCursor',
		['umbrella', { overlapSeconds: 300, firstLookbackSeconds: 3600 }],
	],
	[
		'cursor',
		'get',
		{ source: 'umbrella', options: { longestSpanSeconds: 3600, lateSeconds: 86400 } },
		'getCursor',
		[
			'umbrella',
			{ overlapSeconds: 300, firstLookbackSeconds: 3600, longestSpanSeconds: 3600, lateSeconds: 86400 },
		],
	],
	['entity', 'get', mac as unknown as IDataObject, 'getEntity', [mac]],
	['entity', 'getProtected', {}, 'getProtected', []],
	[
		'entity',
		'protect',
		{ type: 'cidr', value: ' 10.20.0.0/16 ', reason: 'Ward 3', options: { actingFor: 'alice' } },
		'protect',
		[{ type: 'cidr', value: '10.20.0.0/16', reason: 'Ward 3' }, ALICE],
	],
	['entity', 'unprotect', { type: 'user', value: 'ceo' }, 'unprotect', ['user', 'ceo', WORKFLOW]],
	['entity', 'purge', { ...mac, reason: 'Reimaged' }, 'purgeEntity', [mac, WORKFLOW, 'Reimaged']],
	[
		'entity',
		'noteContext',
		{ ...mac, context: '{"sessions":[]}', options: { actingFor: 'alice' } },
		'noteContext',
		[mac, { sessions: [] }, ALICE],
	],
	[
		'entity',
		'contain',
		{ host: { mac: mac.key, user: '' }, requester: 'alice', reason: 'Seen on camera', duration: 'PT1H' },
		'containManually',
		[
			{ mac: mac.key },
			{ actor: ALICE, reason: 'Seen on camera', duration: 'PT1H', overrideProtection: false },
		],
	],
	['entity', 'release', { ...mac, requester: 'alice', reason: 'Clean' }, 'release', [mac, ALICE, 'Clean']],
	[
		'entity',
		'release',
		{ releaseBy: 'episode', episodeId: 'e1', requester: 'alice', reason: 'Clean' },
		'release',
		[{ episodeId: 'e1' }, ALICE, 'Clean'],
	],
	['episode', 'releaseDue', {}, 'releaseDue', [WORKFLOW]],
	[
		'intent',
		'approve',
		{ intentId: 'i1', approver: 'alice', reason: 'Yes' },
		'approve',
		['i1', ALICE, 'Yes'],
	],
	['intent', 'deny', { intentId: 'i1', approver: 'alice', reason: 'No' }, 'deny', ['i1', ALICE, 'No']],
	[
		'intent',
		'recordStep',
		{ intentId: 'i1', steps: '{"anc":true}' },
		'recordStep',
		['i1', { anc: true }, WORKFLOW],
	],
	[
		'intent',
		'fail',
		{ intentId: 'i1', errorText: 'ISE is down', identity: '{"macs":["00:11:22:33:44:55"]}' },
		'failIntents',
		[[{ intentId: 'i1', error: 'ISE is down', identity: { macs: ['00:11:22:33:44:55'] } }], WORKFLOW],
	],
	[
		'intent',
		'complete',
		{
			intentId: 'i1',
			result: '{"macs":[]}',
			references: '{"serviceNowNumber":"INC1","webexMessageId":""}',
			identity: '{"macs":["00:11:22:33:44:55"]}',
		},
		'completeIntents',
		[
			[
				{
					intentId: 'i1',
					result: { macs: [] },
					references: { serviceNowNumber: 'INC1' },
					identity: { macs: ['00:11:22:33:44:55'] },
				},
			],
			WORKFLOW,
		],
	],
	['policy', 'get', {}, 'getPolicy', [undefined]],
	['policy', 'get', { version: 3 }, 'getPolicy', [3]],
	['policy', 'getVersions', {}, 'getPolicyVersions', []],
	['policy', 'getUnratedEventTypes', { limit: 20, filters: { source: 'xdr' } }, 'getUnratedEventTypes', [{ source: 'xdr', limit: 20, offset: 0 }]],
	['policy', 'replay', { version: 2 }, 'replay', [2]],
	[
		'policy',
		'update',
		{ policy: '{"threshold":70}', comment: 'Lower' },
		'updatePolicy',
		[{ threshold: 70 }, WORKFLOW, 'Lower', {}],
	],
	[
		'policy',
		'update',
		{ policy: '{"threshold":70}', comment: 'Lower', options: { expectedVersion: 7, actingFor: 'alice' } },
		'updatePolicy',
		[{ threshold: 70 }, ALICE, 'Lower', { expectedVersion: 7 }],
	],
	['audit', 'verify', {}, 'verifyAudit', []],
	['ledger', 'getMetrics', {}, 'getMetrics', []],
	[
		'detection',
		'getMany',
		{
			limit: 10,
			filters: { source: 'umbrella', entityKind: 'mac', entityKey: mac.key, since: '2026-03-01T10:00:00' },
		},
		'getDetections',
		[
			{
				source: 'umbrella',
				entity: mac,
				since: '2026-03-01T10:00:00.000Z',
				until: undefined,
				limit: 10,
				offset: 0,
			},
		],
	],
	[
		'entity',
		'getMany',
		{ filters: { band: 'red', search: '' } },
		'getEntities',
		[{ band: 'red', limit: 50, offset: 0 }],
	],
	[
		'episode',
		'getMany',
		{ filters: { state: 'contained' } },
		'getEpisodes',
		[{ state: 'contained', limit: 50, offset: 0 }],
	],
	[
		'intent',
		'getMany',
		{ filters: { kind: 'contain', state: 'failed' } },
		'getIntents',
		[{ kind: 'contain', state: 'failed', limit: 50, offset: 0 }],
	],
	[
		'audit',
		'getMany',
		{ filters: { subject: 'mac:x' } },
		'getAudit',
		[{ subject: 'mac:x', limit: 50, offset: 0 }],
	],
];

const ANSWERS: Partial<Record<keyof LedgerService, unknown>> = {
	getProtected: [],
	releaseDue: [],
	getPolicyVersions: [],
	unprotect: true,
	purgeEntity: true,
	getDetections: { items: [], total: 0 },
	getEntities: { items: [], total: 0 },
	getEpisodes: { items: [], total: 0 },
	getIntents: { items: [], total: 0 },
	getAudit: { items: [], total: 0 },
	getUnratedEventTypes: { items: [], total: 0 },
	failIntents: [{ intent: {} }],
	completeIntents: [{ intent: {} }],
};

describe('what each operation asks of the ledger', () => {
	it.each(CALLS)('%s: %s %j', async (resource, operation, fields, method, expected) => {
		const asked = jest.fn(async () => ANSWERS[method] ?? {});
		await runNode({ parameters: { resource, operation, ...fields } }, { [method]: asked });
		expect(asked.mock.calls).toEqual([expected]);
	});
});

describe('fields that can not be used', () => {
	it.each<[string, string, IDataObject, string]>([
		['entity', 'get', { key: ' ' }, '"Key" is empty'],
		['entity', 'contain', { host: { mac: '' }, requester: 'alice', reason: 'x' }, '"Host" is empty'],
		['entity', 'contain', { host: { mac: mac.key }, requester: '', reason: 'x' }, '"Requester" is empty'],
		[
			'entity',
			'contain',
			{ host: { mac: mac.key }, requester: 'a', reason: 'x', duration: '4h' },
			'"Duration" is not an ISO 8601',
		],
		['intent', 'approve', { intentId: 'i1', approver: '', reason: 'x' }, '"Approver" is empty'],
		['intent', 'deny', { intentId: 'i1', approver: 'alice', reason: '' }, '"Reason" is empty'],
		['intent', 'recordStep', { intentId: 'i1', steps: '{' }, '"Steps" is not JSON'],
		['intent', 'recordStep', { intentId: 'i1', steps: '[1]' }, '"Steps" must be a JSON object'],
		['intent', 'complete', { intentId: 'i1', references: '{"a":{}}' }, '"References": a must be a text'],
		['intent', 'complete', { intentId: 'i1', identity: '{"mac":[]}' }, '"Identity": mac is not known'],
		['intent', 'complete', { intentId: 'i1', identity: '{"macs":"x"}' }, '"Identity": macs must be a list'],
		['detection', 'getMany', { filters: { entityKind: 'mac' } }, '"Entity Kind" and "Entity Key"'],
		['detection', 'getMany', { filters: { since: 'yesterday' } }, '"Since" is not an ISO 8601 time'],
	])('%s: %s %j', async (resource, operation, fields, message) => {
		await expect(runNode({ parameters: { resource, operation, ...fields } }, {})).rejects.toThrow(message);
	});
});

describe('answers', () => {
	it('reads every page for "Return All"', async () => {
		const all = Array.from({ length: 1201 }, (_, index) => ({ key: String(index) }) as EntitySummary);
		const windows: number[] = [];
		const [items] = await runNode(
			{ parameters: { resource: 'entity', operation: 'getMany', returnAll: true } },
			{
				getEntities: async ({ limit, offset = 0 }) => {
					windows.push(offset);
					return { items: all.slice(offset, offset + limit), total: all.length };
				},
			},
		);
		expect(items.map(({ json }) => json.key)).toEqual(all.map(({ key }) => key));
		expect(windows).toEqual([0, 500, 1000]);
	});

	it('says so when the entity is not known', async () => {
		await expect(
			runNode(
				{ parameters: { resource: 'entity', operation: 'get', ...mac } },
				{ getEntity: async () => undefined },
			),
		).rejects.toThrow('The ledger knows no mac "00:11:22:33:44:55"');
	});

	it.each([
		['with a notice', intent('n1', mac, { kind: 'notify' })],
		['without a notice', undefined],
	])('completes %s', async (_name, notice) => {
		const done = intent('i1', mac, { state: 'done' });
		const [items] = await runNode(
			{ parameters: { resource: 'intent', operation: 'complete', intentId: 'i1' } },
			{ completeIntents: async () => [{ intent: done, notice }] },
		);
		expect(items).toEqual([
			{ json: notice ? { intent: done, notice } : { intent: done }, pairedItem: { item: 0 } },
		]);
	});

	describe('several intents', () => {
		const parameters = ['i1', '', 'i3', 'gone'].map((intentId, index) => ({
			resource: 'intent',
			operation: 'complete',
			intentId,
			options: { actingFor: index === 2 ? 'alice' : '' },
		}));
		const settledBy: Record<string, string[]> = {};
		const ledger = {
			completeIntents: async (given: readonly { intentId: string }[], { name }: Actor) => {
				settledBy[name] = given.map(({ intentId }) => intentId);
				return given.map(({ intentId }) =>
					intentId === 'gone' ? new LedgerError('notFound', 'There is no intent gone') : { intent: intent(intentId, mac, { state: 'done' }) },
				);
			},
		};

		it('are settled together, in one change for each that is acted for; one that fails leaves the others', async () => {
			const [items] = await runNode({ parameters, continueOnFail: true }, ledger);
			expect(settledBy).toEqual({ workflow: ['i1', 'gone'], alice: ['i3'] });
			expect(items.map(({ json, pairedItem }) => [(json.intent as Intent | undefined)?.id ?? json.error, pairedItem])).toEqual([
				['i1', { item: 0 }],
				['"Intent ID" is empty', { item: 1 }],
				['i3', { item: 2 }],
				['There is no intent gone', { item: 3 }],
			]);
		});

		it('are settled one by one when together they meet a defect', async () => {
			const defective = {
				completeIntents: async (given: readonly { intentId: string }[], actor: Actor) => {
					if (given.some(({ intentId }) => intentId === 'i1')) throw new Error('A defect');
					return await ledger.completeIntents(given, actor);
				},
			};
			const [items] = await runNode({ parameters: [parameters[0], { ...parameters[2], options: {} }], continueOnFail: true }, defective);
			expect(items.map(({ json }) => (json.intent as Intent | undefined)?.id ?? json.error)).toEqual(['A defect', 'i3']);
		});

		it('are left alone when the ledger is not there', async () => {
			const completeIntents = jest.fn(async () => await Promise.reject(new LedgerError('unavailable', 'Away')));
			const [items] = await runNode({ parameters: [parameters[0], parameters[0]], continueOnFail: true }, { completeIntents });
			expect(items.map(({ json }) => json.error)).toEqual(['Away', 'Away']);
			expect(completeIntents).toHaveBeenCalledTimes(1);
		});

		it('fail with the first that failed after the others are done', async () => {
			await expect(runNode({ parameters }, ledger)).rejects.toMatchObject({ message: '"Intent ID" is empty', context: { itemIndex: 1 } });
			expect(settledBy.workflow).toEqual(['i1', 'gone']);
		});
	});

	it('tries a draft on so many days', async () => {
		jest.useFakeTimers({ now: new Date('2026-03-08T00:00:00.000Z') });
		const whatIf = jest.fn(async () => ({ detections: 0, contained: [], entities: [] }));
		await runNode({ parameters: { resource: 'policy', operation: 'whatIf', draft: '{}' } }, { whatIf });
		jest.useRealTimers();
		expect(whatIf.mock.calls).toEqual([[{}, '2026-03-01T00:00:00.000Z']]);
	});
});

describe('errors', () => {
	const twoApprovals: NodeSetup = {
		parameters: ['i1', 'i2'].map((intentId) => ({
			resource: 'intent',
			operation: 'approve',
			intentId,
			approver: 'alice',
			reason: 'Yes',
		})),
	};
	const approve: LedgerService['approve'] = async (id) => {
		if (id === 'i1') throw new LedgerError('expired', 'The approval has expired');
		return intent(id, mac);
	};

	it('names item and reason of a refusal', async () => {
		const failure = (await runNode(twoApprovals, { approve }).catch(
			(error: unknown) => error,
		)) as NodeOperationError;
		expect(failure.message).toBe('The approval has expired');
		expect(failure.description).toBe('The ledger refused this (expired).');
		expect(failure.context.itemIndex).toBe(0);
	});

	it('goes on with the other items with "On Error: continue"', async () => {
		const [items] = await runNode({ ...twoApprovals, continueOnFail: true }, { approve });
		expect(items.map(({ json, pairedItem }) => [json.error, json.id, pairedItem])).toEqual([
			['The approval has expired', undefined, { item: 0 }],
			[undefined, 'i2', { item: 1 }],
		]);
	});

	it('lists every problem of a policy with its path, one a line', async () => {
		const updatePolicy = async () => {
			throw new PolicyError([
				{ path: 'rules[3].penalty', problem: 'must be a number' },
				{ path: '', problem: 'has no threshold' },
			]);
		};
		const failure = (await runNode(
			{ parameters: { resource: 'policy', operation: 'update', policy: '{}', comment: 'x' } },
			{ updatePolicy },
		).catch((error: unknown) => error)) as NodeOperationError;
		expect(failure.message).toBe('The policy is not valid');
		expect(failure.description).toBe('rules[3].penalty: must be a number\npolicy: has no threshold');
	});

	it('refuses an operation that does not exist', async () => {
		await expect(runNode({ parameters: { resource: 'audit', operation: 'forge' } }, {})).rejects.toThrow(
			'The operation "forge" of "audit" is not known',
		);
	});

	it('sends failed items of Score by Recorded when the ledger can not be opened', async () => {
		const context = nodeContext({
			parameters: { resource: 'detection', operation: 'score' },
			items: [{ json: { ...detection('a') } as unknown as IDataObject }],
			continueOnFail: true,
		});
		const outputs = await run(context, async () => await Promise.reject(new Error('No such folder')));
		expect(outputs.map((items) => items.map(({ json }) => json.error))).toEqual([[], [], ['No such folder']]);
	});
});

describe('files', () => {
	it('exports JSON Lines into one item, whatever the ledger ends its lines with', async () => {
		const context = nodeContext({
			parameters: [1, 2].map(() => ({ resource: 'ledger', operation: 'export', binaryPropertyName: 'file' })),
		});
		let written = '';
		Object.assign(context.helpers, {
			prepareBinaryData: async (stream: Readable, fileName: string, mimeType: string) => {
				for await (const chunk of stream) written += String(chunk);
				return { fileName, mimeType, data: 'id' };
			},
		});
		async function* exportAll() {
			yield '{"a":1}';
			yield '{"b":2}\n';
		}
		const [items] = await run(
			context,
			async (_context, work) => await work({ exportAll } as unknown as LedgerService),
		);
		expect(written).toBe('{"a":1}\n{"b":2}\n');
		expect(items).toHaveLength(1);
		expect(items[0].binary?.file.mimeType).toBe('application/x-ndjson');
		expect(items[0].pairedItem).toEqual([{ item: 0 }, { item: 1 }]);
	});

	it.each(['in the item', 'outside the item'])('imports a file that n8n keeps %s', async (where) => {
		const file = Buffer.from('{"a":1}\n{"b":2}\n');
		const context = nodeContext({ parameters: { resource: 'ledger', operation: 'import' } });
		Object.assign(context.helpers, {
			assertBinaryData: () =>
				where === 'in the item' ? { data: file.toString('base64') } : { id: 'x', data: '' },
			getBinaryStream: async () => Readable.from([file.subarray(0, 3), file.subarray(3)]),
		});
		const lines: string[] = [];
		const importAll: LedgerService['importAll'] = async (given) => {
			for await (const line of given) lines.push(line);
			return { detections: 1, auditRecords: 2 };
		};
		const [items] = await run(context, async (_context, work) => await work({ importAll } as LedgerService));
		expect(lines).toEqual(['{"a":1}', '{"b":2}']);
		expect(items[0].json).toEqual({ detections: 1, auditRecords: 2 });
	});
});
