import fc from 'fast-check';
import type { INodeExecutionData, NodeOperationError } from 'n8n-workflow';
import type { ScoreOutcome, ScoreResult } from '../../../../ledger/api';
import type { Detection } from '../../../../ledger/detection';
import type { ScoreOptions } from '../../../../ledger/service';
import { chunked, inScoringOrder } from '../../../../nodes/PenaltyLedger/actions/detection/scoreInput';
import { runNode, type NodeSetup } from './nodeContext';
import { detection, hostname, intent, mac } from './samples';

const POLL = { source: 'secureEndpoint', readUntil: '2026-03-01T11:00:00.000Z' };

/** Records what has an id not seen before; calls anything without an id invalid. */
class FakeScorer {
	readonly calls: Array<{ ids: unknown[]; options: ScoreOptions }> = [];
	readonly failures: Array<{ source: string; error: string }> = [];
	private readonly seen = new Set<string>();

	constructor(private readonly decide: (given: readonly Detection[]) => Partial<ScoreResult> = () => ({})) {}

	async recordSourceFailure(source: string, error: string): Promise<never> {
		return this.failures.push({ source, error }) as never;
	}

	async score(given: readonly unknown[], options: ScoreOptions): Promise<ScoreResult> {
		const detections = given as Detection[];
		this.calls.push({ ids: detections.map(({ id }) => id), options });
		return {
			outcomes: detections.map((each) => this.outcome(each)),
			contain: [],
			needsApproval: [],
			notices: [],
			refused: [],
			...this.decide(detections),
		};
	}

	private outcome({ id, targets }: Detection): ScoreOutcome {
		if (!id) return { outcome: 'invalid', error: 'id is missing', field: 'id' };
		if (this.seen.has(id)) return { outcome: 'duplicate', id };
		this.seen.add(id);
		const entities = targets.map((target) => ({
			kind: 'mac' as const,
			key: target.mac ?? '',
			penalty: 40,
			score: 90,
		}));
		return { outcome: 'recorded', id, entities, reasons: ['Rule malware'] };
	}
}

async function score(
	scorer: FakeScorer,
	items: object[],
	setup: NodeSetup = {},
): Promise<INodeExecutionData[][]> {
	return await runNode(
		{
			...setup,
			parameters: { resource: 'detection', operation: 'score', ...(setup.parameters as object) },
			items: items.map((json) => ({ json: json as INodeExecutionData['json'] })),
		},
		{ score: scorer.score.bind(scorer), recordSourceFailure: scorer.recordSourceFailure.bind(scorer) },
	);
}

describe('Detection: Score, input', () => {
	it('scores all items as one batch, oldest first', async () => {
		const scorer = new FakeScorer();
		await score(scorer, [
			detection('c', { occurredAt: '2026-03-01T10:00:02.000Z' }),
			detection('b'),
			detection('a'),
		]);
		expect(scorer.calls.map(({ ids }) => ids)).toEqual([
			['secureEndpoint:a', 'secureEndpoint:b', 'secureEndpoint:c'],
		]);
	});

	it('takes lists in the field detections', async () => {
		const scorer = new FakeScorer();
		const [, , recorded] = await score(scorer, [
			{ detections: [detection('a'), detection('b')] },
			detection('c'),
		]);
		expect(recorded.map(({ json, pairedItem }) => [json.id, pairedItem])).toEqual([
			['secureEndpoint:a', { item: 0 }],
			['secureEndpoint:b', { item: 0 }],
			['secureEndpoint:c', { item: 1 }],
		]);
	});

	it('takes lists in a field of another name', async () => {
		const scorer = new FakeScorer();
		await score(scorer, [{ alerts: [detection('a')] }], {
			parameters: { options: { detectionsField: 'alerts' } },
		});
		expect(scorer.calls[0].ids).toEqual(['secureEndpoint:a']);
	});

	it.each([
		['an empty item', [{}]],
		['an empty list', [{ detections: [] }]],
	])('commits the cursor of a poll without detections: %s', async (_name, items) => {
		const scorer = new FakeScorer();
		const outputs = await score(scorer, items, { parameters: POLL });
		expect(outputs).toEqual([[], [], [], []]);
		expect(scorer.calls).toEqual([
			{
				ids: [],
				options: {
					actor: { name: 'workflow', execution: 'Workflow under test#1' },
					keepRaw: false,
					cursor: { source: 'secureEndpoint', position: '2026-03-01T11:00:00.000Z' },
				},
			},
		]);
	});

	it('does not touch the ledger when there is neither detection nor cursor', async () => {
		const scorer = new FakeScorer();
		expect(await score(scorer, [{}])).toEqual([[], [], [], []]);
		expect(scorer.calls).toEqual([]);
	});

	it('cuts the batch into transactions and commits the cursor with the last', async () => {
		const scorer = new FakeScorer();
		await score(
			scorer,
			['a', 'b', 'c'].map((id) => detection(id)),
			{
				parameters: { ...POLL, options: { chunkSize: 2, keepRaw: true, actingFor: 'alice' } },
			},
		);
		expect(scorer.calls.map(({ ids, options }) => [ids.length, options.cursor?.position])).toEqual([
			[2, undefined],
			[1, '2026-03-01T11:00:00.000Z'],
		]);
		expect(scorer.calls[0].options).toMatchObject({ keepRaw: true, actor: { name: 'alice' } });
	});

	it('refuses a cursor without a source', async () => {
		await expect(score(new FakeScorer(), [{}], { parameters: { ...POLL, source: '' } })).rejects.toThrow(
			'"Source" is empty',
		);
	});

	it('refuses a cursor that is no time', async () => {
		await expect(
			score(new FakeScorer(), [{}], { parameters: { ...POLL, readUntil: 'soon' } }),
		).rejects.toThrow('"Read Until" is not an ISO 8601 time: "soon"');
	});
});

