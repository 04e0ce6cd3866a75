import type { LabClock } from './vendor';

/** True time, plus what a fault or a test adds to it. */
export class OffsetClock implements LabClock {
	private common = 0;

	private readonly perVendor = new Map<string, number>();

	now(vendor?: string): number {
		return Date.now() + this.common + (vendor === undefined ? 0 : (this.perVendor.get(vendor) ?? 0));
	}

	/** Moves one vendor's clock, or without a vendor the whole lab's. `offsetMs` replaces the offset before it. */
	setOffset(offsetMs: number, vendor?: string): void {
		if (vendor === undefined) this.common = offsetMs;
		else this.perVendor.set(vendor, offsetMs);
	}

	/** Offsets in force, in ms. */
	offsets(): { offsetMs: number; vendors: Record<string, number> } {
		return { offsetMs: this.common, vendors: Object.fromEntries(this.perVendor) };
	}

	reset(): void {
		this.common = 0;
		this.perVendor.clear();
	}
}
