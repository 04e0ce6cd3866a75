import type { ILoadOptionsFunctions, INodePropertyOptions } from 'n8n-workflow';
import { withLedger } from '../transport/withLedger';

/** Sources that the ledger has seen: those with detections and those that were polled without any. */
export async function getSources(this: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
	return await withLedger(this, async (ledger) => {
		const { detections, cursors } = await ledger.getMetrics();
		const sources = new Set([...Object.keys(detections), ...cursors.map(({ source }) => source)]);
		return [...sources].sort().map((source) => ({
			name: source,
			value: source,
			description: `Detections: ${detections[source] ?? 0}`,
		}));
	});
}
