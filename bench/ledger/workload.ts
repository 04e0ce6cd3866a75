import type { Detection } from '../../ledger';
import { DEFAULT_RULES } from '../../ledger/presets/rules';

/** Small, fast and the same every time. */
export function randomNumbers(seed: number): () => number {
	let state = seed >>> 0;
	return () => {
		state = (state + 0x6d2b79f5) >>> 0;
		let t = Math.imul(state ^ (state >>> 15), state | 1);
		t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
		return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
	};
}

const RULES = DEFAULT_RULES.filter(({ source }) => ['secureEndpoint', 'umbrella', 'secureNetworkAnalytics'].includes(source)).sort(
	(a, b) => a.penalty - b.penalty,
);

/**
 * Detections as a large network gives them: of three sources and every event type that has a penalty, minor ones
 * far more often than grave ones, spread over `hosts` endpoints of four entities each (MAC, IP, hostname, user), a
 * quarter of them repeats. Some hosts cross the threshold, most never do.
 */
export function* detections(count: number, hosts: number, fromMs: number, stepMs: number, seed = 1): Generator<Detection> {
	const random = randomNumbers(seed);
	for (let i = 0; i < count; i++) {
		const host = Math.floor(random() * hosts);
		const rule = RULES[Math.floor(random() ** 4 * RULES.length)];
		const eventType = [rule.eventType ?? 'dns'].flat()[0];
		const hash = random() < 0.25 ? `known-${host}` : `sha-${i}-${seed}`;
		yield {
			id: `${rule.source}:${seed}-${i}`,
			source: rule.source,
			eventType: { id: eventType, name: rule.reason },
			categories: [rule.category ?? []].flat().slice(0, 1),
			severity: 'Medium',
			occurredAt: new Date(fromMs + i * stepMs).toISOString(),
			observables: [{ type: 'sha256', value: hash }, { type: 'file_name', value: 'setup.exe' }],
			targets: [targetOf(host)],
			link: `https://console.example/events/${i}`,
		};
	}
}

/** The entities of one endpoint. */
export function targetOf(host: number): Detection['targets'][number] {
	const hex = host.toString(16).padStart(6, '0').toUpperCase();
	return {
		mac: `00:1B:54:${hex.slice(0, 2)}:${hex.slice(2, 4)}:${hex.slice(4)}`,
		ip: `10.${host >> 16}.${(host >> 8) & 255}.${host & 255}`,
		hostname: `pc-${host}`,
		user: `user${host}`,
		connectorGuid: `00000000-0000-4000-8000-${host.toString(16).padStart(12, '0')}`,
	};
}
