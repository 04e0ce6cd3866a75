import type {
	DeduplicationItemTypes,
	DeduplicationScope,
	ICheckProcessedContextData,
	IDataDeduplicator,
	IDeduplicationOutput,
} from 'n8n-workflow';

/** In the place of n8n's database of seen values, for mode `entries`; forgets none by itself. */
export class EngineDeduplicator implements IDataDeduplicator {
	private readonly seen = new Map<string, Set<DeduplicationItemTypes>>();

	async checkProcessedAndRecord(
		items: DeduplicationItemTypes[],
		scope: DeduplicationScope,
		context: ICheckProcessedContextData,
	): Promise<IDeduplicationOutput> {
		const seen = this.seenBy(scope, context);
		const output: IDeduplicationOutput = { new: [], processed: [] };
		for (const item of items) {
			output[seen.has(item) ? 'processed' : 'new'].push(item);
			seen.add(item);
		}
		return output;
	}

	async removeProcessed(
		items: DeduplicationItemTypes[],
		scope: DeduplicationScope,
		context: ICheckProcessedContextData,
	): Promise<void> {
		for (const item of items) this.seenBy(scope, context).delete(item);
	}

	async clearAllProcessedItems(
		scope: DeduplicationScope,
		context: ICheckProcessedContextData,
	): Promise<void> {
		this.seenBy(scope, context).clear();
	}

	async getProcessedDataCount(
		scope: DeduplicationScope,
		context: ICheckProcessedContextData,
	): Promise<number> {
		return this.seenBy(scope, context).size;
	}

	/** As a new n8n. */
	reset(): void {
		this.seen.clear();
	}

	private seenBy(
		scope: DeduplicationScope,
		{ workflow, node }: ICheckProcessedContextData,
	): Set<DeduplicationItemTypes> {
		const key = scope === 'node' ? `${workflow.id} ${node?.id}` : workflow.id;
		const seen = this.seen.get(key) ?? new Set();
		this.seen.set(key, seen);
		return seen;
	}
}
