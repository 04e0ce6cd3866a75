import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import { wantedCount } from '../../../shared/fields';
import { legacyActivity } from '../../legacyDetections';
import type { LegacyClient } from '../../transport/legacy/client';
import { readSecurityActivity } from '../../transport/legacy/reporting';
import { timeWindow } from '../timeFields';

/** Security activity of the Reporting API v1, oldest first: detections, or rows as they came. */
export async function execute(
	this: IExecuteFunctions,
	client: LegacyClient,
	itemIndex: number,
): Promise<IDataObject[]> {
	const window = timeWindow(this, itemIndex);
	const wanted = wantedCount(this, itemIndex);
	const rows = await readSecurityActivity(this, client.reporting, window, wanted, itemIndex);
	const keepRaw = this.getNodeParameter('options.keepRaw', itemIndex, false) === true;
	const { detections, records } = legacyActivity(rows, { keepRaw });
	const found = this.getNodeParameter('output', itemIndex) === 'raw' ? records : detections;
	return found.slice(0, wanted) as unknown as IDataObject[];
}
