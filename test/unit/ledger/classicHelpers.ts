import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PRESETS, type Detection, type LedgerService, type Policy, type Rule } from '../../../ledger';
import { parseNetwork, type Network } from '../../../ledger/network';
import { PRIVATE_NETWORKS } from '../../../ledger/presets/balanced';
import { toDetections as fromSecureEndpoint } from '../../../nodes/CiscoSecureEndpoint/detections';
import { toDetection as fromNetworkAnalytics } from '../../../nodes/CiscoSecureNetworkAnalytics/detections';
import { toLegacyDetection } from '../../../nodes/CiscoUmbrella/legacyDetections';
import { sessionAt, type OldConfig, type OldEvent, type OldSource, type Session } from './classicSystem';
import { ACTOR } from './helpers';

const fixture = (name: string): unknown => JSON.parse(readFileSync(join(__dirname, '../../fixtures/classic', name), 'utf8'));

export const CONFIG = fixture('config.json') as OldConfig;
export const SESSIONS = fixture('sessions.json') as Session[];

const NETWORKS = PRIVATE_NETWORKS.map((text) => parseNetwork(text) as Network);

/** The recorded events of all sources, oldest first. */
export function recordedEvents(): OldEvent[] {
	const read = (source: OldSource, name: string) =>
		(fixture(name) as OldEvent['raw'][]).map((raw) => ({ source, raw, atMs: Date.parse(detectionOf({ source, raw, atMs: 0 }).occurredAt) }));
	return [
		...read('secureEndpoint', 'secure-endpoint-events.json'),
		...read('umbrella', 'umbrella-security-activity.json'),
		...read('secureNetworkAnalytics', 'secure-network-analytics-events.json'),
	].sort((a, b) => a.atMs - b.atMs);
}

/** A vendor's event as our nodes read it. */
export function detectionOf({ source, raw }: OldEvent): Detection {
	const detection = {
		secureEndpoint: () => fromSecureEndpoint(raw)[0],
		umbrella: () => withAddress(toLegacyDetection(raw)),
		secureNetworkAnalytics: () => fromNetworkAnalytics(raw, { typeNames: new Map(), internalNetworks: NETWORKS }),
	}[source]();
	if (!detection) throw new Error(`Not an event of ${source}`);
	return detection;
}

/** The oldest system took the address that a roaming client reports for one of its own network, wherever the client was. */
function withAddress(detection: Detection | undefined): Detection | undefined {
	const apart = detection?.targets.findIndex(({ ip, hostname, user }, index) => index > 0 && ip && !hostname && !user) ?? -1;
	if (!detection || apart < 0) return detection;
	const [main, ...others] = detection.targets;
	return { ...detection, targets: [{ ...main, ip: detection.targets[apart].ip }, ...others.filter((target) => target !== detection.targets[apart])] };
}

/** A detection with what ISE knows of its addresses, which the oldest system asked for each of them. */
export function withSessions(detection: Detection, sessions: readonly Session[]): Detection {
	const targets = detection.targets.map((target) => {
		const session = target.ip === undefined ? undefined : sessionAt(sessions, target.ip, Date.parse(detection.occurredAt));
		return session ? { ...target, mac: session.mac, ...(session.user !== '' && { user: session.user }) } : target;
	});
	return { ...detection, targets };
}

/** The rules that a configuration of the oldest system stands for. It skips events that cost nothing. */
export function rulesOf(config: OldConfig): Rule[] {
	const costs = ({ penalty }: { penalty: string }) => Number(penalty) > 0;
	const byId = (source: OldSource) => (row: { eventid: string; penalty: string }) => ({
		source,
		eventType: row.eventid,
		penalty: Number(row.penalty),
		reason: `Event ${row.eventid}`,
	});
	return [
		...config.umbrellaEventsConfig.filter(costs).map(({ event_name: name, penalty }) => ({
			source: 'umbrella', category: name, penalty: Number(penalty), reason: name,
		})),
		...config.ampEventsConfig.filter(costs).map(byId('secureEndpoint')),
		...config.swEventsConfig.filter(costs).map(byId('secureNetworkAnalytics')),
	];
}

/** The preset with the penalties and the threshold of a configuration of the oldest system. */
export function classicPolicy(config: OldConfig): Policy {
	return { ...structuredClone(PRESETS.classic), threshold: Number(config.rtcThreshold), rules: rulesOf(config) };
}

/** Scores events in polls of at most `size`. */
export async function scoreAll(ledger: LedgerService, events: readonly OldEvent[], sessions: readonly Session[], size = 100): Promise<void> {
	for (let from = 0; from < events.length; from += size) {
		const detections = events.slice(from, from + size).map((event) => withSessions(detectionOf(event), sessions));
		const { outcomes } = await ledger.score(detections, { actor: ACTOR });
		expect(outcomes.filter(({ outcome }) => outcome === 'invalid')).toEqual([]);
	}
}

/** Everything with points as `kind:key`, in order. */
export async function scoresOf(ledger: LedgerService): Promise<Record<string, number>> {
	const { items } = await ledger.getEntities({ limit: 10_000 });
	return sorted(items.filter(({ score }) => score !== 0).map(({ kind, key, score }) => [`${kind}:${key}`, score]));
}

/** What the oldest system has, with names in lower case as ours. */
export function sorted(penalties: Iterable<[string, number]>): Record<string, number> {
	const named = [...penalties].map(([name, points]): [string, number] => {
		const at = name.indexOf(':') + 1;
		const [kind, key] = [name.slice(0, at), name.slice(at)];
		return [kind + (kind === 'mac:' ? key.toUpperCase() : key.toLowerCase()), points];
	});
	return Object.fromEntries(named.sort(([a], [b]) => (a < b ? -1 : 1)));
}
