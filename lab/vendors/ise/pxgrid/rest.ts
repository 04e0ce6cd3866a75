import type { LabRequest, LabResponse } from '../../../machine/vendor';
import { misuse } from '../../shared/refusal';
import type { IseStore } from '../store';
import type { Accounts } from './accounts';
import { ancCalls } from './ancService';
import { knownFieldsOnly, ok, readCall } from './call';
import type { Countdown } from './faults';
import type { PxGridNode } from './model';
import type { Operations } from './operations';
import { restCallOf } from './services';
import type { SessionFeed } from './sessionFeed';
import { sessionCalls, type ServiceCall } from './sessionService';

interface RestParts {
	store: IseStore;
	accounts: Accounts;
	feed: SessionFeed;
	operations: Operations;
	/** Session replies that lose their body. */
	emptyReplies: Countdown;
}

/** Answers REST calls to the services of a node; throws refusals. */
export function createRest({ store, accounts, feed, operations, emptyReplies }: RestParts) {
	const callsOf = (service: string, node: PxGridNode): Record<string, ServiceCall> => {
		if (service === 'com.cisco.ise.session') return sessionCalls(store, feed);
		if (service === 'com.cisco.ise.config.anc') {
			return ancCalls(store, operations, node.host.split(':')[0]);
		}
		return { getFailures: noFailures };
	};
	return (request: LabRequest, node: PxGridNode): LabResponse => {
		const { pathname } = request.url;
		const rest = restCallOf(node, pathname);
		if (!rest) throw misuse(404, `nothing of pxGrid answers ${pathname}`);
		const { service, peer, call } = rest;
		accounts.ofPeer(request, peer);
		const body = readCall(request);
		const calls = callsOf(service, node);
		if (!Object.hasOwn(calls, call)) throw misuse(404, `${service} has no call ${call}`);
		const response = calls[call](body);
		const empty = service === 'com.cisco.ise.session' && emptyReplies.take();
		return empty ? { status: 200, body: '' } : response;
	};
}

/** Service `com.cisco.ise.radius`: nobody fails to sign in here. */
function noFailures(body: Record<string, unknown>): LabResponse {
	knownFieldsOnly(body, ['startTimestamp']);
	return ok({ failures: [] });
}
