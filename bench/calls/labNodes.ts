import { rm } from 'node:fs/promises';
import https from 'node:https';
import { text } from 'node:stream/consumers';
import type { ICredentialDataDecryptedObject, ICredentialType, IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { CiscoRtcIseApi } from '../../credentials/CiscoRtcIseApi.credentials';
import { CiscoRtcSecureEndpointApi } from '../../credentials/CiscoRtcSecureEndpointApi.credentials';
import { CiscoRtcSecureNetworkAnalyticsApi } from '../../credentials/CiscoRtcSecureNetworkAnalyticsApi.credentials';
import { CiscoRtcUmbrellaApi } from '../../credentials/CiscoRtcUmbrellaApi.credentials';
import { labCredentials, type LabAccounts } from '../../demo/bundle';
import type { LabProcess } from '../../demo/labProcess';
import type { CredentialFile } from '../../demo/n8nInstance';
import { startLab, type RunningLab } from '../../lab';
import { fakeExecute, type FakeServer } from '../../test/unit/nodes/support/fakeContext';

const CREDENTIAL_TYPES: ICredentialType[] = [
	new CiscoRtcSecureEndpointApi(),
	new CiscoRtcUmbrellaApi(),
	new CiscoRtcSecureNetworkAnalyticsApi(),
	new CiscoRtcIseApi(),
];

const DETECTION_AGE_MS = 60_000;

interface ExecutableNode {
	execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]>;
}

/** What a node gave, and what the lab's vendors were asked for it. */
export interface NodeRun {
	items: IDataObject[];
	/** `method path` of every call, in order. */
	calls: string[];
}

/** The pack's nodes with a lab in this process; every call goes through the lab's proxy and into its journal. */
export class LabNodes {
	private constructor(
		private readonly running: RunningLab,
		private readonly credentials: Record<string, ICredentialDataDecryptedObject>,
		private readonly server: FakeServer,
	) {}

	static async start(): Promise<LabNodes> {
		const running = await startLab();
		const accounts = running.lab.credentials() as unknown as LabAccounts;
		const filled = await labCredentials({ get: async () => accounts } as unknown as LabProcess);
		const credentials = withDefaults(filled);
		const agent = new https.Agent({ proxyEnv: { HTTPS_PROXY: running.proxyUrl }, ca: running.caPem });
		const server: FakeServer = async ({ method, url, headers, options }) =>
			await new Promise((resolve, reject) => {
				const request = https.request(url, { method, headers, agent }, (answer) => {
					text(answer).then((body) => resolve({ status: answer.statusCode, headers: answer.headers as Record<string, string>, body }), reject);
				});
				request.on('error', reject).end(options.body);
			});
		return new LabNodes(running, credentials, server);
	}

	async close(): Promise<void> {
		await this.running.close();
		await rm(this.running.caFile, { force: true });
	}

	/** Lets the company grow by the fleet that a scenario needs; gives the fleet's host names. */
	growFleet(scenario: string): string[] {
		this.running.lab.startScenario({ name: scenario });
		this.running.lab.stopScenario();
		return this.running.lab.world.hosts.map(({ hostname }) => hostname).filter((name) => name.startsWith('fleet-'));
	}

	/** Addresses of the hosts' connected network cards. */
	addressesOf(hostnames: readonly string[]): string[] {
		const cards = hostnames.flatMap((name) => this.running.lab.world.findByHostname(name)?.nics ?? []);
		return cards.flatMap(({ connected, ip }) => (connected && ip ? [ip] : []));
	}

	/** A vendor reports events, all one minute ago. */
	report(events: readonly { vendor: string; hostname: string; type: string; data?: IDataObject }[]): void {
		this.running.lab.setClock({ offsetMs: -DETECTION_AGE_MS });
		for (const event of events) this.running.lab.emit({ ...event });
		this.running.lab.setClock({ offsetMs: 0 });
	}

	/** @throws Error when the vendor saw a call that breaks its rules */
	async run(node: ExecutableNode, parameters: IDataObject): Promise<NodeRun> {
		const { journal } = this.running.lab;
		const since = journal.query({ limit: 1 }).entries.at(-1)?.seq ?? 0;
		const context = fakeExecute({ parameters, credentials: this.credentials, server: this.server });
		const [items] = await node.execute.call(context);
		const { entries } = journal.query({ since, limit: 10_000 });
		const wrong = entries.find(({ violation, avoidable429, labError }) => violation || avoidable429 || labError);
		if (wrong) throw new Error(`${wrong.method} ${wrong.path}: ${wrong.violation ?? wrong.labError ?? 'too many calls'}`);
		return { items: items.map(({ json }) => json), calls: entries.map(({ method, path }) => `${method} ${path}`) };
	}
}

/** As n8n does: fields that are not given get the defaults of the credential type. */
function withDefaults(given: readonly CredentialFile[]): Record<string, ICredentialDataDecryptedObject> {
	const filled = CREDENTIAL_TYPES.map(({ name, properties }) => {
		const defaults = Object.fromEntries(properties.map((property) => [property.name, property.default]));
		return [name, { ...defaults, ...given.find(({ type }) => type === name)?.data }];
	});
	return Object.fromEntries(filled) as Record<string, ICredentialDataDecryptedObject>;
}
