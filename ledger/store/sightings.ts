/** Enough to tell almost all values apart; the rest is compared with the detection itself. */
const KEPT_CHARACTERS = 40;

/** What a detection with this observable is found by, in the index `sightings` of SQLite. */
export function sightingOf(value: string): string {
	return value.toLowerCase().slice(0, KEPT_CHARACTERS);
}

/** Whether the index knows this value to its end, so that nothing has to be compared with the detection. */
export function isWhole(value: string): boolean {
	return sightingOf(value).length < KEPT_CHARACTERS;
}

/** A detection as the index needs it: the values of its observables, or the text that they are read from. */
export interface Sighted {
	seq: number;
	body: string;
	observed?: readonly string[];
}

/** Index rows of detections, in key order, because neighbouring rows share pages of the store. */
export function sightingsIn(rows: readonly Sighted[]): { value: string; seq: number }[] {
	const found: { value: string; seq: number }[] = [];
	for (const row of rows) {
		for (const value of row.observed ?? observedIn(row.body)) found.push({ value: sightingOf(value), seq: row.seq });
	}
	return found.sort((a, b) => (a.value < b.value ? -1 : a.value > b.value ? 1 : a.seq - b.seq));
}

function observedIn(body: string): string[] {
	const { observables = [] } = JSON.parse(body) as { observables?: { value: string }[] };
	return observables.map(({ value }) => value);
}
