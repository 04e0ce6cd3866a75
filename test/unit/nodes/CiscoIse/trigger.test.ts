import type { IDataObject, IHttpRequestOptions, INodeExecutionData, ITriggerFunctions } from 'n8n-workflow';
import type { RunningLab } from '../../../../lab';
import { createIse } from '../../../../lab/vendors/ise';
import type { FaultyVendor } from '../../../../lab/vendors/shared/faults';
import { startLab } from '../../../../lab';
import { CiscoIseTrigger } from '../../../../nodes/CiscoIse/CiscoIseTrigger.node';
import { pxGridAnc } from '../../../../nodes/CiscoIse/anc/pxGridAnc';
import { requiredPxGrid } from '../../../../nodes/CiscoIse/pxgrid/client';
import { ask } from '../../lab/machine/support';
import { fakeNode } from '../support/fakeContext';

/** The trigger over real sockets: the lab's proxy, TLS and WebSocket broker. */
let lab: RunningLab;
let ise: FaultyVendor;
const proxyBefore = process.env.HTTPS_PROXY;

beforeAll(async () => {
	lab = await startLab({ vendors: [(context) => (ise = createIse(context))] });
	process.env.HTTPS_PROXY = lab.proxyUrl;
});

afterAll(async () => {
	if (proxyBefore === undefined) delete process.env.HTTPS_PROXY;
	else process.env.HTTPS_PROXY = proxyBefore;
	await lab.close();
});

const NODES = 'ise.lab.example, https://ise2.lab.example:8910';

/** Secrets are kept in the process by what the credential says: each test has a spelling of its own. */
let account = '';

let stop: (() => Promise<void>) | undefined;

beforeEach(() => {
	lab.lab.reset({});
	account += ',';
});

afterEach(async () => {
	await stop?.();
	stop = undefined;
	expect(lab.lab.state()).toMatchObject({ violations: 0 });
});

interface Setup {
	parameters?: IDataObject;
	credential?: IDataObject;
	staticData?: IDataObject;
	mode?: 'manual' | 'trigger';
}

async function startTrigger({ parameters, credential, staticData = {}, mode = 'trigger' }: Setup = {}) {
	const emitted: IDataObject[] = [];
	const errors: Error[] = [];
	const table: IDataObject = { events: ['session', 'ancStatus'], options: {}, ...parameters };
	const context = {
		getNodeParameter: (name: string, fallback: unknown) => table[name] ?? fallback,
		getNode: () => fakeNode,
		getMode: () => mode,
		getWorkflowStaticData: () => staticData,
		getCredentials: async () => ({
			nodeUrls: NODES + account,
			nodeName: 'rtc-ready',
			authentication: 'password',
			password: 'pxgrid-lab-1',
			caCertificate: lab.caPem,
			...credential,
		}),
		emit: ([items]: INodeExecutionData[][]) => emitted.push(...items.map(({ json }) => json)),
		emitError: (error: Error) => errors.push(error),
		logger: { warn: () => undefined },
		helpers: { httpRequest: throughProxy },
	} as unknown as ITriggerFunctions;
	const response = await new CiscoIseTrigger().trigger.call(context);
	stop = async () => await response.closeFunction?.();
	return { emitted, errors, staticData, response, context };
}

async function throughProxy(options: IHttpRequestOptions) {
	const url = new URL(options.url);
	const { cert, key, ca } = (options.agentOptions ?? {}) as { cert?: string; key?: string; ca?: string };
	const { status, headers, text } = await ask(lab, {
		method: options.method,
		host: url.host,
		path: url.pathname + url.search,
		headers: options.headers as Record<string, string>,
		body: options.body as string,
		cert,
		key,
		ca,
	});
	return { statusCode: status, headers, body: text };
}

async function until(condition: () => boolean, what: string) {
	const deadline = Date.now() + 15_000;
	while (!condition()) {
		if (Date.now() > deadline) throw new Error(`Never happened: ${what}`);
		await new Promise((resolve) => setTimeout(resolve, 20));
	}
}

