import { scenarios } from '../../../../lab/scenarios';
import { AMP } from '../../../../lab/scenarios/noise';
import { type Plan, type PlannedEvent, planScenario } from '../../../../lab/scenarios/plan';
import type { Scenario } from '../../../../lab/scenarios/scenario';
import { vendorFactories } from '../../../../lab/vendors';
import { SimulatedWorld } from '../../../../lab/world/simulatedWorld';

const SEEDS = [1, 2, 7, 42];

function planned(scenario: Scenario, seed: number): { plan: Plan; world: SimulatedWorld } {
	const world = new SimulatedWorld(seed);
	world.growFleet(scenario.fleet ?? 0);
	return { plan: planScenario(scenario, world.hosts, seed), world };
}

/** Penalties that the scenarios are tuned for. */
const AMP_PENALTIES: Record<string, number> = {
	[AMP.executedMalware]: 60,
	[AMP.cloudIoc]: 40,
	[AMP.quarantineFailure]: 40,
	[AMP.threatDetected]: 25,
	[AMP.threatQuarantined]: 5,
	[AMP.policyUpdate]: 0,
	[AMP.scanStarted]: 0,
	[AMP.scanClean]: 0,
};
const UMBRELLA_PENALTIES: Record<string, number> = {
	'Command and Control': 50,
	Malware: 40,
	Phishing: 25,
	'Newly Seen Domains': 5,
	'File Transfer Services': 0,
};
const NETWORK_PENALTIES: Record<string, number> = {
	'Bot Infected Host - Attempted C&C Activity': 30,
	'Data Exfiltration': 40,
	'High Total Traffic': 0,
	'Port Scan': 10,
	'Suspect Data Hoarding': 30,
	'Suspect Data Loss': 30,
};
const THRESHOLD = 80;
const LARGEST = { secureEndpoint: 80, umbrella: 50, secureNetworkAnalytics: 50 };
const CAP_FACTOR = 3;

type Source = keyof typeof LARGEST;
type Kind = 'mac' | 'hostname' | 'user';
/** Points of one host, by entity and source: Umbrella names no MAC, the network no hostname. */
type Points = Record<Kind, Partial<Record<Source, number>>>;

const sourceOf = ({ vendor }: PlannedEvent): Source => vendor as Source;

function penaltyOf({ vendor, type, data = {} }: PlannedEvent): number {
	if (vendor === 'secureEndpoint') return AMP_PENALTIES[type];
	if (vendor === 'secureNetworkAnalytics') return NETWORK_PENALTIES[type];
	return (data.categories as string[]).reduce((sum, category) => sum + UMBRELLA_PENALTIES[category], 0);
}

/** Entities of the host that an event may be about. What a vendor names of some hosts only counts as named. */
function kindsOf({ vendor, data = {} }: PlannedEvent): Kind[] {
	if (vendor === 'secureEndpoint') return ['mac', 'hostname', 'user'];
	if (vendor === 'umbrella') return ['hostname', 'user'];
	return [...(data.mac === false ? [] : ['mac' as const]), ...(data.user === false ? [] : ['user' as const])];
}

/** The same for the same source, host, type and observable: such repeats count once. */
function repeatOf({ vendor, hostname, type, data = {} }: PlannedEvent): string {
	const peer = data.peerIp ?? data.peerHostname;
	return [hostname, vendor, type, data.sha256, data.url ?? data.domain, peer].join();
}

const sum = (points: Points[Kind]): number =>
	Object.values(points).reduce((total, value) => total + value, 0);

/** Adds events in the given order; tells after each which host it was about. Sources are capped. */
function score(
	events: readonly PlannedEvent[],
	after: (hostname: string, points: Points) => void = () => undefined,
): Map<string, Points> {
	const byHost = new Map<string, Points>();
	const seen = new Set<string>();
	for (const event of events) {
		const source = sourceOf(event);
		const points = byHost.get(event.hostname) ?? { mac: {}, hostname: {}, user: {} };
		byHost.set(event.hostname, points);
		if (seen.has(repeatOf(event))) continue;
		seen.add(repeatOf(event));
		for (const kind of penaltyOf(event) > 0 ? kindsOf(event) : []) {
			const added = (points[kind][source] ?? 0) + penaltyOf(event);
			points[kind][source] = Math.min(added, CAP_FACTOR * LARGEST[source]);
		}
		after(event.hostname, points);
	}
	return byHost;
}

