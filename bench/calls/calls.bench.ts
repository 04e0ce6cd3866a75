import type { IDataObject } from 'n8n-workflow';
import { CiscoIse } from '../../nodes/CiscoIse/CiscoIse.node.js';
import { CiscoSecureEndpoint } from '../../nodes/CiscoSecureEndpoint/CiscoSecureEndpoint.node.js';
import { CiscoSecureNetworkAnalytics } from '../../nodes/CiscoSecureNetworkAnalytics/CiscoSecureNetworkAnalytics.node.js';
import { CiscoUmbrella } from '../../nodes/CiscoUmbrella/CiscoUmbrella.node.js';
import type { BenchResult } from '../bench';
import { LabNodes, type NodeRun } from './labNodes';

const DETECTIONS = 1_000;
const HOSTS = 500;
const FEW = 10;
const HOUR_MS = 3_600_000;

/**
 * Calls that the nodes send for a thousand detections of 500 hosts, counted by the lab's journal: log-ins and what a
 * node asks to get ready are among them, because a poll after a restart needs them too.
 */
export default async function callsBench(): Promise<BenchResult[]> {
	const nodes = await LabNodes.start();
	try {
		const hosts = nodes.growFleet('busyHour').slice(0, HOSTS);
		return [...(await sources(nodes, hosts)), ...(await sessions(nodes, hosts))];
	} finally {
		await nodes.close();
	}
}

interface Source {
	name: string;
	vendor: string;
	type: string;
	/** Field of the event that makes it another one each time. */
	data(index: number): IDataObject;
	read(from: string, to: string): Promise<NodeRun>;
}

async function sources(nodes: LabNodes, hosts: readonly string[]): Promise<BenchResult[]> {
	const results: BenchResult[] = [];
	for (const { name, vendor, type, data, read } of sourcesOf(nodes)) {
		nodes.report(Array.from({ length: DETECTIONS }, (_, index) => ({ vendor, hostname: hosts[index % HOSTS], type, data: data(index) })));
		const { items, calls } = await read(new Date(Date.now() - HOUR_MS).toISOString(), new Date().toISOString());
		if (items.length !== DETECTIONS) throw new Error(`${name}: ${items.length} detections read, not ${DETECTIONS}`);
		results.push(perDetections(name, calls.length));
	}
	return results;
}

function sourcesOf(nodes: LabNodes): Source[] {
	const detections = { operation: 'getMany', output: 'detections', returnAll: true };
	return [
		{
			name: 'Secure Endpoint', vendor: 'secureEndpoint', type: '1090519054',
			data: (index) => ({ sha256: index.toString(16).padStart(64, '0'), fileName: 'setup.exe' }),
			read: async (receivedAfter, until) =>
				await nodes.run(new CiscoSecureEndpoint(), { resource: 'event', ...detections, filters: { receivedAfter, until } }),
		},
		{
			name: 'Umbrella', vendor: 'umbrella', type: 'dns',
			data: (index) => ({ domain: `d${index}.example`, categories: ['Phishing'], verdict: 'blocked' }),
			read: async (from, to) =>
				await nodes.run(new CiscoUmbrella(), { resource: 'activity', kind: 'security', ...detections, from, to }),
		},
		{
			name: 'Secure Network Analytics', vendor: 'secureNetworkAnalytics', type: 'Suspect Data Hoarding',
			data: (index) => ({ peerIp: `203.0.113.${index % 250}`, peerPort: 1_024 + index }),
			read: async (from, to) =>
				await nodes.run(new CiscoSecureNetworkAnalytics(), { resource: 'securityEvent', ...detections, from, to }),
		},
	];
}

/** Addresses come twice, as they do in a batch of detections. */
async function sessions(nodes: LabNodes, hosts: readonly string[]): Promise<BenchResult[]> {
	const addresses = [...new Set(nodes.addressesOf(hosts))];
	const few = addresses.slice(0, FEW);
	const alone = await lookUp(nodes, few);
	const bulk = await lookUp(nodes, addresses);
	return [
		{
			name: `ISE session look-ups, ${few.length} addresses`, unit: 'calls', ours: alone, baseline: few.length,
			ratio: alone / few.length, bar: 'at most one for each address', ok: alone <= few.length,
		},
		{
			name: `ISE session look-ups, ${addresses.length} addresses`, unit: 'calls', ours: bulk, baseline: addresses.length,
			ratio: bulk / addresses.length, bar: 'at most one for 100 addresses', ok: bulk <= Math.ceil(addresses.length / 100),
		},
	];
}

async function lookUp(nodes: LabNodes, addresses: readonly string[]): Promise<number> {
	const { items, calls } = await nodes.run(new CiscoIse(), {
		resource: 'session', operation: 'find', ipAddresses: [...addresses, ...addresses], options: {},
	});
	const [{ notFound }] = items as unknown as [{ notFound: string[] }];
	if (notFound.length > 0) throw new Error(`ISE has no session for ${notFound.length} of ${addresses.length} addresses`);
	return calls.length;
}

function perDetections(name: string, calls: number): BenchResult {
	return {
		name: `${name}: calls for ${DETECTIONS.toLocaleString('en')} detections`, unit: 'calls', ours: calls, baseline: DETECTIONS,
		ratio: calls / DETECTIONS, bar: 'at most one for 100 detections', ok: calls <= DETECTIONS / 100,
	};
}
