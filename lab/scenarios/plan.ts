import { hex, randomFrom, shuffle, type Random } from '../machine/random';
import type { WorldHost } from '../world/world';
import type { Part, Scenario, Step } from './scenario';

/** One event to come. */
export interface PlannedEvent {
	/** Milliseconds from the start, at speed 1. */
	atMs: number;
	vendor: string;
	hostname: string;
	type: string;
	data?: Record<string, unknown>;
}

/** An expectation with the parts replaced by host names. */
export interface ResolvedExpectation {
	contain: string[];
	mayContain: string[];
	mustNotContain: 'all others';
	maxAutomatic: number;
	text: string;
}

export interface Plan {
	/** In order of time. */
	events: PlannedEvent[];
	/** Host names per part. */
	cast: Record<string, string[]>;
	infected: string[];
	expectation: ResolvedExpectation;
}

/** Hosts of the fleet are named like this. */
const FLEET_NAME = /^fleet-/;

/** What will happen to whom: depends on the scenario, the hosts and the seed alone. */
export function planScenario(scenario: Scenario, hosts: readonly WorldHost[], seed: number): Plan {
	const cast = castParts(scenario, hosts, randomFrom('cast', scenario.name, seed));
	const random = randomFrom('events', scenario.name, seed);
	const events = scenario.steps.flatMap((step) => eventsOf(step, cast, random));
	const { contain, mayContain = [], maxAutomatic, text } = scenario.expectation;
	const named = (parts: string[]) => parts.flatMap((part) => cast[part]).sort();
	const infectedParts = Object.keys(scenario.parts).filter((part) => scenario.parts[part].infected);
	return {
		events: events.sort((a, b) => a.atMs - b.atMs),
		cast,
		infected: named(infectedParts),
		expectation: {
			contain: named(contain),
			mayContain: named(mayContain),
			mustNotContain: 'all others',
			maxAutomatic,
			text,
		},
	};
}

function castParts(
	scenario: Scenario,
	hosts: readonly WorldHost[],
	random: Random,
): Record<string, string[]> {
	const ambiguous = ambiguousHosts(hosts);
	const taken = new Set<string>(
		Object.values(scenario.parts).flatMap(({ hostname }) => (hostname === undefined ? [] : [hostname])),
	);
	const cast: Record<string, string[]> = {};
	for (const [name, part] of Object.entries(scenario.parts)) {
		const fitting = hosts.filter(
			(host) => fits(part, host, ambiguous) && (part.hostname !== undefined || !taken.has(host.hostname)),
		);
		const chosen = [...new Set(shuffle(random, fitting).map(({ hostname }) => hostname))].slice(
			0,
			part.count,
		);
		if (chosen.length < part.count) {
			throw new Error(`Scenario ${scenario.name}: only ${chosen.length} of ${part.count} hosts for ${name}`);
		}
		for (const hostname of chosen) taken.add(hostname);
		cast[name] = chosen;
	}
	return cast;
}

function fits(part: Part, host: WorldHost, ambiguous: ReadonlySet<WorldHost>): boolean {
	if (part.hostname !== undefined) return host.hostname === part.hostname;
	return (
		host.role === (part.role ?? 'laptop') &&
		(part.connector === false || host.connectorGuid !== undefined) &&
		(part.ambiguous || !ambiguous.has(host)) &&
		FLEET_NAME.test(host.hostname) === (part.fleet ?? false)
	);
}

/** Hosts that share a MAC or their name with another one. */
function ambiguousHosts(hosts: readonly WorldHost[]): Set<WorldHost> {
	const owners = new Map<string, WorldHost[]>();
	for (const host of hosts) {
		for (const key of [host.hostname, ...host.nics.map(({ mac }) => mac)]) {
			owners.set(key, [...(owners.get(key) ?? []), host]);
		}
	}
	return new Set([...owners.values()].filter((sharing) => sharing.length > 1).flat());
}

function eventsOf(step: Step, cast: Record<string, string[]>, random: Random): PlannedEvent[] {
	const { atMs, spreadMs = 0, times = 1, everyMs = 0, vendor, type, data } = step;
	return cast[step.who].flatMap((hostname) => {
		const start = atMs + Math.floor(random() * spreadMs);
		return Array.from({ length: times }, (_, index) => ({
			atMs: start + index * everyMs,
			vendor,
			hostname,
			type,
			...(data && { data: filledIn(data, index + 1, random) as Record<string, unknown> }),
		}));
	});
}

const SYLLABLES = 'ba ce di fo gu ha ke li mo nu pa re si to vu wa xe zo'.split(' ');

function word(random: Random): string {
	return shuffle(random, SYLLABLES).slice(0, 4).join('');
}

function filledIn(value: unknown, n: number, random: Random): unknown {
	if (typeof value === 'string') {
		return value
			.replaceAll('{n}', String(n))
			.replaceAll('{sha256}', () => hex(random, 64))
			.replaceAll('{word}', () => word(random));
	}
	if (Array.isArray(value)) return value.map((item) => filledIn(item, n, random));
	if (value === null || typeof value !== 'object') return value;
	return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, filledIn(item, n, random)]));
}
