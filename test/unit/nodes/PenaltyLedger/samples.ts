import type { EntityKey, Intent } from '../../../../ledger/api';
import type { Detection } from '../../../../ledger/detection';

export function detection(id: string, changes: Partial<Detection> = {}): Detection {
	return {
		id: `secureEndpoint:${id}`,
		source: 'secureEndpoint',
		eventType: { id: '1090519054', name: 'Threat Detected' },
		categories: [],
		severity: 'High',
		occurredAt: '2026-03-01T10:00:00.000Z',
		observables: [],
		targets: [{ mac: '00:11:22:33:44:55', hostname: 'pc-17' }],
		...changes,
	};
}

export function intent(id: string, trigger: EntityKey, changes: Partial<Intent> = {}): Intent {
	return {
		id,
		kind: 'contain',
		state: 'pending',
		episodeId: `episode-of-${id}`,
		host: { hostId: 'host-1', macs: [], ips: [], hostnames: [], users: [], connectorGuids: [] },
		trigger: { ...trigger, score: 90 },
		decision: { guard: 'dispatch', verdict: 'contain', reason: 'No guard objects' },
		ancPolicy: 'Quarantine',
		isolateConnector: true,
		reason: 'Score 90 of 80',
		requestedBy: 'workflow',
		topContributions: [],
		createdAt: '2026-03-01T10:00:01.000Z',
		attempts: 0,
		steps: {},
		...changes,
	};
}

export const mac: EntityKey = { kind: 'mac', key: '00:11:22:33:44:55' };
export const hostname: EntityKey = { kind: 'hostname', key: 'pc-17' };
