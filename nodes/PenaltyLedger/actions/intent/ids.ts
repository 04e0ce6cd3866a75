import type { IExecuteFunctions } from 'n8n-workflow';
import { nameList } from '../../helpers/parameters';

/**
 * Intent IDs of the field "Intent IDs" over all input items, each with the first item that gave it.
 * Undefined when the field is empty. An expression that gives no ID (of an item that is no intent) means
 * "none of them", not "all".
 */
export function readIds(context: IExecuteFunctions): Map<string, number> | undefined {
	if (!String(context.getNodeParameter('ids', 0, '', { rawExpressions: true })).trim()) return undefined;
	const ids = new Map<string, number>();
	context.getInputData().forEach((_item, itemIndex) => {
		for (const id of nameList(context.getNodeParameter('ids', itemIndex, ''))) {
			if (!ids.has(id)) ids.set(id, itemIndex);
		}
	});
	return ids;
}
