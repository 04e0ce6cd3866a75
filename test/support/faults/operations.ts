import type { INode } from 'n8n-workflow';
import { bundledWorkflows } from '../bundledWorkflows';

/** What the lab calls the vendor that a node type talks to. */
const VENDOR_OF_TYPE: Record<string, string> = {
	'n8n-nodes-cisco-rtc.ciscoSecureEndpoint': 'secureEndpoint',
	'n8n-nodes-cisco-rtc.ciscoUmbrella': 'umbrella',
	'n8n-nodes-cisco-rtc.ciscoSecureNetworkAnalytics': 'secureNetworkAnalytics',
	'n8n-nodes-cisco-rtc.ciscoIse': 'ise',
	'n8n-nodes-cisco-rtc.ciscoWebex': 'webex',
	'n8n-nodes-cisco-rtc.ciscoWebexTrigger': 'webex',
	'n8n-nodes-cisco-rtc.ciscoWebexReplyTrigger': 'webex',
	'n8n-nodes-cisco-rtc.ciscoSecureMalwareAnalytics': 'secureMalwareAnalytics',
	'n8n-nodes-base.serviceNow': 'serviceNow',
};

/** n8n's HTTP Request node, by its credential. */
const VENDOR_OF_CREDENTIAL: Record<string, string> = { httpBasicAuth: 'cmx', virusTotalApi: 'virusTotal' };

/** Credentials of the pack's own parts: nodes that have no other call no vendor. */
const OWN_CREDENTIALS = ['ciscoRtcLedgerApi', 'ciscoRtcConsoleApi', 'ciscoRtcManualQuarantineApi'];

/** n8n's own nodes that call nobody. One that is not listed has to be looked at. */
const SILENT_TYPES = [
	'crypto',
	'errorTrigger',
	'executeWorkflow',
	'executeWorkflowTrigger',
	'if',
	'manualTrigger',
	'readWriteFile',
	'removeDuplicates',
	'respondToWebhook',
	'scheduleTrigger',
	'set',
	'splitInBatches',
	'splitOut',
	'stickyNote',
	'stopAndError',
	'switch',
	'webhook',
].map((name) => `n8n-nodes-base.${name}`);

/** One operation at a vendor, and the bundled nodes that use it. */
export interface VendorOperation {
	vendor: string;
	/** `resource: operation` as n8n stores them; of a trigger the node type. */
	name: string;
	/** `Workflow / Node`. */
	uses: string[];
}

/** Every operation of the bundled workflows at a vendor. @throws Error for a node that nobody classified */
export function vendorOperations(): VendorOperation[] {
	const found = new Map<string, VendorOperation>();
	for (const workflow of bundledWorkflows()) {
		for (const node of workflow.nodes.filter((candidate) => !callsNobody(candidate))) {
			const vendor = vendorOf(node);
			if (!vendor) throw new Error(`Which vendor does "${node.name}" (${node.type}) of ${workflow.file} call?`);
			const name = operationOf(node);
			const operation = found.get(`${vendor} ${name}`) ?? { vendor, name, uses: [] };
			operation.uses.push(`${workflow.name} / ${node.name}`);
			found.set(`${vendor} ${name}`, operation);
		}
	}
	return [...found.values()];
}

function callsNobody({ type, credentials = {} }: INode): boolean {
	if (type in VENDOR_OF_TYPE) return false;
	const names = Object.keys(credentials);
	return SILENT_TYPES.includes(type) || (names.length > 0 && names.every((name) => OWN_CREDENTIALS.includes(name)));
}

function vendorOf({ type, credentials = {} }: INode): string | undefined {
	return VENDOR_OF_TYPE[type] ?? Object.keys(credentials).flatMap((name) => VENDOR_OF_CREDENTIAL[name] ?? [])[0];
}

function operationOf({ type, parameters }: INode): string {
	const { resource, operation } = parameters;
	return operation ? `${String(resource)}: ${String(operation)}` : type.split('.')[1];
}
