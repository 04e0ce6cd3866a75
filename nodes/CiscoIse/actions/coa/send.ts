import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';
import { parameterError } from '../../../shared/errors';
import type { IseClient } from '../../transport/client';
import { pathSegment } from '../../transport/ers';
import { mntGet } from '../../transport/mnt';
import { child, textOf } from '../../transport/xml';
import { readMac } from '../common';

/**
 * Sends a change of authorisation through the policy service node that handles the endpoint's session.
 *
 * @param kind path element of the monitoring API
 * @param type option number of the monitoring API, 0 to 2
 * @throws NodeOperationError when the endpoint has no session, or the network device did not do it.
 */
export async function sendCoa(
	context: IExecuteFunctions,
	client: IseClient,
	kind: 'Reauth' | 'Disconnect',
	type: string,
	itemIndex: number,
): Promise<IDataObject> {
	const macAddress = readMac(context, itemIndex);
	const server = (await client.mntSessions.byMac(macAddress))?.session.server;
	if (!server) {
		throw parameterError(
			context.getNode(),
			`${macAddress} has no active session`,
			itemIndex,
			'A change of authorization reaches an endpoint only while it is connected.',
		);
	}
	const path = `/CoA/${kind}/${pathSegment(server)}/${macAddress}/${pathSegment(type)}`;
	// The call is a GET, but what it does to a switch port should not be done twice.
	const answer = await mntGet(context, client.mnt, path, { itemIndex, idempotent: false });
	const done = answer && textOf(child(answer, 'remoteCoA'), 'results')?.toLowerCase() === 'true';
	if (done) return { macAddress, server, success: true };
	throw new NodeOperationError(
		context.getNode(),
		`The network device did not carry out the change for ${macAddress}`,
		{
			itemIndex,
			description: 'Check that change of authorization (CoA) is on for this network device in Cisco ISE.',
		},
	);
}
