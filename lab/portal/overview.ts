import type { JournalEntry, JournalTotals } from '../machine/journal';
import type { Lab } from '../machine/lab';
import type { Progress } from '../machine/player';
import { omit } from '../vendors/shared/omit';
import type { Nic, WorldHost } from '../world/world';
import { Containments } from './containments';
import type { History, Timeline } from './history';
import type { Report } from './reports';
import { vendorTitle } from './vendorTitle';

/** One host, small: what is ordinary is left out. */
export interface HostSummary {
	name: string;
	/** Absent: laptop. */
	role?: Exclude<WorldHost['role'], 'laptop'>;
	/** One letter per network card: `w` wired, `l` wireless, `d` dock. */
	nics: string;
	/** Ground truth. */
	infected?: true;
	/** Detections that vendors reported about it. */
	detections?: number;
	/** Positions in `nics` of the cards with an ANC policy in force. */
	anc?: number[];
	/** Positions of the cards whose ANC policy waits to take effect. */
	ancWaiting?: number[];
	/** Status of its connector: `pending_start`, `isolated`, `pending_stop`. */
	isolation?: string;
}

/** Hosts behind one switch or wireless controller. */
export interface HostGroup {
	kind: 'switch' | 'dataCentreSwitch' | 'wirelessController';
	/** Address of the switch or controller. */
	address: string;
	/** Positions in `hosts`. */
	hosts: number[];
}

/** How what plays is getting on. The lists of names in {@link Progress} are counted only. */
export interface ScenarioSummary extends Omit<Progress, 'cast' | 'expectations' | 'infected'> {
	title?: string;
	expectation?: string;
	/** Hosts that must be contained, how many of them are, and how many are that must not be. */
	containment?: { wanted: number; done: number; wrong: number };
}

/** `GET /_lab/overview`: under 200 kB for a network of 2,000 hosts. */
export interface Overview {
	/** Lab's clock, ISO 8601. */
	now: string;
	/** Number that the company was made from. */
	seed: number;
	scenario: ScenarioSummary;
	/** Position is the id for `GET /_lab/host`. */
	hosts: HostSummary[];
	groups: HostGroup[];
	/** How the hosts fared since the attack began. */
	timeline: Timeline;
	/** Detections, newest first. */
	reports: Report[];
	journal: { totals: JournalTotals; last: JournalEntry[]; violations: JournalEntry[] };
	/** How people call each vendor. */
	vendorTitles: Record<string, string>;
}

const REPORTS = 20;
const JOURNAL_ENTRIES = 15;
const LETTERS: Record<Nic['medium'], string> = { wired: 'w', wireless: 'l', dock: 'd' };
const ROLE_ORDER: readonly WorldHost['role'][] = ['coreSwitch', 'server', 'laptop', 'phone', 'printer'];

/** The network, what plays and what was called, small enough to be asked for every second. */
export function overviewOf(lab: Lab, history: History): Overview {
	const containments = new Containments(lab.vendors);
	const { hosts } = lab.world;
	const summaries = hosts.map((host) => summarise(host, lab, containments));
	history.sample(summaries, Date.now());
	return {
		now: new Date(lab.clock.now()).toISOString(),
		seed: lab.world.madeFrom,
		scenario: summariseScenario(lab, containments),
		hosts: summaries,
		groups: groupHosts(hosts),
		timeline: history.timeline(),
		reports: lab.reports.newest(REPORTS, ({ routine }) => !routine),
		journal: {
			totals: lab.journal.totals(),
			last: lab.journal.query({ limit: JOURNAL_ENTRIES }).entries.reverse(),
			violations: lab.journal.query({ violations: true, limit: JOURNAL_ENTRIES }).entries.reverse(),
		},
		vendorTitles: Object.fromEntries(
			[...lab.vendors.map(({ name }) => name), 'unknown'].map((name) => [name, vendorTitle(name)]),
		),
	};
}

/** The hosts as they are now, in the order of their ids. */
export function hostSummaries(lab: Lab): HostSummary[] {
	const containments = new Containments(lab.vendors);
	return lab.world.hosts.map((host) => summarise(host, lab, containments));
}

function summarise(host: WorldHost, lab: Lab, containments: Containments): HostSummary {
	const bindings = containments.ancOf(host);
	const where = (inForce: boolean) =>
		bindings.flatMap((binding, index) => (binding?.inForce === inForce ? [index] : []));
	const anc = where(true);
	const ancWaiting = where(false);
	const isolation = containments.isolationOf(host);
	const detections = Object.values(lab.reports.detectionsOf(host)).reduce((sum, count) => sum + count, 0);
	return {
		name: host.hostname,
		...(host.role !== 'laptop' && { role: host.role }),
		nics: host.nics.map(({ medium }) => LETTERS[medium]).join(''),
		...(host.infected && { infected: true as const }),
		...(detections > 0 && { detections }),
		...(anc.length > 0 && { anc }),
		...(ancWaiting.length > 0 && { ancWaiting }),
		...(isolation !== undefined && { isolation }),
	};
}

function summariseScenario(lab: Lab, containments: Containments): ScenarioSummary {
	const { expectations, ...whole } = lab.scenarioProgress();
	const progress = omit(whole, 'cast', 'infected');
	if (expectations === undefined) return progress;
	const wanted = new Set(expectations.contain);
	const allowed = new Set([...expectations.contain, ...expectations.mayContain]);
	const contained = new Set(
		lab.world.hosts
			.filter((host) => containments.ancOf(host).some((binding) => binding !== undefined))
			.map(({ hostname }) => hostname),
	);
	return {
		...progress,
		title: lab.scenarioCatalogue().find(({ name }) => name === progress.name)?.title,
		expectation: expectations.text,
		containment: {
			wanted: wanted.size,
			done: [...wanted].filter((hostname) => contained.has(hostname)).length,
			wrong: [...contained].filter((hostname) => !allowed.has(hostname)).length,
		},
	};
}

/** By the switch or controller of the card in use; busiest roles together, devices in order of address. */
function groupHosts(hosts: readonly WorldHost[]): HostGroup[] {
	const byAddress = new Map<string, number[]>();
	hosts.forEach((host, id) => {
		const { nasIp } = nicInUse(host);
		byAddress.set(nasIp, [...(byAddress.get(nasIp) ?? []), id]);
	});
	return [...byAddress]
		.sort(([one], [other]) => one.localeCompare(other, 'en', { numeric: true }))
		.map(([address, ids]) => ({
			kind: kindOf(ids.map((id) => hosts[id])),
			address,
			hosts: ids.sort((one, other) => roleRank(hosts[one]) - roleRank(hosts[other]) || one - other),
		}));
}

function nicInUse({ nics }: WorldHost): Nic {
	return nics.find(({ connected }) => connected) ?? nics[0];
}

function kindOf(hosts: WorldHost[]): HostGroup['kind'] {
	if (hosts.every((host) => nicInUse(host).medium === 'wireless')) return 'wirelessController';
	return hosts.every(({ role }) => role === 'server') ? 'dataCentreSwitch' : 'switch';
}

function roleRank({ role }: WorldHost): number {
	return ROLE_ORDER.indexOf(role);
}
