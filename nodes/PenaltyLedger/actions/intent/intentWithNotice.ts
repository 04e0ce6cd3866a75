import type { IDataObject } from 'n8n-workflow';
import type { Settled } from '../../../../ledger/service';

/** Output of Complete and Fail: the intent, and the notice that was opened with it, if any. */
export function intentWithNotice({ intent, notice }: Settled): IDataObject {
	return { intent, ...(notice && { notice }) } as unknown as IDataObject;
}