const connectedHost = () => lab.lab.world.hosts.find(({ nics }) => nics[0]?.connected)!;
const subscriptions = () => (ise.state().pxgrid as { subscriptions: { node: number }[] }).subscriptions;
const summary = (items: IDataObject[]) =>
	items.map(({ event, macAddress, state, status, policyName, recovered }) =>
		event === 'session' ? { macAddress, state, recovered } : { macAddress, status, policyName, recovered },
	);

it('tells session changes once, also those that happened while it was cut off', async () => {
	const { emitted, staticData } = await startTrigger({ parameters: { events: ['session'] } });
	const [first, second] = lab.lab.world.hosts.filter(({ nics }) => nics[0]?.connected);
	const [one, two] = [first.nics[0], second.nics[0]];
	one.connected = false;
	await until(() => emitted.length === 1, 'the first change');
	ise.setFault('pxgridDrop', true);
	await until(() => subscriptions().length === 0, 'the connection is cut');
	two.connected = false;
	ise.state();
	one.connected = true;
	await until(() => emitted.length >= 3, 'what was missed');
	await until(() => subscriptions().length === 1, 'connected again');
	two.connected = true;
	await until(() => emitted.length >= 4, 'the next change');
	expect(summary(emitted)).toEqual([
		{ macAddress: one.mac, state: 'DISCONNECTED', recovered: false },
		{ macAddress: two.mac, state: 'DISCONNECTED', recovered: true },
		{ macAddress: one.mac, state: 'STARTED', recovered: true },
		{ macAddress: two.mac, state: 'STARTED', recovered: false },
	]);
	expect(staticData).toMatchObject({ sessions: { newest: expect.stringMatching(/Z$/) as string } });
});

it.each([
	['a message is lost', 'pxgridLostMessages', 1],
	['the publisher starts again', 'pxgridRestart', true],
])('finds what it missed when %s, though the connection holds', async (_what, fault, value) => {
	const { emitted } = await startTrigger({ parameters: { events: ['session'] } });
	const nics = lab.lab.world.hosts.map(({ nics: [nic] }) => nic).filter((nic) => nic?.connected);
	const [before, also, lost, after] = nics;
	for (const nic of [before, also]) {
		nic.connected = false;
		await until(() => emitted.some(({ macAddress }) => macAddress === nic.mac), 'a change before');
	}
	if (fault === 'pxgridLostMessages') ise.setFault(fault, value);
	lost.connected = false;
	ise.state();
	if (fault === 'pxgridRestart') {
		await until(() => emitted.length === 3, 'the change before the restart');
		ise.setFault(fault, value);
	}
	after.connected = false;
	await until(() => emitted.some(({ macAddress }) => macAddress === after.mac), 'the change after');
	await until(() => subscriptions().length === 1, 'connected again');
	const isDirect = ({ mac }: { mac: string }) => mac === lost.mac && fault === 'pxgridRestart';
	expect(summary(emitted)).toEqual(
		[before, also, lost, after].map((nic) => ({
			macAddress: nic.mac,
			state: 'DISCONNECTED',
			recovered: !([before, also].includes(nic) || isDirect(nic)),
		})),
	);
	before.connected = true;
	await until(() => emitted.length === 5, 'the next change');
	expect(summary(emitted)[4]).toEqual({ macAddress: before.mac, state: 'STARTED', recovered: false });
});

it('goes on from where it was when the workflow is started again', async () => {
	const first = await startTrigger({ parameters: { events: ['session'] } });
	const [nic] = connectedHost().nics;
	nic.connected = false;
	await until(() => first.emitted.length === 1, 'the change');
	await stop!();
	nic.connected = true;
	const again = await startTrigger({ parameters: { events: ['session'] }, staticData: first.staticData });
	await until(() => again.emitted.length >= 1, 'what was missed');
	expect(summary(again.emitted)).toEqual([{ macAddress: nic.mac, state: 'STARTED', recovered: true }]);
});

