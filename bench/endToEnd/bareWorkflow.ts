import type { LabAccounts } from '../../demo/bundle';
import type { CredentialFile, WorkflowFile } from '../../demo/n8nInstance';

/**
 * What stands in for the steps between the poll and the ANC request: nodes that only pass items on, or, where the
 * pack asks a product, an HTTP Request node that asks the same.
 */
export type Between = 'nothing' | 'the same questions';

const ITSELF = { source: 'database', mode: 'once', options: { waitForSubWorkflow: false } };
const AMP = 'https://api.amp.cisco.com/v1';

type Node = WorkflowFile['nodes'][number] & { id: string; typeVersion: number; position: number[]; webhookId?: string };

/** Accounts of the lab as n8n's own nodes take them. */
export function bareCredentials({ secureEndpoint, ise }: LabAccounts): CredentialFile[] {
	return [
		{ id: 'bareAmp', name: 'Bare Secure Endpoint', type: 'httpBasicAuth', data: { user: secureEndpoint.clientId, password: secureEndpoint.apiKey } },
		{ id: 'bareIse', name: 'Bare ISE', type: 'httpBasicAuth', data: { user: ise.accounts[0].user, password: ise.accounts[0].password } },
	];
}

/** Path of the webhook that starts a bare workflow. */
export const barePath = (between: Between): string => `bare-${between === 'nothing' ? 'nothing' : 'questions'}`;

/**
 * The way of the bundled workflows from the poll to the ANC request with n8n's own nodes only, as many of them, in two
 * workflows as well: read events; score; call; be called; find sessions; read the host; claim; confirm; branch; apply.
 * Where the pack scores, claims and confirms, items become one per event and one per network card, as each is one request.
 */
export function bareWorkflows(between: Between, { ise }: LabAccounts): WorkflowFile[] {
	const asks = between === 'the same questions';
	const id = `bench${asks ? 'Questions' : 'Nothing'}`;
	const sessions = asks
		? request('Find sessions', 'bareIse', { url: `=${ise.mntUrl}/admin/API/mnt/Session/MACAddress/{{ $json.computer.network_addresses[0].mac.toUpperCase() }}`, ...xml() })
		: edit('Find sessions');
	const host = asks ? request('Read host', 'bareAmp', { url: `=${AMP}/computers/{{ $('Called').item.json.computer.connector_guid }}` }) : edit('Read host');
	const first = chain([
		node('Start', 'webhook', 2.1, { httpMethod: 'POST', path: barePath(between), responseMode: 'onReceived', options: {} }),
		request('Read events', 'bareAmp', { url: `={{ '${AMP}/events?limit=500&start_date=' + encodeURIComponent($json.body.from) }}` }),
		node('Each event', 'splitOut', 1, { fieldToSplitOut: 'data', options: {} }),
		node('Contain', 'executeWorkflow', 1.2, { ...ITSELF, workflowId: { __rl: true, mode: 'id', value: `${id}Sub` } }),
	]);
	const second = chain([
		node('Called', 'executeWorkflowTrigger', 1.1, { inputSource: 'passthrough' }),
		sessions,
		host,
		cards(asks ? 'data' : 'computer'),
		node('Each card', 'splitOut', 1, { fieldToSplitOut: 'mac', options: {} }),
		node('Confirmed', 'if', 2.2, condition()),
		request('Apply ANC policy', 'bareIse', {
			method: 'PUT',
			url: `${ise.ersUrl}/ers/config/ancendpoint/apply`,
			...headers({ Accept: 'application/json' }),
			sendBody: true,
			specifyBody: 'json',
			jsonBody: `={{ { OperationAdditionalData: { additionalData: [{ name: 'macAddress', value: $json.mac }, { name: 'policyName', value: 'Quarantine' }] } } }}`,
		}),
	]);
	return [workflow(`${id}Sub`, second), workflow(id, first)];
}

function workflow(id: string, { nodes, connections }: Pick<WorkflowFile, 'nodes'> & { connections: object }): WorkflowFile {
	return { id, name: id, active: false, nodes, connections, settings: { executionOrder: 'v1', saveDataSuccessExecution: 'none' } };
}

function chain(nodes: Node[]): { nodes: Node[]; connections: object } {
	const links = nodes.slice(0, -1).map(({ name }, index) => [name, { main: [[{ node: nodes[index + 1].name, type: 'main', index: 0 }]] }]);
	return { nodes: nodes.map((one, index) => ({ ...one, position: [index * 220, 0] })), connections: Object.fromEntries(links) as object };
}

function node(name: string, type: string, typeVersion: number, parameters: Record<string, unknown>): Node {
	const webhook = type === 'webhook' && { webhookId: String(parameters.path) };
	return { id: name, name, type: `n8n-nodes-base.${type}`, typeVersion, position: [0, 0], parameters, ...webhook };
}

function edit(name: string): Node {
	return node(name, 'set', 3.4, { mode: 'manual', includeOtherFields: true, assignments: { assignments: [{ id: 'a', name: 'step', type: 'string', value: name }] }, options: {} });
}

/** The MAC addresses of a computer, each once, as ISE wants them. */
function cards(field: string): Node {
	const value = `={{ [...new Set($json.${field}.network_addresses.map(({ mac }) => mac.toUpperCase()))] }}`;
	return node('Cards', 'set', 3.4, { mode: 'manual', assignments: { assignments: [{ id: 'a', name: 'mac', type: 'array', value }] }, options: {} });
}

function request(name: string, credential: string, parameters: Record<string, unknown>): Node {
	const given = { authentication: 'genericCredentialType', genericAuthType: 'httpBasicAuth', options: {}, ...parameters };
	return { ...node(name, 'httpRequest', 4.2, given), credentials: { httpBasicAuth: { id: credential, name: credential } } };
}

/** A card that is not connected has no session, which is no error. */
function xml(): Record<string, unknown> {
	return { ...headers({ Accept: 'application/xml' }), options: { response: { response: { responseFormat: 'text', neverError: true } } } };
}

function headers(given: Record<string, string>): Record<string, unknown> {
	return { sendHeaders: true, headerParameters: { parameters: Object.entries(given).map(([name, value]) => ({ name, value })) } };
}

function condition(): Record<string, unknown> {
	const operator = { type: 'string', operation: 'exists', singleValue: true };
	return { conditions: { options: { caseSensitive: true, leftValue: '', typeValidation: 'loose', version: 2 }, conditions: [{ id: 'c', leftValue: '={{ $json.mac }}', rightValue: '', operator }], combinator: 'and' }, options: {} };
}
