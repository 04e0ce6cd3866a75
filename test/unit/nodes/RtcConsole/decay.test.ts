import type { Contribution } from '../../../../ledger';
import { decayCurve } from '../../../../nodes/RtcConsole/pages/entity/decay';
import { detection, START_MS } from '../../ledger/helpers';

const HOUR = 3_600_000;
const added = (penalty: number, hoursAgo: number): Contribution => ({ detection: detection({ atMs: START_MS - hoursAgo * HOUR }), penalty, remaining: 0, reasons: [] });

describe('decay curve', () => {
	it('jumps with each contribution, halves with each half-life, and ends now', () => {
		const curve = decayCurve([added(40, 24), added(60, 48)], 24 * HOUR, START_MS);
		const at = (atMs: number) => curve.find((point) => point.atMs === atMs)?.value;
		expect(at(START_MS - 48 * HOUR)).toBe(60);
		expect(at(START_MS - 24 * HOUR - 1)).toBeCloseTo(30, 3);
		expect(at(START_MS - 24 * HOUR)).toBeCloseTo(70, 9);
		expect(curve.at(-1)).toEqual({ atMs: START_MS, value: 35 });
	});

	it('does not fade without a half-life', () => {
		expect(decayCurve([added(40, 2), added(2, 1)], undefined, START_MS).at(-1)?.value).toBe(42);
	});

	it('is empty when nothing counted', () => {
		expect(decayCurve([added(0, 1)], HOUR, START_MS)).toEqual([]);
	});

	it('keeps its size however many contributions there are, and stays in order of time', () => {
		const curve = decayCurve(Array.from({ length: 500 }, (_, i) => added(1 + (i % 7), i / 10)), 24 * HOUR, START_MS);
		expect(curve.length).toBeLessThanOrEqual(361);
		expect(curve.map(({ atMs }) => atMs)).toEqual(curve.map(({ atMs }) => atMs).sort((one, other) => one - other));
	});
});
