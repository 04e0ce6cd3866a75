import type { IDataObject, IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import type { LedgerService } from '../../../../ledger/service';
import { workflowActor } from '../../helpers/actor';
import { entityFields, optionsField } from '../../helpers/fields';
import { entityKey, jsonObject } from '../../helpers/parameters';

export const description: INodeProperties[] = [
	...entityFields,
	{
		displayName: 'Context',
		name: 'context',
		type: 'json',
		typeOptions: { rows: 6 },
		required: true,
		default: '{}',
		placeholder: 'e.g. { "sessions": [], "flows": [], "computers": [], "problems": [] }',
		description:
			'What the products say: a JSON object with lists in sessions (as Cisco ISE: Find gives them), flows (as Secure Network Analytics: Get Many Flows), computers (as Secure Endpoint: Get Computer), locations (clients of Cisco CMX), files ({ sha256, report of Secure Malware Analytics: Get File, verdict: attributes of VirusTotal\'s file object }), notSetUp and problems (texts). At most 20 sessions, 100 flows, 5 computers, 10 locations and 4 files are kept.',
	},
	optionsField(),
];

/** Answers with the context as it is kept. */
export async function execute(
	this: IExecuteFunctions,
	ledger: LedgerService,
	itemIndex: number,
): Promise<IDataObject> {
	const entity = entityKey(this, itemIndex);
	const found = jsonObject(this, 'context', 'Context', itemIndex);
	const context = await ledger.noteContext(entity, found, workflowActor(this, itemIndex));
	return { ...entity, context: context as unknown as IDataObject };
}
