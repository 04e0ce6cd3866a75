const open = new Set<Cleanup>();
let ended = false;

/** What has to be undone at the end, last first. */
export class Cleanup {
	private steps: (() => unknown)[] = [];

	private over = false;

	/** @throws Error once everything in this process is being undone: nothing new may begin. */
	constructor() {
		if (ended) throw new Error('This was ended');
		open.add(this);
	}

	/** @throws Error when everything was undone already; then this step is, too. */
	add(step: () => unknown): void {
		this.steps.push(step);
		if (!this.over) return;
		void this.run().catch(() => undefined);
		throw new Error('This was ended meanwhile');
	}

	/** Undoes everything, whatever goes wrong on the way. A second call waits for nothing. */
	async run(): Promise<void> {
		const steps = this.steps.reverse();
		this.steps = [];
		this.over = true;
		open.delete(this);
		const errors: unknown[] = [];
		for (const step of steps) {
			try {
				await step();
			} catch (error) {
				errors.push(error);
			}
		}
		if (errors.length > 0) throw new AggregateError(errors, 'Something is left behind');
	}
}

/** Undoes what is open in this process. */
export async function cleanUpAll(): Promise<void> {
	ended = true;
	await Promise.allSettled([...open].map(async (cleanup) => await cleanup.run()));
}

/**
 * Undoes everything before Ctrl-C or SIGTERM ends this process.
 *
 * @param exitCode what the process is to end with
 */
export function endOnSignals(exitCode: (signal: 'SIGINT' | 'SIGTERM') => number): void {
	for (const signal of ['SIGINT', 'SIGTERM'] as const) {
		process.once(signal, () => {
			process.stderr.write('Stopping\n');
			void cleanUpAll().then(() => process.exit(exitCode(signal)));
		});
	}
}

/** Whether everything is being undone: what fails from then on fails because of it. */
export function isEnding(): boolean {
	return ended;
}