it('tells ANC operations of others, and finds a quarantine that was set while it was cut off', async () => {
	const { emitted, context } = await startTrigger({ parameters: { events: ['ancStatus'] } });
	const anc = pxGridAnc(await requiredPxGrid(context));
	const [{ mac }] = connectedHost().nics;
	expect(await anc.change('apply', mac, 'Quarantine')).toBeUndefined();
	await until(() => emitted.length === 1, 'the status');
	ise.setFault('pxgridDrop', true);
	await until(() => subscriptions().length === 0, 'cut');
	expect(await anc.change('clear', mac)).toBeUndefined();
	await until(() => emitted.length === 2, 'what was missed');
	await until(() => subscriptions().length === 1, 'connected again');
	expect(await anc.change('apply', mac, 'Nonsense')).toMatch(/not configured/);
	await until(() => emitted.length === 3, 'the failure');
	expect(emitted).toMatchObject([
		{ macAddress: mac, policyName: 'Quarantine', status: 'SUCCESS', recovered: false },
		{ macAddress: mac, policyName: null, status: 'SUCCESS' },
		{ macAddress: mac, status: 'FAILURE', recovered: false },
	]);
});

it('moves to the other node when one is down', async () => {
	await startTrigger({ parameters: { events: ['session'] } });
	expect(subscriptions()).toMatchObject([{ node: 1 }]);
	ise.setFault('pxgridNodeDown', 1);
	await until(() => subscriptions()[0]?.node === 2, 'subscribed at the second node');
});

it('asks for a new secret when the old one has ended', async () => {
	await startTrigger();
	ise.expireTokens?.();
	ise.setFault('pxgridDrop', true);
	await until(() => subscriptions().length === 0, 'cut');
	await until(() => subscriptions().length === 2, 'subscribed again');
});

it('subscribes with a client certificate, once an administrator approved the account', async () => {
	const { clientCertificate, clientKey } = (lab.lab.credentials() as { lab: Record<string, string> }).lab;
	const credential = {
		nodeName: 'rtc-cert',
		authentication: 'certificate',
		clientCertificate,
		clientPrivateKey: clientKey,
	};
	await expect(startTrigger({ credential })).rejects.toThrow('403');
	const authorization = `Basic ${Buffer.from('rtc-cert:').toString('base64')}`;
	const headers = { authorization, accept: 'application/json', 'content-type': 'application/json' };
	const url = 'https://ise.lab.example:8910/pxgrid/control/AccountActivate';
	await throughProxy({
		method: 'POST',
		url,
		headers,
		body: '{}',
		agentOptions: { cert: clientCertificate, key: clientKey },
	});
	ise.setFault('pxgridApproval', 'approve');
	await startTrigger({ credential });
	expect(subscriptions()).toHaveLength(2);
	// The lab counts the call before the approval as a broken rule.
	await stop?.();
	lab.lab.reset({});
});

it('does not start with a wrong password', async () => {
	await expect(startTrigger({ credential: { password: 'wrong' } })).rejects.toThrow('401');
	// The lab counts a wrong password as a broken rule.
	lab.lab.reset({});
});

it('does not start when the certificate is from an unknown authority', async () => {
	await expect(startTrigger({ credential: { caCertificate: undefined } })).rejects.toThrow('certificate');
});

it('gives up when the account is disabled, and says so', async () => {
	const { errors } = await startTrigger();
	ise.setFault('pxgridApproval', 'disable');
	await until(() => errors.length > 0, 'the error');
	expect(errors).toHaveLength(1);
	expect(errors[0].message).toContain('403');
});

it('starts only on demand in a manual run', async () => {
	const { response } = await startTrigger({ mode: 'manual' });
	expect(subscriptions()).toEqual([]);
	await response.manualTriggerFunction?.();
	expect(subscriptions()).toHaveLength(2);
});

it('emits only the endpoints and states that were asked for', async () => {
	const [wanted, other] = lab.lab.world.hosts
		.filter(({ nics }) => nics[0]?.connected)
		.map(({ nics }) => nics[0]);
	const options = { macAddresses: wanted.mac.toLowerCase(), sessionStates: ['STARTED'] };
	const { emitted } = await startTrigger({ parameters: { events: ['session'], options } });
	wanted.connected = false;
	other.connected = false;
	await until(() => subscriptions().length === 1, 'subscribed');
	await new Promise((resolve) => setTimeout(resolve, 200));
	wanted.connected = true;
	other.connected = true;
	await until(() => emitted.length > 0, 'the start');
	expect(summary(emitted)).toEqual([{ macAddress: wanted.mac, state: 'STARTED', recovered: false }]);
});