/** Every order in which the sources of a plan could be read, one after the other. */
function readingOrders({ events }: Plan): PlannedEvent[][] {
	const orders = (sources: Source[]): Source[][] =>
		sources.length < 2
			? [sources]
			: sources.flatMap((first) =>
					orders(sources.filter((other) => other !== first)).map((rest) => [first, ...rest]),
				);
	return orders([...new Set(events.map(sourceOf))]).map((order) =>
		order.flatMap((source) => events.filter((event) => sourceOf(event) === source)),
	);
}

const NOTHING: Points = { mac: {}, hostname: {}, user: {} };

describe.each(scenarios.map((scenario) => [scenario.name, scenario] as const))('%s', (_name, scenario) => {
	describe.each(SEEDS)('seed %d', (seed) => {
		const { plan, world } = planned(scenario, seed);

		it('is the same every time', () => expect(planned(scenario, seed).plan).toEqual(plan));

		it('happens to hosts that exist, where the vendor can see them', () => {
			const astray = plan.events.filter(({ hostname, vendor }) => {
				const host = world.findByHostname(hostname);
				return host === undefined || (vendor === 'secureEndpoint' && host.connectorGuid === undefined);
			});
			expect(astray).toEqual([]);
		});

		it('has its events in order, inside its duration, with time left to react', () => {
			const times = plan.events.map(({ atMs }) => atMs);
			expect(times).toEqual([...times].sort((a, b) => a - b));
			expect(times[0]).toBeGreaterThanOrEqual(0);
			expect(times[times.length - 1]).toBeLessThanOrEqual(scenario.durationMs - 30_000);
		});

		it('casts nobody twice', () => {
			const all = Object.values(plan.cast).flat();
			expect(new Set(all).size).toBe(all.length);
		});

		it('leaves no placeholder in the data', () => {
			expect(JSON.stringify(plan.events)).not.toMatch(/\{(n|sha256|word)\}/);
		});

		it('is tuned: exactly the expected hosts get enough points, from two sources, none of which suffices alone', () => {
			const { contain, mayContain } = plan.expectation;
			const byHost = score(plan.events);
			const crossing: string[] = [];
			const alone: string[] = [];
			for (const { hostname } of world.hosts) {
				const { mac, hostname: name, user } = byHost.get(hostname) ?? NOTHING;
				const crossed = Math.max(sum(mac), sum(name)) >= THRESHOLD;
				const sources = new Set([mac, name, user].flatMap((points) => Object.keys(points)));
				const automatic = crossed && sources.size > 1;
				const largest = Math.max(...[mac, name, user].flatMap((points) => Object.values(points)));
				if (automatic) crossing.push(hostname);
				if (automatic && largest >= THRESHOLD) alone.push(hostname);
			}
			expect(crossing.sort()).toEqual([...contain, ...mayContain].sort());
			expect(alone).toEqual([]);
		});

		it('never asks about a user before the laptop crosses, whichever source is read first', () => {
			const early = new Set<string>();
			for (const events of [plan.events, ...readingOrders(plan)]) {
				score(events, (hostname, { mac, hostname: name, user }) => {
					const sources = Object.keys(user).length;
					const asked = sum(user) >= THRESHOLD && sources > 1;
					if (asked && Math.max(sum(mac), sum(name)) < THRESHOLD) early.add(hostname);
				});
			}
			expect([...early]).toEqual([]);
		});

		it('expects no more than it allows', () => {
			expect(plan.expectation.contain.length).toBeLessThanOrEqual(scenario.expectation.maxAutomatic);
			expect(plan.expectation.maxAutomatic).toBeLessThanOrEqual(5);
		});

		it('spares the CEO', () => {
			expect([...plan.infected, ...plan.expectation.contain, ...plan.expectation.mayContain]).not.toContain(
				'ceo-laptop',
			);
		});
	});

	it('names only parts that it has, in steps and expectation', () => {
		const { steps, expectation, parts } = scenario;
		const used = [...steps.map(({ who }) => who), ...expectation.contain, ...(expectation.mayContain ?? [])];
		for (const part of used) expect(Object.keys(parts)).toContain(part);
	});
});

