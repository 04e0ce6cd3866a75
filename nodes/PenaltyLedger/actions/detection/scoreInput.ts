import type { INodeExecutionData } from 'n8n-workflow';

/** Something to score, and the input item it came with. */
export interface Candidate {
	value: unknown;
	itemIndex: number;
}

/**
 * Detections of all input items: an item is one Detection, or holds a list of them in `field`.
 * Empty items, which n8n's "Always Output Data" makes for a poll without detections, hold none.
 */
export function collectDetections(items: INodeExecutionData[], field: string): Candidate[] {
	return items.flatMap((item, itemIndex) => valuesOf(item, field).map((value) => ({ value, itemIndex })));
}

function valuesOf({ json }: INodeExecutionData, field: string): unknown[] {
	const list = json[field];
	if (Array.isArray(list)) return list;
	return Object.keys(json).length === 0 ? [] : [json];
}

/** Whether an item says that an earlier node, which continues on errors, could not read its source. */
export function isFailedPoll({ json, error }: INodeExecutionData): boolean {
	return (error !== undefined || Boolean(json.error)) && json.targets === undefined;
}

/** Oldest first, then by id, so that cutting a batch into transactions can't change any score. */
export function inScoringOrder(candidates: readonly Candidate[]): Candidate[] {
	return candidates
		.map((candidate) => ({ candidate, ...orderOf(candidate.value) }))
		.sort((a, b) => a.time - b.time || compare(a.id, b.id))
		.map(({ candidate }) => candidate);
}

function orderOf(value: unknown): { time: number; id: string } {
	const { occurredAt, id } = (value ?? {}) as { occurredAt?: unknown; id?: unknown };
	return { time: Date.parse(String(occurredAt)) || 0, id: String(id) };
}

function compare(a: string, b: string): number {
	if (a === b) return 0;
	return a < b ? -1 : 1;
}

/** Pieces of at most `size`; one empty piece for an empty list. */
export function chunked<T>(list: readonly T[], size: number): T[][] {
	const count = Math.max(1, Math.ceil(list.length / size));
	return Array.from({ length: count }, (_, index) => list.slice(index * size, (index + 1) * size));
}
