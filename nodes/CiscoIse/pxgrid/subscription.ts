import { ANC_SERVICE } from '../anc/pxGridAnc';
import { SESSION_SERVICE } from '../sessions/pxGridDirectory';
import { outcomeOf } from '../transport/nodeGroup';
import type { PxGrid, PxGridService } from './client';
import { pxGridTls } from './credential';
import { LinkRefused, openLink, type Link } from './link';

/** Kinds of events that can be subscribed to. */
export type EventKind = 'session' | 'ancStatus';

const SOURCES: Record<EventKind, { service: string; topicProperty: string }> = {
	session: { service: SESSION_SERVICE, topicProperty: 'sessionTopic' },
	ancStatus: { service: ANC_SERVICE, topicProperty: 'statusTopic' },
};

/**
 * Connects to the first pubsub node that answers and subscribes to the topics of these events.
 *
 * @param attempt turns the order of the nodes, so that a node that accepts and then fails is not asked for ever
 * @throws the error of the last node.
 */
export async function connectToPubsub(
	pxGrid: PxGrid,
	kinds: readonly EventKind[],
	onMessage: (kind: EventKind, body: string) => void,
	attempt: number,
	signal: AbortSignal,
): Promise<Link> {
	const { pubsub, topics } = await topicsOf(pxGrid, kinds);
	const nodes = rotated(await pxGrid.offered(pubsub, attempt > 0), attempt);
	let failure: Error | undefined;
	for (const node of nodes) {
		try {
			return await connectTo(pxGrid, node, topics, onMessage, signal);
		} catch (error) {
			failure = error as Error;
			if (signal.aborted) break;
		}
	}
	throw failure ?? new Error('The subscription was ended');
}

async function topicsOf(
	pxGrid: PxGrid,
	kinds: readonly EventKind[],
): Promise<{ pubsub: string; topics: Map<string, EventKind> }> {
	const topics = new Map<string, EventKind>();
	const brokers = new Set<string>();
	for (const kind of kinds) {
		const { service, topicProperty } = SOURCES[kind];
		const [{ properties }] = await pxGrid.offered(service);
		const topic = properties[topicProperty];
		if (!topic || !properties.wsPubsubService) throw new Error(`pxGrid names no topic for ${service}`);
		topics.set(topic, kind);
		brokers.add(properties.wsPubsubService);
	}
	if (brokers.size !== 1) {
		throw new Error('The chosen events come from different pubsub services: use one trigger for each');
	}
	return { pubsub: [...brokers][0], topics };
}

async function connectTo(
	pxGrid: PxGrid,
	{ nodeName, properties }: PxGridService,
	topics: Map<string, EventKind>,
	onMessage: (kind: EventKind, body: string) => void,
	signal: AbortSignal,
): Promise<Link> {
	const open = async (headers: Record<string, string>) =>
		await openLink(
			{
				url: properties.wsUrl ?? '',
				nodeName,
				headers,
				tls: pxGridTls(pxGrid.credential),
				topics: [...topics.keys()],
				onMessage: (topic, body) => {
					const kind = topics.get(topic);
					if (kind) onMessage(kind, body);
				},
			},
			signal,
		);
	const headers = await pxGrid.authorizationFor(nodeName);
	const outcome = await outcomeOf(open(headers));
	if ('answer' in outcome) return outcome.answer;
	const isStale = outcome.error instanceof LinkRefused && outcome.error.status === 401;
	if (!isStale) throw outcome.error;
	return await open(await pxGrid.authorizationFor(nodeName, headers));
}

function rotated<T>(list: T[], by: number): T[] {
	const start = by % list.length;
	return [...list.slice(start), ...list.slice(0, start)];
}
