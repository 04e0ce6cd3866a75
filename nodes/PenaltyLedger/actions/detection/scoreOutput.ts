import type { IDataObject, INodeExecutionData, IPairedItemData } from 'n8n-workflow';
import type { EntityKey, Intent, ScoreOutcome, ScoreResult } from '../../../../ledger/api';
import type { Candidate } from './scoreInput';

type Recorded = Extract<ScoreOutcome, { outcome: 'recorded' }>;
type Duplicate = Extract<ScoreOutcome, { outcome: 'duplicate' }>;
export type Invalid = Extract<ScoreOutcome, { outcome: 'invalid' }>;

/** A candidate with what became of it. */
export interface Scored<Outcome extends ScoreOutcome = ScoreOutcome> {
	candidate: Candidate;
	outcome: Outcome;
}

/** What all transactions of a batch answered. Outcomes are in scoring order. */
export interface BatchResult {
	scored: Scored[];
	contain: Intent[];
	notices: Intent[];
	needsApproval: Intent[];
	refused: ScoreResult['refused'];
}

/** One item per containment to carry out now, paired with the detection that made its entity cross. */
export function containItems({ scored, contain }: BatchResult): INodeExecutionData[] {
	const intents = latest(contain);
	const index = lastByEntity(scored, intents.map(({ trigger }) => trigger));
	return intents.map((intent) => ({
		json: asJson(intent),
		pairedItem: pairs(index, [intent.trigger]),
	}));
}

/** One item per notice, paired with the detections of every entity it tells of. */
export function noticeItems({ scored, notices, needsApproval }: BatchResult): INodeExecutionData[] {
	const triggers = new Map(needsApproval.map(({ id, trigger }) => [id, trigger]));
	const told = latest(notices).map((intent) => ({ intent, entities: subjects(intent, triggers) }));
	const index = lastByEntity(scored, told.flatMap(({ entities }) => entities));
	return told.map(({ intent, entities }) => ({
		json: asJson(intent),
		pairedItem: pairs(index, entities),
	}));
}

/** One item per recorded detection, in input order; crossings that a guard refused are with the last detection. */
export function recordedItems({ scored, refused }: BatchResult, keepRaw: boolean): INodeExecutionData[] {
	const index = lastByEntity(scored, refused);
	const refusals = groupBy(refused, (refusal) => index.get(name(refusal)));
	return inInputOrder(scored.filter(isRecorded)).map((each) => {
		const { outcome, candidate } = each;
		const refusedHere = refusals.get(each);
		return {
			json: asJson({
				...outcome,
				detection: withoutRaw(candidate, keepRaw),
				...(refusedHere && { refused: refusedHere }),
			}),
			pairedItem: { item: candidate.itemIndex },
		};
	});
}

/** One item per detection that the ledger already had. */
export function duplicateItems({ scored }: BatchResult, keepRaw: boolean): INodeExecutionData[] {
	return inInputOrder(scored.filter(isDuplicate)).map(({ outcome, candidate }) => ({
		json: asJson({ ...outcome, detection: withoutRaw(candidate, keepRaw) }),
		pairedItem: { item: candidate.itemIndex },
	}));
}

/** One item that counts what was recorded and what the ledger already had, with the crossings that a guard refused; none for neither. */
export function summaryItems({ scored, refused }: BatchResult): INodeExecutionData[] {
	const recorded = scored.filter(isRecorded);
	const duplicates = scored.filter(isDuplicate).length;
	if (recorded.length + duplicates === 0) return [];
	const unrated = recorded.filter(({ outcome }) => outcome.unrated).length;
	const items = new Set(scored.map(({ candidate }) => candidate.itemIndex));
	return [
		{
			json: asJson({ outcome: 'summary', recorded: recorded.length, unrated, duplicates, ...(refused.length > 0 && { refused }) }),
			pairedItem: items.size === 1 ? { item: [...items][0] } : undefined,
		},
	];
}

/** As much of a detection that was scored as a summary and the pairing of items need. */
export function slimmed(scored: Scored): Scored {
	if (isInvalid(scored)) return scored;
	const candidate: Candidate = { value: undefined, itemIndex: scored.candidate.itemIndex };
	if (!isRecorded(scored)) return { candidate, outcome: scored.outcome };
	return { candidate, outcome: { ...scored.outcome, reasons: [] } };
}

/** What was given and is no detection, in input order. */
export function invalidOnes({ scored }: BatchResult): Array<Scored<Invalid>> {
	return inInputOrder(scored.filter(isInvalid));
}

function isRecorded(scored: Scored): scored is Scored<Recorded> {
	return scored.outcome.outcome === 'recorded';
}

function isDuplicate(scored: Scored): scored is Scored<Duplicate> {
	return scored.outcome.outcome === 'duplicate';
}

function isInvalid(scored: Scored): scored is Scored<Invalid> {
	return scored.outcome.outcome === 'invalid';
}

function groupBy<T, Key>(list: T[], keyOf: (each: T) => Key): Map<Key, T[]> {
	const groups = new Map<Key, T[]>();
	for (const each of list) groups.set(keyOf(each), [...(groups.get(keyOf(each)) ?? []), each]);
	return groups;
}

function inInputOrder<T extends Scored>(scored: T[]): T[] {
	return [...scored].sort((a, b) => a.candidate.itemIndex - b.candidate.itemIndex);
}

/** A later transaction of the batch may have added to an intent: its last state counts. */
function latest(intents: Intent[]): Intent[] {
	return [...new Map(intents.map((intent) => [intent.id, intent])).values()];
}

function subjects({ trigger, notice }: Intent, triggers: Map<string, EntityKey>): EntityKey[] {
	const approvals = notice?.approvals?.flatMap(({ intentId }) => triggers.get(intentId) ?? []) ?? [];
	return [trigger, ...approvals, ...(notice?.crossed ?? [])];
}

type Index = Map<string, Scored<Recorded>>;

/** The last recorded detection of each of these entities, in scoring order. */
function lastByEntity(scored: Scored[], entities: readonly EntityKey[]): Index {
	const wanted = new Set(entities.map(name));
	const index: Index = new Map();
	if (wanted.size === 0) return index;
	for (const each of scored) {
		if (!isRecorded(each)) continue;
		for (const entity of each.outcome.entities) if (wanted.has(name(entity))) index.set(name(entity), each);
	}
	return index;
}

function name({ kind, key }: EntityKey): string {
	return `${kind}:${key}`;
}

function pairs(index: Index, entities: EntityKey[]): IPairedItemData[] {
	const items = entities.flatMap((entity) => index.get(name(entity))?.candidate.itemIndex ?? []);
	return [...new Set(items)].sort((a, b) => a - b).map((item) => ({ item }));
}

function withoutRaw({ value }: Candidate, keepRaw: boolean): IDataObject {
	const given = value as IDataObject;
	if (keepRaw || given.raw === undefined) return given;
	const { raw, ...detection } = given;
	return detection;
}

function asJson(value: object): IDataObject {
	return value as IDataObject;
}
