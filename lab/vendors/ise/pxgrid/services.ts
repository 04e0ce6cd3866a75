import { PXGRID_NODES, TOPICS, type PxGridNode } from './model';

/** A service on one node, as ServiceLookup gives it. */
export interface PxGridService {
	name: string;
	/** Peer to ask AccessSecret for. */
	nodeName: string;
	properties: Record<string, string>;
}

export const PUBSUB_PATH = '/pxgrid/ise/pubsub';
const PUBSUB = 'com.cisco.ise.pubsub';

interface Provided {
	name: string;
	/** First part of the peer's name. */
	peer: string;
	/** Path below which the service's REST calls are. */
	path?: string;
	properties: Record<string, string>;
}

const PROVIDED: Provided[] = [
	{
		name: 'com.cisco.ise.session',
		peer: '~ise-mnt',
		path: '/pxgrid/mnt/sd',
		properties: {
			sessionTopic: TOPICS.session,
			groupTopic: TOPICS.group,
			wsPubsubService: PUBSUB,
		},
	},
	{
		name: 'com.cisco.ise.config.anc',
		peer: '~ise-admin',
		path: '/pxgrid/ise/config/anc',
		properties: { statusTopic: TOPICS.ancStatus, wsPubsubService: PUBSUB },
	},
	{
		name: 'com.cisco.ise.radius',
		peer: '~ise-mnt',
		path: '/pxgrid/ise/radius',
		properties: { failureTopic: TOPICS.radiusFailure, wsPubsubService: PUBSUB },
	},
	{ name: PUBSUB, peer: '~ise-pubsub', properties: {} },
];

/** What ISE itself provides under that name, on every node. */
export function servicesOf(name: string): PxGridService[] {
	return PXGRID_NODES.flatMap((node) =>
		PROVIDED.filter((service) => service.name === name).map(({ peer, path, properties }) => ({
			name,
			nodeName: `${peer}-${node.shortName}`,
			properties: {
				...(path === undefined
					? { wsUrl: `wss://${node.host}${PUBSUB_PATH}` }
					: { restBaseUrl: `https://${node.host}${path}` }),
				...properties,
			},
		})),
	);
}

/** The service that a REST path of a node belongs to, its peer there, and the call's own name. */
export function restCallOf(
	node: PxGridNode,
	pathname: string,
): { service: string; peer: string; call: string } | undefined {
	for (const { name, peer, path } of PROVIDED) {
		if (path !== undefined && pathname.startsWith(`${path}/`)) {
			return { service: name, peer: `${peer}-${node.shortName}`, call: pathname.slice(path.length + 1) };
		}
	}
	return undefined;
}

export function pubsubPeer(node: PxGridNode): string {
	return `~ise-pubsub-${node.shortName}`;
}

/** Whether ISE runs a peer of that name. */
export function isPeer(nodeName: string): boolean {
	return PXGRID_NODES.some((node) => PROVIDED.some(({ peer }) => `${peer}-${node.shortName}` === nodeName));
}
