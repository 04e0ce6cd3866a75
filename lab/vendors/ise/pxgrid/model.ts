import { NODE_ZONE } from '../mntXml';
import { DateTime } from 'luxon';

/** One of the deployment's pxGrid nodes. Both serve the same data; names and secrets are their own. */
export interface PxGridNode {
	number: 1 | 2;
	/** Host and port. */
	host: string;
	/** Short name, the end of the names of the peers that run on the node. */
	shortName: string;
}

export const PXGRID_NODES: readonly PxGridNode[] = [
	{ number: 1, host: 'ise.lab.example:8910', shortName: 'ise' },
	{ number: 2, host: 'ise2.lab.example:8910', shortName: 'ise2' },
];

export const TOPICS = {
	session: '/topic/com.cisco.ise.session',
	group: '/topic/com.cisco.ise.session.group',
	ancStatus: '/topic/com.cisco.ise.config.anc.status',
	radiusFailure: '/topic/com.cisco.ise.radius.failure',
} as const;

/** ISO 8601 with the node's own offset, as pxGrid writes every time. */
export function pxGridTime(epochMs: number): string {
	return DateTime.fromMillis(epochMs, { zone: NODE_ZONE }).toISO() ?? '';
}
