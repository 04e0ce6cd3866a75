import type { NetworkAnalyticsClient } from './transport/client';

/**
 * Names of event types by id, for these events. The ledger's rules go by name, so a catalogue that can't be read is
 * an error rather than a reason to do without names.
 */
export async function typeNames(
	client: NetworkAnalyticsClient,
	events: readonly unknown[],
	itemIndex?: number,
): Promise<ReadonlyMap<string, string>> {
	if (events.length === 0) return new Map();
	return new Map((await client.eventTypes(itemIndex)).map(({ id, name }) => [id, name]));
}
