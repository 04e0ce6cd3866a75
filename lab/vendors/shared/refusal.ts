/** Thrown by a handler to refuse a call; each vendor words it in its own error shape. */
export class Refusal extends Error {
	/**
	 * @param status HTTP status
	 * @param detail what the vendor answers, in words
	 * @param violation what the caller did wrong; leave out when a well-formed call is refused for its content
	 */
	constructor(
		readonly status: number,
		readonly detail: string,
		readonly violation?: string,
	) {
		super(detail);
	}
}

/** A refusal that is the caller's own fault: wrong name, unit, type or missing part. */
export function misuse(status: number, detail: string): Refusal {
	return new Refusal(status, detail, detail);
}
