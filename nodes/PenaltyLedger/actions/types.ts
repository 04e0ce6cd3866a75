import type { IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';
import type { LedgerService } from '../../../ledger/service';
import type { Operation } from '../../shared/execute';

/** Works on one input item; its answer becomes one or more items. */
export interface ItemOperation {
	description: INodeProperties[];
	execute: Operation<LedgerService>;
}

/** Works on all input items at once; answers with the items of every output. */
export interface BatchOperation {
	description: INodeProperties[];
	executeBatch: (this: IExecuteFunctions, ledger: LedgerService) => Promise<INodeExecutionData[][]>;
	/** Output for items that failed; default: the first. */
	errorOutput?: number;
}

/** What an `actions/<resource>/index.ts` exports. */
export interface Resource {
	/** The "Operation" field of the resource. */
	operationField: INodeProperties;
	operations: Record<string, ItemOperation | BatchOperation>;
}
