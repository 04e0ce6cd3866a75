import type { IPollFunctions } from 'n8n-workflow';
import { isReadable } from './detections';
import { type Fields, textOf } from './records';

/** Tells the log of records that no detection can be made of: Umbrella may have changed their form. */
export function logSkipped({ logger }: Pick<IPollFunctions, 'logger'>, records: readonly Fields[]): void {
	const skipped = records.filter((record) => !isReadable(record));
	if (skipped.length === 0) return;
	const kinds = [...new Set(skipped.map(({ type }) => textOf(type)))];
	logger.warn(`Cisco Umbrella: skipped ${skipped.length} records without a time or of an unknown kind`, {
		kinds,
	});
}
