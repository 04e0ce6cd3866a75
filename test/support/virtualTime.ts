const realNow = Date.now.bind(Date);

/** Time of an engine test: real time, plus what was slept or skipped. Nobody waits for it. */
export class VirtualTime {
	private aheadMs = 0;

	private spy?: jest.SpyInstance;

	/** From now on `Date.now()` tells this time, in the nodes, the ledger and the lab alike. */
	start(): void {
		this.aheadMs = 0;
		this.spy = jest.spyOn(Date, 'now').mockImplementation(() => realNow() + this.aheadMs);
	}

	advance(ms: number): void {
		this.aheadMs += Math.ceil(ms);
	}

	/** In the place of n8n's `sleep`: waits of retries and polls pass at once. */
	readonly sleep = async (ms: number): Promise<void> => {
		this.advance(ms);
		await new Promise((resolve) => setImmediate(resolve));
	};

	stop(): void {
		this.spy?.mockRestore();
	}
}

/** Shared with the mock of n8n's `sleep`. */
export const virtualTime = new VirtualTime();
