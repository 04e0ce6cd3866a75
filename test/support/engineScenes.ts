import { CEO_LAPTOP } from '../../lab/world/company';
import type { Intent } from '../../ledger';
import type { Engine, Execution } from './engine';

/** A laptop with a connector, two network cards and a session for each, that shares nothing with other hosts. */
export const HOST = CEO_LAPTOP;

export const EXECUTED_MALWARE = '1107296272';
export const POTENTIAL_RANSOMWARE = '1107296284';
export const QUARANTINE_FAILED = '2164260880';
export const THREAT_DETECTED = '1090519054';

export const PERSON = { name: 'ann' };

/** Secure Endpoint reports an event about a host. */
export function reportEvent(engine: Engine, type: string, hostname = HOST): void {
	engine.lab.lab.emit({ vendor: 'secureEndpoint', hostname, type });
}

/** Umbrella blocks a host's contact with a command and control server. */
export function reportCallback(engine: Engine, hostname = HOST): void {
	const data = { domain: 'c2.example', categories: ['Command and Control'], verdict: 'blocked' };
	engine.lab.lab.emit({ vendor: 'umbrella', hostname, type: 'dns', data });
}

/** Polls both sources, ten seconds after whatever was just reported. */
export async function poll(engine: Engine): Promise<Execution[]> {
	engine.time.advance(10_000);
	return [...(await engine.runWell('rtcPollSecureEndpt')), ...(await engine.runWell('rtcPollUmbrella'))];
}

/** Two sources condemn a host, and both are polled: enough to contain it. */
export async function compromise(engine: Engine, hostname = HOST): Promise<Execution[]> {
	reportEvent(engine, EXECUTED_MALWARE, hostname);
	reportCallback(engine, hostname);
	return await poll(engine);
}

/** What the vendors know of the containment of a host, and all messages and incidents. */
export interface Scene {
	/** MACs of the host that are bound to an ANC policy, and under it where they have a session; sorted. */
	bound: string[];
	/** `undefined` when the connector was never asked to isolate. */
	isolation: string | undefined;
	/** First line of every message, oldest first. */
	messages: string[];
	incidents: { correlationId: string; notes: string[] }[];
}

export function sceneOf(engine: Engine, hostname = HOST): Scene {
	const { ise, secureEndpoint, webex, serviceNow } = engine.state().vendors as unknown as VendorStates;
	return {
		bound: ise.ancBindings
			.filter(
				(binding) => binding.hostname === hostname && (binding.inForce || !isConnected(engine, binding.mac)),
			)
			.map(({ mac }) => mac)
			.sort(),
		isolation: secureEndpoint.isolation.find((entry) => entry.hostname === hostname)?.status,
		messages: webex.messages.map(({ text }) => text.split('\n')[0]),
		incidents: serviceNow.incidents.map((incident) => ({
			correlationId: incident.correlation_id,
			notes: incident.work_notes.map(({ value }) => value),
		})),
	};
}

function isConnected(engine: Engine, mac: string): boolean {
	return engine.lab.lab.world.findByMac(mac)?.nic.connected === true;
}

interface VendorStates {
	ise: { ancBindings: { mac: string; hostname: string; inForce: boolean }[] };
	secureEndpoint: { isolation: { hostname: string; status: string }[] };
	webex: { messages: { id: string; parentId?: string; text: string }[] };
	serviceNow: { incidents: { correlation_id: string; work_notes: { value: string }[] }[] };
}

export function messagesOf(engine: Engine): VendorStates['webex']['messages'] {
	return (engine.state().vendors as unknown as VendorStates).webex.messages;
}

/** MACs of a host, sorted. */
export function macsOf(engine: Engine, hostname = HOST): string[] {
	return engine
		.host(hostname)
		.nics.map(({ mac }) => mac)
		.sort();
}

/** Further laptops with connectors and network cards of their own, of one ISE endpoint profile. */
export function laptops(engine: Engine, count: number, profile: string): string[] {
	return engine.lab.lab.world.hosts
		.filter(({ role, connectorGuid, hostname }) => role === 'laptop' && connectorGuid && hostname !== HOST)
		.filter((host) => host.profile === profile && host.nics.every(({ medium }) => medium !== 'dock'))
		.slice(0, count)
		.map(({ hostname }) => hostname);
}

/** The latest intent of a kind. */
export async function intentOf(engine: Engine, kind: Intent['kind']): Promise<Intent> {
	const { items } = await engine.ledger.getIntents({ kind, limit: 1 });
	if (items.length === 0) throw new Error(`The ledger has no intent to ${kind}`);
	return items[0];
}

/** How often the vendors were asked to change something; looking does not count. */
export function changesAsked(engine: Engine): string[] {
	return engine
		.journal()
		.filter(({ method, path }) => method !== 'GET' && !path.startsWith('/auth/'))
		.map(({ vendor, method, path }) => `${vendor} ${method} ${path}`);
}

/** What nobody should ever do to a vendor, and defects of the lab. */
export function misdeedsOf(engine: Engine): string[] {
	return engine
		.journal()
		.flatMap(({ vendor, method, path, violation, labError, avoidable429 }) =>
			violation || labError || avoidable429
				? [`${vendor} ${method} ${path}: ${violation ?? labError ?? 'too many calls'}`]
				: [],
		);
}