describe('the plan', () => {
	it('picks other hosts for another seed', () => {
		const [ransomware] = scenarios;
		const { hosts } = new SimulatedWorld(1);
		expect(planScenario(ransomware, hosts, 1).infected).not.toEqual(
			planScenario(ransomware, hosts, 2).infected,
		);
	});

	it('never infects a laptop whose dock or name belongs to another too', () => {
		const { plan, world } = planned(scenarios[0], 3);
		const macs = world.hosts.flatMap(({ nics }) => nics.map(({ mac }) => mac));
		for (const hostname of plan.infected) {
			expect(world.hosts.filter((host) => host.hostname === hostname)).toHaveLength(1);
			for (const { mac } of world.findByHostname(hostname)?.nics ?? []) {
				expect(macs.filter((other) => other === mac)).toHaveLength(1);
			}
		}
	});

	it('says so when a part can’t be filled', () => {
		const scenario = { ...scenarios[0], parts: { ...scenarios[0].parts, crowd: { count: 500 } } };
		expect(() => planScenario(scenario, new SimulatedWorld(1).hosts, 1)).toThrow(/of 500 hosts for crowd/);
	});

	it('gets the story right: ransomware infects four laptops, all within two minutes, in both products', () => {
		const { plan } = planned(scenarios[0], 1);
		expect(plan.infected).toHaveLength(4);
		for (const hostname of plan.infected) {
			const events = plan.events.filter((event) => event.hostname === hostname);
			expect(new Set(events.map(({ vendor }) => vendor))).toEqual(new Set(['secureEndpoint', 'umbrella']));
			expect(Math.max(...events.map(({ atMs }) => atMs))).toBeLessThanOrEqual(120_000);
		}
	});

	it('gets the story right: the noisy detector reports hundreds of different files', () => {
		const noisy = scenarios.find(({ name }) => name === 'noisyDetector') as Scenario;
		const { plan } = planned(noisy, 1);
		const files = plan.events
			.filter(({ type }) => type === AMP.threatDetected)
			.map(({ data }) => data?.sha256);
		expect(files.length).toBeGreaterThan(300);
		expect(new Set(files).size).toBe(files.length);
	});

	it('gets the story right: the insider shows in three products, the backup server only on the network', () => {
		const insider = scenarios.find(({ name }) => name === 'insiderExfiltration') as Scenario;
		const { plan, world } = planned(insider, 1);
		const vendorsOf = (part: string) =>
			new Set(
				plan.events.filter(({ hostname }) => plan.cast[part].includes(hostname)).map(({ vendor }) => vendor),
			);
		expect(vendorsOf('insider')).toEqual(new Set(['secureNetworkAnalytics', 'umbrella', 'secureEndpoint']));
		expect(vendorsOf('backup')).toEqual(new Set(['secureNetworkAnalytics']));
		const points = score(plan.events);
		const of = (part: string) => points.get(plan.cast[part][0])?.mac.secureNetworkAnalytics;
		expect([of('insider'), of('backup')]).toEqual([70, 60]);
		expect(world.findByHostname(plan.cast.insider[0])?.role).toBe('laptop');
	});

	it('gets the story right: the busy hour has ten thousand events, spread over three products and the whole hour', () => {
		const busy = scenarios.find(({ name }) => name === 'busyHour') as Scenario;
		const { events } = planned(busy, 1).plan;
		const share = (vendor: string) => events.filter((event) => event.vendor === vendor).length;
		expect(events).toHaveLength(10_000);
		expect([share('secureEndpoint'), share('umbrella'), share('secureNetworkAnalytics')]).toEqual([5020, 3020, 1960]);
		const quarters = [0, 1, 2, 3].map((quarter) => events.filter(({ atMs }) => Math.floor(atMs / 900_000) === quarter).length);
		for (const count of quarters) expect(count).toBeGreaterThan(1_500);
	});

	it('is made of events that the vendors know', () => {
		for (const scenario of scenarios.filter(({ fleet }) => fleet === undefined)) {
			const { plan, world } = planned(scenario, 1);
			const context = { world, clock: { now: () => 0 }, random: () => 0.5, uuid: () => 'id' };
			const vendors = new Map(
				vendorFactories.map((create) => create(context)).map((vendor) => [vendor.name, vendor]),
			);
			for (const { vendor, hostname, type, data } of plan.events) {
				expect(() => vendors.get(vendor)?.emit?.({ at: 0, hostname, type, data })).not.toThrow();
				expect(vendors.get(vendor)?.emit).toBeDefined();
			}
		}
	});
});
