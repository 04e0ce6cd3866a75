import type { IDataObject } from 'n8n-workflow';
import type { Intent } from '../../../../ledger/api';

/** Output of Complete and Fail: the intent, and the notice that was opened with it, if any. */
export function intentWithNotice({ intent, notice }: { intent: Intent; notice?: Intent }): IDataObject {
	return { intent, ...(notice && { notice }) } as unknown as IDataObject;
}
