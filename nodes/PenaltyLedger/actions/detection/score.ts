import type { IDataObject, IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';
import type { LedgerService, ScoreOptions } from '../../../../ledger/service';
import { parameterError } from '../../../shared/errors';
import { workflowActor } from '../../helpers/actor';
import { failure } from '../../helpers/errors';
import { optionsField } from '../../helpers/fields';
import { isoTime, text } from '../../helpers/parameters';
import { chunked, collectDetections, inScoringOrder, isFailedPoll, type Candidate } from './scoreInput';
import {
	containItems,
	duplicateItems,
	invalidOnes,
	noticeItems,
	recordedItems,
	slimmed,
	summaryItems,
	type BatchResult,
	type Invalid,
	type Scored,
} from './scoreOutput';

export const description: INodeProperties[] = [
	{
		displayName: 'Source',
		name: 'source',
		type: 'string',
		default: '',
		placeholder: 'e.g. secureEndpoint',
		description:
			'Source that was polled, to keep how far it was read. Leave empty when the detections do not come from a poll.',
	},
	{
		displayName: 'Read Until',
		name: 'readUntil',
		type: 'string',
		default: '',
		placeholder: 'e.g. {{ $("Get cursor").first().json.to }}',
		description:
			'Time up to which the source was read: the field to of Cursor: Get. It is kept with the detections, in the last transaction, even when there are none.',
	},
	optionsField(
		{
			displayName: 'Chunk Size',
			name: 'chunkSize',
			type: 'number',
			typeOptions: { minValue: 1 },
			default: 50,
			description: 'How many detections to score in one transaction at most. More are faster; fewer need less memory.',
		},
		{
			displayName: 'Detections Field',
			name: 'detectionsField',
			type: 'string',
			default: 'detections',
			description:
				'Field of an item that may hold a list of detections. Items without it are one detection each.',
		},
		{
			displayName: 'Keep Raw Event',
			name: 'keepRaw',
			type: 'boolean',
			default: false,
			description: "Whether to keep the vendor's event (field raw) with the detection",
		},
		{
			displayName: 'Recorded Items',
			name: 'recordedItems',
			type: 'options',
			options: [
				{
					name: 'One for Each Detection',
					value: 'each',
					description: 'Recorded and Duplicate get an item for each detection, with its scores and the reasons for them',
				},
				{
					name: 'Summary',
					value: 'summary',
					description: 'Recorded gets one item that counts them, and Duplicate none. Saves memory when a poll finds thousands.',
				},
			],
			default: 'each',
			description: 'What leaves by Recorded and Duplicate; what Contain and Needs Approval get stays the same',
		},
	),
];

/** Index of "Recorded" among the outputs Contain, Needs approval, Recorded, Duplicate. */
export const errorOutput = 2;

interface Options {
	chunkSize?: number;
	detectionsField?: string;
	keepRaw?: boolean;
	recordedItems?: 'each' | 'summary';
}

/**
 * Scores all input items as one batch. Items that are no detection never hold back the others: with "On Error:
 * continue" they leave by Recorded (or the error output), else the node fails after everything else is committed.
 */
export async function executeBatch(
	this: IExecuteFunctions,
	ledger: LedgerService,
): Promise<INodeExecutionData[][]> {
	const {
		chunkSize = 50,
		detectionsField = 'detections',
		keepRaw = false,
		recordedItems: wanted = 'each',
	} = this.getNodeParameter('options', 0, {}) as Options;
	const items = this.getInputData();
	const failedPolls = items.flatMap((item, itemIndex) => (isFailedPoll(item) ? [itemIndex] : []));
	const candidates = collectDetections(items, detectionsField).filter(
		({ itemIndex }) => !failedPolls.includes(itemIndex),
	);
	const cursor = failedPolls.length ? undefined : cursorToCommit(this);

	const batch = await scoreInChunks(ledger, chunked(inScoringOrder(candidates), chunkSize), {
		actor: workflowActor(this, 0),
		keepRaw,
		cursor,
		slim: wanted === 'summary',
	});
	const source = text(this, 'source', 0);
	if (source && failedPolls.length) {
		await ledger.recordSourceFailure(source, causeOf(items[failedPolls[0]]), workflowActor(this, 0));
	}
	const bad = [
		...failedPolls.map((itemIndex) => failedPoll(this, itemIndex)),
		...invalidOnes(batch).map((invalid) => noDetection(this, invalid)),
	];
	if (bad.length && !this.continueOnFail()) throw batchError(this, bad, batch);
	const failures = bad.map(({ error, itemIndex, details }) => failure(this, error, itemIndex, details));
	const decided = [containItems(batch), noticeItems(batch)];
	if (wanted === 'summary') return [...decided, [...summaryItems(batch), ...failures], []];
	return [...decided, [...recordedItems(batch, keepRaw), ...failures], duplicateItems(batch, keepRaw)];
}

function cursorToCommit(context: IExecuteFunctions): ScoreOptions['cursor'] {
	const source = text(context, 'source', 0);
	const position = isoTime(context, context.getNodeParameter('readUntil', 0, ''), 'Read Until', 0);
	if (position && !source) {
		throw parameterError(
			context.getNode(),
			'"Source" is empty: name the source that was read until this time',
			0,
		);
	}
	return position ? { source, position } : undefined;
}

interface ChunkOptions extends ScoreOptions {
	/** Keep no more of each detection than a summary and the pairing of items need. */
	slim: boolean;
}

/** The cursor goes with the last transaction, so that a crash between two repeats the poll. */
async function scoreInChunks(
	ledger: LedgerService,
	chunks: Candidate[][],
	{ cursor, slim, ...options }: ChunkOptions,
): Promise<BatchResult> {
	const batch: BatchResult = { scored: [], contain: [], notices: [], needsApproval: [], refused: [] };
	for (const [index, chunk] of chunks.entries()) {
		const isLast = index === chunks.length - 1;
		if (!chunk.length && !cursor) break;
		if (index > 0) await otherWork();
		const result = await ledger.score(
			chunk.map(({ value }) => value),
			{ ...options, ...(isLast && cursor && { cursor }) },
		);
		for (const [at, outcome] of result.outcomes.entries()) {
			const scored: Scored = { outcome, candidate: chunk[at] };
			batch.scored.push(slim ? slimmed(scored) : scored);
		}
		batch.contain.push(...result.contain);
		batch.notices.push(...result.notices);
		batch.needsApproval.push(...result.needsApproval);
		batch.refused.push(...result.refused);
	}
	return batch;
}

/** The embedded store answers at once: without a pause, a long batch would keep n8n from its web requests and from tidying its memory. */
async function otherWork(): Promise<void> {
	await new Promise<void>((resolve) => setImmediate(resolve));
}

/** Something among the input that could not be scored. */
interface BadInput {
	error: NodeOperationError;
	itemIndex: number;
	/** Fields of the failed item; default: those of the input item. */
	details?: IDataObject;
}

function failedPoll(context: IExecuteFunctions, itemIndex: number): BadInput {
	const cause = causeOf(context.getInputData()[itemIndex]);
	const error = new NodeOperationError(context.getNode(), `The source was not read: ${cause}`, {
		itemIndex,
		description: 'How far the source was read is left as it was, so that the next poll reads it again.',
	});
	return { error, itemIndex };
}

function causeOf({ json, error }: INodeExecutionData): string {
	return error?.message ?? (typeof json.error === 'string' ? json.error : 'an earlier node failed');
}

function noDetection(context: IExecuteFunctions, { candidate, outcome }: Scored<Invalid>): BadInput {
	const { itemIndex, value } = candidate;
	const name = outcome.id ? ` (${outcome.id})` : '';
	const message = `Not a detection${name}: ${outcome.error}`;
	return {
		error: new NodeOperationError(context.getNode(), message, { itemIndex }),
		itemIndex,
		details: { outcome: 'invalid', field: outcome.field, detection: value as IDataObject },
	};
}

function batchError(
	context: IExecuteFunctions,
	bad: BadInput[],
	{ scored }: BatchResult,
): NodeOperationError {
	const [{ error, itemIndex }] = bad;
	const kept = scored.filter(({ outcome }) => outcome.outcome !== 'invalid').length;
	const others = bad.length > 1 ? ` (and ${bad.length - 1} more)` : '';
	return new NodeOperationError(context.getNode(), `${error.message}${others}`, {
		itemIndex,
		description:
			`${bad.length} of the detections given could not be scored, the first in item ${itemIndex}. The other ${kept} are recorded, and what they decided waits for Intent: Claim. ${error.description ?? ''}`.trim(),
	});
}
