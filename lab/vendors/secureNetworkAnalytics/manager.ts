import type { LabContext, VendorEvent } from '../../machine/vendor';
import { everydayFlows, type Flow, flowOf } from './flows';
import { HostGroups } from './hostGroups';
import { Jobs } from './jobs';
import type { Span } from './route';
import { SecurityEvents } from './securityEvents';
import { Sessions } from './sessions';

/** What the appliance knows. */
export class Manager {
	readonly sessions = new Sessions();
	readonly events: SecurityEvents;
	readonly groups = new HostGroups();
	readonly jobs: Jobs;
	/** Seconds after its own date at which an event becomes visible. */
	lateEvents = 0;

	constructor(private readonly context: LabContext) {
		this.events = new SecurityEvents(context.world);
		this.jobs = new Jobs(context.random);
	}

	/** @param at epoch ms by the manager's clock */
	report(event: VendorEvent, at: number): void {
		this.events.report(event, at, this.lateEvents * 1000);
	}

	/** Everyday traffic of the span, and that behind security events, visible by `now`. */
	flows(span: Span, now: number): Flow[] {
		const suspicious = this.events.all().filter(({ visibleAt }) => visibleAt <= now);
		const everyday = everydayFlows(this.context.world, { from: span.from, to: Math.min(span.to, now) });
		return [...everyday, ...suspicious.map(flowOf)].filter(({ start }) => start <= now);
	}

	/** What a judge of the lab wants to know. */
	state(now: number): Record<string, unknown> {
		const byType: Record<string, number> = {};
		for (const { type } of this.events.all()) byType[type.name] = (byType[type.name] ?? 0) + 1;
		return {
			events: { total: this.events.all().length, byType },
			hostGroups: this.groups
				.all()
				.map(({ id, name, location, ranges }) => ({ id, name, location, ranges: [...ranges] })),
			jobsOpen: this.jobs.running(now).map(({ id, kind, owner }) => ({ id, kind, owner })),
			sessions: this.sessions.size,
		};
	}
}
