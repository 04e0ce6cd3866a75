import { planScenario, type Plan, type PlannedEvent } from '../scenarios/plan';
import type { Scenario } from '../scenarios/scenario';
import type { WorldHost } from '../world/world';

export interface RunOptions {
	seed: number;
	/** How many times faster than the story is told. */
	speed: number;
}

export interface Progress {
	state: 'idle' | 'running' | 'finished' | 'stopped';
	name?: string;
	seed?: number;
	speed?: number;
	/** ISO 8601, true time. */
	startedAt?: string;
	/** Real time of the whole run, i.e. the story's divided by the speed. */
	durationMs?: number;
	elapsedMs?: number;
	emitted?: number;
	total?: number;
	infected?: string[];
	cast?: Plan['cast'];
	expectations?: Plan['expectation'];
	/** Events that a vendor refused: a defect of the scenario or of the simulator. */
	failures?: string[];
}

interface Run extends RunOptions {
	scenario: Scenario;
	plan: Plan;
	startedAt: number;
	startedMonotonic: number;
	/** Set when the run is over. */
	elapsedMs?: number;
	state: 'running' | 'finished' | 'stopped';
	emitted: number;
	failures: string[];
	timer?: NodeJS.Timeout;
}

/** Lets a planned scenario happen in real or accelerated time; one at a time. */
export class Player {
	private run?: Run;

	constructor(private readonly emit: (event: PlannedEvent) => void) {}

	/** Stops what is playing and starts anew. Hosts of infected parts become infected, all others healthy. */
	start(scenario: Scenario, hosts: readonly WorldHost[], options: RunOptions): Progress {
		const plan = planScenario(scenario, hosts, options.seed);
		this.stop();
		const infected = new Set(plan.infected);
		for (const host of hosts) host.infected = infected.has(host.hostname);
		this.run = {
			...options,
			scenario,
			plan,
			startedAt: Date.now(),
			startedMonotonic: performance.now(),
			state: 'running',
			emitted: 0,
			failures: [],
		};
		this.advance(this.run);
		return this.progress();
	}

	stop(): void {
		if (this.run?.state === 'running') this.end(this.run, 'stopped');
	}

	/** Forgets the last run as well. */
	reset(): void {
		this.stop();
		this.run = undefined;
	}

	progress(): Progress {
		if (this.run === undefined) return { state: 'idle' };
		const { scenario, plan, seed, speed, startedAt, state, emitted, failures } = this.run;
		return {
			state,
			name: scenario.name,
			seed,
			speed,
			startedAt: new Date(startedAt).toISOString(),
			durationMs: Math.round(scenario.durationMs / speed),
			elapsedMs: Math.round(this.run.elapsedMs ?? elapsed(this.run)),
			emitted,
			total: plan.events.length,
			infected: plan.infected,
			cast: plan.cast,
			expectations: plan.expectation,
			failures: [...failures],
		};
	}

	/** Emits what is due, then waits for the next event or the end. */
	private advance(run: Run): void {
		const storyMs = elapsed(run) * run.speed;
		const { events } = run.plan;
		while (run.emitted < events.length && events[run.emitted].atMs <= storyMs) {
			this.emitOne(run, events[run.emitted]);
			run.emitted++;
		}
		if (run.emitted === events.length && storyMs >= run.scenario.durationMs) {
			this.end(run, 'finished');
			return;
		}
		const nextMs = events[run.emitted]?.atMs ?? run.scenario.durationMs;
		run.timer = setTimeout(() => this.advance(run), Math.max(1, (nextMs - storyMs) / run.speed));
	}

	private emitOne(run: Run, event: PlannedEvent): void {
		try {
			this.emit(event);
		} catch (error) {
			const reason = error instanceof Error ? error.message : String(error);
			run.failures.push(`${event.vendor} ${event.type} on ${event.hostname}: ${reason}`);
		}
	}

	private end(run: Run, state: 'finished' | 'stopped'): void {
		run.elapsedMs = elapsed(run);
		run.state = state;
		clearTimeout(run.timer);
	}
}

function elapsed(run: Run): number {
	return performance.now() - run.startedMonotonic;
}
