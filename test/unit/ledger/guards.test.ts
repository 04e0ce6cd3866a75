import { decide, type GuardInput } from '../../../ledger/guards';
import { plainPolicy } from './helpers';

const guards = { minimumSources: 2, breaker: { limit: 5, window: 'PT10M', maxShare: 0.2, shareFloor: 5 }, grace: 'PT30M' };
const calm: GuardInput = {
	policy: plainPolicy({ guards }),
	kind: 'mac',
	score: 95,
	sources: ['secureEndpoint', 'umbrella'],
	recentContainments: 0,
	openHosts: 0,
	knownHosts: 100,
};
const worst: Partial<GuardInput> = {
	protectedBy: { type: 'hostname', value: 'dc*', reason: 'Domain controllers' },
	graceUntil: '2026-01-15T12:30:00.000Z',
	sources: ['umbrella'],
	recentContainments: 5,
};

describe('decide', () => {
	it.each([
		['nothing speaks against it', {}, 'dispatch', 'contain'],
		['the policy observes', { policy: plainPolicy({ mode: 'observe' }) }, 'observe', 'refuse'],
		['it is an IP', { kind: 'ip' }, 'kind', 'refuse'],
		['it is protected', { protectedBy: worst.protectedBy }, 'protected', 'refuse'],
		['it is in grace', { graceUntil: worst.graceUntil }, 'grace', 'refuse'],
		['only one source', { sources: ['umbrella'] }, 'diversity', 'approve'],
		['too many lately', { recentContainments: 5 }, 'breaker', 'approve'],
		['one below the limit', { recentContainments: 4 }, 'dispatch', 'contain'],
		['too large a share', { openHosts: 20 }, 'breaker', 'approve'],
		['share just below', { openHosts: 19 }, 'dispatch', 'contain'],
		['a small network up to the floor', { openHosts: 4, knownHosts: 6 }, 'dispatch', 'contain'],
		['the policy asks', { policy: plainPolicy({ mode: 'approval' }) }, 'approval', 'approve'],
		['it is a user', { kind: 'user' }, 'kind', 'approve'],
	] as [string, Partial<GuardInput>, string, string][])('%s', (_name, changes, guard, verdict) => {
		const decision = decide({ ...calm, ...changes });
		expect(decision).toMatchObject({ guard, verdict });
		expect(decision.reason).not.toBe('');
	});

	it.each([
		[['observe', { ...worst, policy: plainPolicy({ guards, mode: 'observe' }) }]],
		[['protected', worst]],
		[['grace', { ...worst, protectedBy: undefined }]],
		[['diversity', { ...worst, protectedBy: undefined, graceUntil: undefined }]],
		[['breaker', { ...worst, protectedBy: undefined, graceUntil: undefined, sources: calm.sources, policy: plainPolicy({ guards, mode: 'approval' }) }]],
	] as [[string, Partial<GuardInput>]][])('asks the guards in order: %j', ([guard, changes]) => {
		expect(decide({ ...calm, ...changes }).guard).toBe(guard);
	});

	it('tells protected apart in words', () => {
		expect(decide({ ...calm, ...worst }).reason).toBe('Protected by hostname dc*: Domain controllers');
	});
});
