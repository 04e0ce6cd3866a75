/** As searches for events and flows want it, in whole seconds: `2026-01-31T12:00:00Z`. */
export const searchTime = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19)}Z`;

/** As reports want it, in UTC though it does not say so: `2026-01-31T12:00:00.000`. */
export const reportTime = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19)}.000`;

/** The next whole second, so that a span that ends there holds the given time. */
export const upToSecond = (ms: number): number => Math.ceil(ms / 1_000) * 1_000;