describe('Detection: Score, outputs', () => {
	it('sends containments, notices, recorded and duplicate detections by their outputs', async () => {
		const other = { kind: 'mac', key: 'AA:BB:CC:00:00:01' } as const;
		const scorer = new FakeScorer(() => ({
			contain: [intent('i1', mac)],
			needsApproval: [intent('i2', other, { state: 'awaitingApproval' })],
			notices: [
				intent('n1', other, {
					kind: 'notify',
					notice: {
						event: 'approvalRequested',
						approvals: [{ intentId: 'i2', host: 'pc-18', score: 90, reason: 'One source only' }],
						approvalCount: 1,
						references: {},
					},
				}),
			],
		}));
		const outputs = await score(scorer, [
			detection('a', { targets: [{ mac: other.key }], raw: { secret: 1 } }),
			detection('b'),
			detection('b'),
		]);
		expect(outputs.map((items) => items.map(({ json, pairedItem }) => [json.id, pairedItem]))).toEqual([
			[['i1', [{ item: 1 }]]],
			[['n1', [{ item: 0 }]]],
			[
				['secureEndpoint:a', { item: 0 }],
				['secureEndpoint:b', { item: 1 }],
			],
			[['secureEndpoint:b', { item: 2 }]],
		]);
		expect(outputs[2][0].json).toMatchObject({
			entities: [{ kind: 'mac', key: other.key, penalty: 40, score: 90 }],
			reasons: ['Rule malware'],
			detection: { severity: 'High' },
		});
		expect(outputs[2][0].json.detection).not.toHaveProperty('raw');
	});

	it('returns an intent once, in its last state, when a later transaction adds to it', async () => {
		let count = 0;
		const scorer = new FakeScorer(() => ({
			notices: [
				intent('n1', mac, {
					kind: 'notify',
					notice: { event: 'approvalRequested', approvalCount: ++count, references: {} },
				}),
			],
		}));
		const [, notices] = await score(scorer, [detection('a'), detection('b')], {
			parameters: { options: { chunkSize: 1 } },
		});
		expect(notices.map(({ json }) => json.notice)).toEqual([
			{ event: 'approvalRequested', approvalCount: 2, references: {} },
		]);
	});

	it('shows refused crossings with the last detection of the entity', async () => {
		const decision = { guard: 'protected', verdict: 'refuse', reason: 'Infusion pump' } as const;
		const scorer = new FakeScorer(() => ({ refused: [{ ...mac, score: 90, decision }] }));
		const [, , recorded] = await score(scorer, [detection('a'), detection('b')]);
		expect(recorded.map(({ json }) => json.refused)).toEqual([undefined, [{ ...mac, score: 90, decision }]]);
	});

	describe('with a summary', () => {
		const parameters = { options: { recordedItems: 'summary', chunkSize: 2 } };
		const refusal = { ...mac, score: 90, decision: { guard: 'protected', verdict: 'refuse', reason: 'Infusion pump' } } as const;

		it('counts instead of listing, and decides as before', async () => {
			const given = [detection('c'), detection('a'), detection('b', { targets: [] }), detection('a')];
			const decide = (chunk: readonly Detection[]) =>
				chunk.some(({ id }) => id === 'secureEndpoint:a') ? { contain: [intent('i1', mac)], refused: [refusal] } : {};
			const each = await score(new FakeScorer(decide), given, { parameters: { options: { chunkSize: 2 } } });
			const summary = await score(new FakeScorer(decide), given, { parameters });
			expect(summary.slice(0, 2)).toEqual(each.slice(0, 2));
			expect(summary[0]).toHaveLength(1);
			expect(summary[2].map(({ json }) => json)).toEqual([
				{ outcome: 'summary', recorded: each[2].length, unrated: 0, duplicates: each[3].length, refused: [refusal] },
			]);
			expect([each[2].length, each[3].length, summary[3].length]).toEqual([3, 1, 0]);
		});

		it('sends nothing when nothing was found', async () => {
			expect(await score(new FakeScorer(), [{}], { parameters: { ...POLL, ...parameters } })).toEqual([[], [], [], []]);
		});

		it('names what is no detection, as it was given', async () => {
			const outputs = await score(new FakeScorer(), [detection('a'), { id: '', targets: [] }], { parameters, continueOnFail: true });
			expect(outputs[2].map(({ json, pairedItem }) => [json.outcome, json.detection, pairedItem])).toEqual([
				['summary', undefined, undefined],
				['invalid', { id: '', targets: [] }, { item: 1 }],
			]);
		});
	});

	it('pairs a notice with the detections of everything that crossed', async () => {
		const scorer = new FakeScorer(() => ({
			notices: [
				intent('n1', hostname, {
					kind: 'notify',
					notice: { event: 'escalated', crossed: [{ ...mac, score: 90 }], references: {} },
				}),
			],
		}));
		const [, notices] = await score(scorer, [detection('z', { targets: [] }), detection('a')]);
		expect(notices[0].pairedItem).toEqual([{ item: 1 }]);
	});
});

