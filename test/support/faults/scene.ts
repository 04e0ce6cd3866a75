import type { Engine, Execution } from '../engine';

/** Which calls of a vendor belong to an operation; as in a fault of the lab. */
export interface Calls {
	path: string;
	method?: string;
}

/** A bundled workflow that uses an operation, and what must come of it. */
export interface Scene {
	vendor: string;
	/** As in {@link VendorOperation}. */
	operation: string;
	/** What stands in the table. */
	title: string;
	/** Whether the operation reads detections: none may get lost, none may count twice. */
	readsDetections?: boolean;
	calls(engine: Engine): Calls;
	/** Before anything goes wrong. */
	prepare(engine: Engine): Promise<void>;
	/** What happens out there; n8n does not run. `many`: enough for a second page, where there are pages. */
	happen(engine: Engine, many: boolean): Promise<void>;
	/** The workflow runs. */
	act(engine: Engine): Promise<Execution[]>;
	/** What comes by itself from then on, or the person who tries again. */
	next: { by: 'itself' | 'person'; everyMs: number; run(engine: Engine): Promise<Execution[]> };
	/** What must be the case in the end, whatever went wrong; the same for every run. */
	goal(engine: Engine): Promise<unknown>;
	/** Less than the goal that is good enough, because it is said where a person looks. */
	admits?(engine: Engine, goal: unknown): Promise<boolean>;
	/** What `admits` allows: that something is told twice. Otherwise a part is missing. */
	comesTwice?: boolean;
	/** What a person can read about a failure, beside the errors of the executions. */
	told?(engine: Engine): Promise<string[]>;
}
