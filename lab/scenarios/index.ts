import { busyHour } from './busyHour';
import { commandAndControl } from './commandAndControl';
import { insiderExfiltration } from './insiderExfiltration';
import { massFalsePositive } from './massFalsePositive';
import { noisyDetector } from './noisyDetector';
import { quietDay } from './quietDay';
import { ransomware } from './ransomware';
import type { Scenario } from './scenario';

/** Every scenario that the lab can play. */
export const scenarios: readonly Scenario[] = [
	ransomware,
	commandAndControl,
	insiderExfiltration,
	noisyDetector,
	massFalsePositive,
	quietDay,
	busyHour,
];
