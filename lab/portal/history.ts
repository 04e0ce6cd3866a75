import type { HostSummary } from './overview';

/** The state that matters most of a host. */
export type HostState = 'healthy' | 'detections' | 'infected' | 'isolated' | 'waiting' | 'quarantined';

/** One host's states, oldest first; each lasts until the next one's `at`. */
export interface Lane {
	/** Id for `GET /_lab/host`. */
	id: number;
	name: string;
	/** `at` is ISO 8601, true time. */
	changes: { at: string; state: HostState }[];
}

/** How hosts fared since the lab, or the attack that plays, began. */
export interface Timeline {
	/** ISO 8601, true time. */
	from: string;
	until: string;
	/** Contained and infected hosts first, then those with detections alone. */
	lanes: Lane[];
	/** Further hosts that were not healthy all the time. */
	more: number;
}

interface Course {
	name: string;
	changes: { at: number; state: HostState }[];
}

const LANES = 12;
const CHANGES_KEPT = 60;

/** The state of a host that gives it its colour: what was done about it comes before what it suffers from. */
export function stateOf({ anc, ancWaiting, isolation, infected, detections }: HostSummary): HostState {
	if (anc !== undefined) return 'quarantined';
	if (ancWaiting !== undefined) return 'waiting';
	if (isolation !== undefined) return 'isolated';
	if (infected) return 'infected';
	return detections === undefined ? 'healthy' : 'detections';
}

/** Remembers when hosts changed their state; hosts that never did take no room. Times are epoch ms, true time. */
export class History {
	private readonly courses = new Map<number, Course>();

	private last: number;

	constructor(private from: number) {
		this.last = from;
	}

	/** Forgets everything and begins anew. */
	restart(now: number): void {
		this.courses.clear();
		this.from = now;
		this.last = now;
	}

	/** Takes note of what has changed; `hosts` in the order of `GET /_lab/overview`. */
	sample(hosts: readonly HostSummary[], now: number): void {
		hosts.forEach((host, id) => {
			const state = stateOf(host);
			const course = this.courses.get(id);
			if (course !== undefined) this.extend(course, state, now);
			else if (state !== 'healthy') this.begin(id, host.name, state, now);
		});
		this.last = now;
	}

	/** The hosts most worth seeing. */
	timeline(): Timeline {
		const ordered = [...this.courses].sort(
			([, one], [, other]) => rank(one) - rank(other) || startOf(one) - startOf(other),
		);
		return {
			from: new Date(this.from).toISOString(),
			until: new Date(this.last).toISOString(),
			lanes: ordered.slice(0, LANES).map(([id, course]) => toLane(id, course)),
			more: Math.max(0, ordered.length - LANES),
		};
	}

	private begin(id: number, name: string, state: HostState, now: number): void {
		const course: Course = { name, changes: [] };
		if (now > this.from) course.changes.push({ at: this.from, state: 'healthy' });
		this.courses.set(id, course);
		this.extend(course, state, now);
	}

	private extend(course: Course, state: HostState, now: number): void {
		if (course.changes.at(-1)?.state === state) return;
		course.changes.push({ at: now, state });
		if (course.changes.length > CHANGES_KEPT) course.changes.shift();
	}
}

function toLane(id: number, { name, changes }: Course): Lane {
	return { id, name, changes: changes.map(({ at, state }) => ({ at: new Date(at).toISOString(), state })) };
}

/** Contained and infected hosts come before those that were only reported. */
function rank({ changes }: Course): number {
	return changes.every(({ state }) => state === 'healthy' || state === 'detections') ? 1 : 0;
}

function startOf({ changes }: Course): number {
	return changes.find(({ state }) => state !== 'healthy')?.at ?? 0;
}
