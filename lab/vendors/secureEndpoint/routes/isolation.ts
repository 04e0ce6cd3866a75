import { misuse, Refusal } from '../../shared/refusal';
import { isolationAvailable } from '../computerView';
import { single } from '../envelope';
import type { Isolation } from '../estate';
import { bodyFields, type Call, computerOf, type Route, textField } from '../route';

const PENDING = ['pending_start', 'pending_stop'];

function isolationView(available: boolean, isolation: Isolation | undefined): Record<string, unknown> {
	if (!isolation || isolation.status === 'not_isolated') return { available, status: 'not_isolated' };
	return {
		available,
		status: isolation.status,
		unlock_code: isolation.unlockCode,
		comment: isolation.comment,
		isolated_by: isolation.isolatedBy,
	};
}

function current(call: Call) {
	const host = computerOf(call);
	return { host, isolation: call.estate.isolation(host), available: isolationAvailable(call.estate, host) };
}

function refuseWhilePending(isolation: Isolation | undefined): void {
	if (isolation && PENDING.includes(isolation.status)) {
		throw new Refusal(409, `Computer is in a transitional isolation state: ${isolation.status}`);
	}
}

const isolationOptions: Route = {
	method: 'OPTIONS',
	path: '/computers/:guid/isolation',
	handle(call) {
		const { isolation, available } = current(call);
		const status = isolation?.status ?? 'not_isolated';
		const verbs = ['OPTIONS', 'GET'];
		if (available && status === 'not_isolated') verbs.push('PUT');
		if (status === 'isolated') verbs.push('DELETE');
		return { status: 204, headers: { allow: verbs.join(', ') } };
	},
};

const getIsolation: Route = {
	method: 'GET',
	path: '/computers/:guid/isolation',
	handle(call) {
		const { isolation, available } = current(call);
		return single(call.url, isolationView(available, isolation));
	},
};

const startIsolation: Route = {
	method: 'PUT',
	path: '/computers/:guid/isolation',
	writes: true,
	handle(call) {
		const { host, isolation, available } = current(call);
		const fields = bodyFields(call, ['comment', 'unlock_code']);
		const comment = textField(fields, 'comment') ?? null;
		const unlockCode = textField(fields, 'unlock_code');
		if (unlockCode !== undefined && !/^[A-Za-z0-9]{1,24}$/.test(unlockCode)) {
			throw misuse(400, 'Invalid parameter: unlock_code must be 1 to 24 letters or digits');
		}
		if (!available) throw new Refusal(409, 'Isolation is not available for this computer');
		refuseWhilePending(isolation);
		if (isolation?.status === 'isolated') throw new Refusal(409, 'Computer is already isolated');
		const started = call.estate.startIsolation(host, call.now, {
			comment,
			unlockCode,
			isolatedBy: `API client ${call.account.clientId}`,
		});
		return single(call.url, isolationView(available, started));
	},
};

const stopIsolation: Route = {
	method: 'DELETE',
	path: '/computers/:guid/isolation',
	writes: true,
	handle(call) {
		const { isolation, available } = current(call);
		const comment = textField(bodyFields(call, ['comment']), 'comment') ?? null;
		refuseWhilePending(isolation);
		if (!isolation || isolation.status === 'not_isolated') {
			throw new Refusal(409, 'Computer is not isolated');
		}
		call.estate.stopIsolation(isolation, call.now, comment);
		return single(call.url, isolationView(available, isolation));
	},
};

export const isolationRoutes: Route[] = [isolationOptions, getIsolation, startIsolation, stopIsolation];
