const PATTERN = /^P(?:(\d+(?:\.\d+)?)W)?(?:(\d+(?:\.\d+)?)D)?(?:T(?=\d)(?:(\d+(?:\.\d+)?)H)?(?:(\d+(?:\.\d+)?)M)?(?:(\d+(?:\.\d+)?)S)?)?$/;
const UNIT_MS = [604_800_000, 86_400_000, 3_600_000, 60_000, 1_000];

/**
 * Milliseconds of an ISO 8601 duration such as `PT4H` or `P1DT12H`; `undefined` when it is none.
 * Years and months have no fixed length and are not accepted.
 */
export function parseDuration(text: string): number | undefined {
	const match = PATTERN.exec(text);
	if (!match || text.length < 3) return undefined;
	const total = UNIT_MS.reduce((sum, unit, i) => sum + Number(match[i + 1] ?? 0) * unit, 0);
	return Number.isFinite(total) ? Math.round(total) : undefined;
}
