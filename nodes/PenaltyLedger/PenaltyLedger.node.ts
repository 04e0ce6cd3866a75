import type { IExecuteFunctions, INodeExecutionData, INodeType, INodeTypeDescription } from 'n8n-workflow';
import { NodeConnectionTypes } from 'n8n-workflow';
import { properties } from './actions';
import { run } from './actions/router';
import { testLedger } from './methods/credentialTest';
import { getSources } from './methods/loadOptions';

/** One output for every operation but Score, whose four outputs have a fixed order. */
const OUTPUTS = `={{ $parameter["resource"] === "detection" && $parameter["operation"] === "score"
	? ["Contain", "Needs approval", "Recorded", "Duplicate"].map((displayName) => ({ type: "${NodeConnectionTypes.Main}", displayName }))
	: [{ type: "${NodeConnectionTypes.Main}" }] }}` as const;

/** Scores detections, decides on containments, and keeps the outbox, the policy and the audit trail. */
export class PenaltyLedger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Penalty Ledger',
		name: 'penaltyLedger',
		icon: { light: 'file:penaltyLedger.svg', dark: 'file:penaltyLedger.dark.svg' },
		group: ['transform'],
		version: 1,
		subtitle: '={{ $parameter["operation"] + ": " + $parameter["resource"] }}',
		description:
			'Score hosts, users, IPs and hostnames by what Cisco products detect, and decide whom to contain',
		defaults: { name: 'Penalty Ledger' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: OUTPUTS,
		credentials: [{ name: 'ciscoRtcLedgerApi', required: true, testedBy: 'testLedger' }],
		properties,
	};

	methods = {
		credentialTest: { testLedger },
		loadOptions: { getSources },
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await run(this);
	}
}