describe('Detection: Score, what is no detection', () => {
	const items = [detection('a'), { foo: 1 }, detection('b'), { foo: 2 }];

	it('fails after the rest of the batch, cursor included, is committed', async () => {
		const scorer = new FakeScorer();
		const failure = (await score(scorer, items, { parameters: POLL }).catch(
			(error: unknown) => error,
		)) as NodeOperationError;
		expect(failure.message).toBe('Not a detection: id is missing (and 1 more)');
		expect(failure.description).toContain(
			'2 of the detections given could not be scored, the first in item 1',
		);
		expect(failure.description).toContain('other 2 are recorded');
		expect(failure.context.itemIndex).toBe(1);
		expect(scorer.calls[0].ids).toHaveLength(4);
		expect(scorer.calls[0].options.cursor).toBeDefined();
	});

	it('goes on with "On Error: continue" and sends the bad ones by Recorded', async () => {
		const [contain, , recorded] = await score(new FakeScorer(), items, { continueOnFail: true });
		expect(contain).toEqual([]);
		expect(
			recorded.map(({ json, pairedItem, error }) => [json.error, json.detection, pairedItem, error]),
		).toEqual([
			[undefined, expect.objectContaining({ id: 'secureEndpoint:a' }), { item: 0 }, undefined],
			[undefined, expect.objectContaining({ id: 'secureEndpoint:b' }), { item: 2 }, undefined],
			['Not a detection: id is missing', { foo: 1 }, { item: 1 }, undefined],
			['Not a detection: id is missing', { foo: 2 }, { item: 3 }, undefined],
		]);
	});

	it('marks the bad ones for the error output where there is one', async () => {
		const [, , recorded] = await score(new FakeScorer(), items, {
			continueOnFail: true,
			onError: 'continueErrorOutput',
		});
		const onlyAnError = recorded.filter(({ json }) => Object.keys(json).every((name) => ['error', 'details'].includes(name)));
		expect(onlyAnError.map(({ json, pairedItem }) => [json.error, pairedItem])).toEqual([
			['Not a detection: id is missing', { item: 1 }],
			['Not a detection: id is missing', { item: 3 }],
		]);
	});

	it('never sends an input item by Contain when the ledger fails', async () => {
		const broken = new FakeScorer(() => {
			throw new Error('disk full');
		});
		const outputs = await score(broken, [detection('a')], { continueOnFail: true });
		expect(outputs.map((each) => each.length)).toEqual([0, 0, 1]);
		expect(outputs[2][0].json.error).toBe('disk full');
	});

	it('leaves the cursor alone when the poll before it failed, and records the failure', async () => {
		const scorer = new FakeScorer();
		const poll = {
			source: 'secureEndpoint',
			from: '2026-03-01T10:00:00.000Z',
			error: 'Secure Endpoint answered 503',
		};
		const [, , recorded] = await score(scorer, [poll, poll], { parameters: POLL, continueOnFail: true });
		expect(scorer.calls).toEqual([]);
		expect(scorer.failures).toEqual([{ source: 'secureEndpoint', error: 'Secure Endpoint answered 503' }]);
		expect(recorded[0].json.error).toBe('The source was not read: Secure Endpoint answered 503');
	});
});

describe('order and transactions', () => {
	const candidates = fc.array(
		fc.record({
			value: fc.oneof(
				fc.record({
					occurredAt: fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
					id: fc.string(),
				}),
				fc.anything(),
			),
			itemIndex: fc.nat(),
		}),
	);

	it('keeps every candidate, whatever it is', () => {
		fc.assert(
			fc.property(candidates, fc.integer({ min: 1, max: 7 }), (given, size) => {
				const chunks = chunked(inScoringOrder(given), size);
				expect(chunks.every((chunk) => chunk.length <= size)).toBe(true);
				expect(new Set(chunks.flat())).toEqual(new Set(given));
				expect(chunks.flat()).toHaveLength(given.length);
			}),
		);
	});

	it('does not depend on the order of the input', () => {
		const detections = fc.uniqueArray(
			fc.record({ time: fc.integer({ min: 0, max: 3 }), id: fc.string({ minLength: 1 }) }),
			{ selector: ({ id }) => id },
		);
		fc.assert(
			fc.property(detections, (given) => {
				const list = given.map(({ time, id }, itemIndex) => ({
					value: { id, occurredAt: new Date(time * 1000).toISOString() },
					itemIndex,
				}));
				expect(inScoringOrder([...list].reverse())).toEqual(inScoringOrder(list));
			}),
		);
	});
});
