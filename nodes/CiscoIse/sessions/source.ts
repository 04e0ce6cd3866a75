import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';
import type { ApiContext } from '../../shared/http';
import type { PxGrid } from '../pxgrid/client';
import { Alternatives, type Alternative } from '../transport/alternatives';
import { firstAnswering, type SessionDirectory } from './directory';
import { pxGridDirectory } from './pxGridDirectory';
import { remembering } from './remembering';

/** Which interface of ISE tells about sessions. */
export type SessionSource = 'auto' | 'mnt' | 'pxGrid' | 'pxGridThenMnt';

/** An entry for the options of operations that look sessions up. */
export const sessionSourceOption: INodeProperties = {
	displayName: 'Session Source',
	name: 'sessionSource',
	type: 'options',
	options: [
		{
			name: 'Automatic',
			value: 'auto',
			description: 'PxGrid where the node has a credential for it, then the monitoring node',
		},
		{ name: 'Monitoring Node', value: 'mnt', description: 'The MnT interface only' },
		{ name: 'pxGrid', value: 'pxGrid', description: 'PxGrid only' },
		{
			name: 'pxGrid, Then Monitoring Node',
			value: 'pxGridThenMnt',
			description: 'PxGrid, and the monitoring node when pxGrid fails',
		},
	],
	default: 'auto',
	description: 'Interface of Cisco ISE that sessions are looked up in',
};

export function readSessionSource(context: IExecuteFunctions, itemIndex: number): SessionSource {
	return context.getNodeParameter('options.sessionSource', itemIndex, 'auto') as SessionSource;
}

/** The directory for each source; all look-ups of one source share what they learnt. */
export function sessionDirectories(
	context: ApiContext,
	mnt: SessionDirectory | undefined,
	pxGrid: PxGrid | undefined,
): (source: SessionSource) => SessionDirectory {
	const byPxGrid = pxGrid && remembering(pxGridDirectory(pxGrid));
	const both: Alternative<SessionDirectory>[] = [
		...(byPxGrid ? [{ name: 'pxGrid', by: byPxGrid }] : []),
		...(mnt ? [{ name: 'The monitoring node', by: mnt }] : []),
	];
	const withFallback = firstAnswering(new Alternatives(context, both));
	return (source) => {
		if (source === 'auto') return withFallback;
		if (!byPxGrid && source !== 'mnt') throw missingPxGrid(context);
		if (!mnt && source !== 'pxGrid') throw missingIse(context);
		return { mnt, pxGrid: byPxGrid, pxGridThenMnt: withFallback }[source]!;
	};
}

/** Somebody chose ERS or the monitoring node in a node that connects through pxGrid only. */
export function missingIse(context: ApiContext): NodeOperationError {
	return new NodeOperationError(context.getNode(), 'This node connects through pxGrid only', {
		description: 'Choose "ERS and MnT" in "Connect Through", or another interface in the options.',
	});
}

/** Somebody chose pxGrid in a node that has no account for it. */
export function missingPxGrid(context: ApiContext): NodeOperationError {
	return new NodeOperationError(context.getNode(), 'This node has no pxGrid credential', {
		description:
			'Choose a credential of the type "Cisco pxGrid (RTC) API", or another interface in the options.',
	});
}
