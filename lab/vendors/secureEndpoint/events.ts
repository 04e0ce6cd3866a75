import type { LabContext, VendorEvent } from '../../machine/vendor';
import type { WorldHost } from '../../world/world';
import { randomHex, sha256Of } from '../shared/values';
import { networkAddresses, reportedHostname, EXTERNAL_IP } from './computers';
import { eventTypeById, type EventShape, type EventType } from './eventTypes';

/** An event as the vendor keeps it: its wire form, and what filters look at. */
export interface StoredEvent {
	/** Epoch ms by the vendor's clock; `date`, `timestamp` and `timestamp_nanoseconds` say the same. */
	at: number;
	/** Epoch ms from which `GET /v1/events` shows it. */
	visibleAt: number;
	type: EventType;
	/** 64-bit, unique. */
	id: bigint;
	connectorGuid?: string;
	groupGuid?: string;
	/** Hashes of the file and of the file's parent. */
	detectionSha256?: string;
	applicationSha256?: string;
	user?: string;
	wire: Record<string, unknown>;
}

/** What a scenario may say about an event; everything else is made up. */
export interface EventData {
	detection?: string;
	sha256?: string;
	fileName?: string;
	parentFileName?: string;
	parentSha256?: string;
	severity?: string;
	/** Whom the vendor names as signed in; default: the host's user. */
	user?: string;
	remoteIp?: string;
	remotePort?: number;
	/** URL of a network event. */
	url?: string;
	/** Texts of an indication of compromise. */
	shortDescription?: string;
	description?: string;
	tactics?: string[];
	techniques?: string[];
	cves?: string[];
	application?: string;
	version?: string;
	/** What became of a detected file, reported by a second event of the same detection; absent: no second event. */
	outcome?: 'quarantined' | 'failed';
}

/** What building an event needs to know beside the event itself. */
export interface EventSource {
	context: LabContext;
	/** Origin for links, e.g. `https://api.amp.cisco.com`. */
	origin: string;
	/** The next number of the vendor's id sequence. */
	nextNumber(): bigint;
	/** Latest detection id by connector and file: what becomes of the file is reported under the same id. */
	detectionIds: Map<string, string>;
	groupOf(host: WorldHost): string;
}

/** Events that follow a detection when the file was, or was not, put in quarantine. */
const FOLLOW_UPS: Record<number, { quarantined: number; failed: number }> = {
	1090519054: { quarantined: 553648143, failed: 2164260880 },
	553648147: { quarantined: 553648155, failed: 2164260893 },
};

const WITH_USER: EventShape[] = ['detection', 'indicator', 'network', 'lowPrevalence', 'vulnerable'];
const WITH_START: EventShape[] = ['executedMalware', 'indicator'];

function isoSeconds(at: number): string {
	return `${new Date(at).toISOString().slice(0, 19)}+00:00`;
}

/** Seconds in the high half, a running number in the low half: too big for a double, like the vendor's. */
function idAt(at: number, number: bigint): bigint {
	return (BigInt(Math.floor(at / 1000)) << 32n) + number;
}

/** Ids of this family of events fit a double. */
function shortIdAt(at: number, number: bigint): bigint {
	return BigInt(at) * 1000n + (number % 1000n);
}

function identity(sha256: string, complete: boolean): Record<string, string> {
	if (!complete) return { sha256 };
	return {
		sha256,
		sha1: sha256Of(`sha1 ${sha256}`).slice(0, 40),
		md5: sha256Of(`md5 ${sha256}`).slice(0, 32),
	};
}

function filePath(fileName: string, user: string | undefined): string {
	const home = user ? `Users\\${user.split('@')[0]}\\AppData\\Local\\Temp` : 'Windows\\Temp';
	return `\\\\?\\C:\\${home}\\${fileName}`;
}

function parentOf(data: EventData): Record<string, unknown> {
	const fileName = data.parentFileName ?? 'explorer.exe';
	return {
		process_id: 896,
		disposition: 'Clean',
		file_name: fileName,
		identity: identity(data.parentSha256 ?? sha256Of(`file ${fileName}`), true),
	};
}

function computerOf(host: WorldHost, source: EventSource, user: string | undefined): Record<string, unknown> {
	const computer = `${source.origin}/v1/computers/${host.connectorGuid}`;
	return {
		connector_guid: host.connectorGuid,
		hostname: reportedHostname(host),
		external_ip: EXTERNAL_IP,
		...(user ? { user } : {}),
		active: true,
		network_addresses: networkAddresses(host),
		links: {
			computer,
			trajectory: `${computer}/trajectory`,
			group: `${source.origin}/v1/groups/${source.groupOf(host)}`,
		},
	};
}

interface Draft {
	type: EventType;
	at: number;
	data: EventData;
	host?: WorldHost;
	sha256: string;
	detectionId: string;
	user?: string;
}

/** The parts that only some types carry. */
function partsOf({ type, data, host, sha256, detectionId, user }: Draft): Record<string, unknown> {
	const detection = data.detection ?? `W32.${sha256.slice(0, 10).toUpperCase()}-100.SBX.TG`;
	const fileName = data.fileName ?? `${sha256.slice(0, 8)}.exe`;
	const malicious = { disposition: 'Malicious', identity: identity(sha256, false) };
	const fullFile = {
		disposition: 'Malicious',
		file_name: fileName,
		file_path: filePath(fileName, user),
		identity: identity(sha256, true),
		parent: parentOf(data),
	};
	switch (type.shape) {
		case 'detection':
			return { detection, detection_id: detectionId, file: fullFile };
		case 'quarantine':
			return { detection_id: detectionId, file: malicious };
		case 'quarantineFailure':
			return {
				detection_id: detectionId,
				error: { error_code: 3221225524, description: 'Object name not found' },
				file: malicious,
			};
		case 'executedMalware':
			return { detection, file: { ...malicious, parent: malicious } };
		case 'lowPrevalence':
			return { file: { ...malicious, file_name: fileName } };
		case 'indicator':
			return {
				cloud_ioc: {
					description:
						data.description ?? `${type.name}: a command or file path like those of malware was seen.`,
					short_description:
						data.shortDescription ?? data.detection ?? `W32.${type.name.replace(/\W+/g, '')}.ioc`,
				},
				file: { ...fullFile, disposition: data.sha256 ? 'Malicious' : 'Clean' },
				...(data.tactics ? { tactics: data.tactics } : {}),
				...(data.techniques ? { techniques: data.techniques } : {}),
			};
		case 'network':
			return {
				detection: data.detection ?? 'DFC.CustomIPList',
				detection_id: detectionId,
				network_info: {
					...(data.url ? { dirty_url: data.url } : {}),
					remote_ip: data.remoteIp ?? '198.51.100.23',
					remote_port: data.remotePort ?? 443,
					local_ip: host?.nics.find((nic) => nic.connected)?.ip ?? host?.nics[0]?.ip,
					local_port: 49731,
					nfm: { direction: 'Outgoing connection from', protocol: 'TCP' },
					parent: parentOf(data),
				},
			};
		case 'vulnerable':
			return {
				file: { ...fullFile, disposition: 'Clean' },
				vulnerabilities: [
					{
						name: data.application ?? 'Adobe Flash Player',
						version: data.version ?? '11.5.502.146',
						cves: (data.cves ?? ['CVE-2013-3333']).map((cve, index) => ({
							id: cve,
							link: `https://web.nvd.nist.gov/view/vuln/detail?vulnId=${cve}`,
							cvss: 10 - index * 0.5,
						})),
					},
				],
			};
		case 'scan':
			return {
				scan: {
					description: 'Flash Scan',
					clean: type.severity === undefined,
					scanned_files: 2891,
					scanned_processes: 74,
					scanned_paths: 12,
					malicious_detections: type.severity ? 1 : 0,
				},
			};
		case 'failure':
			return { error: { error_code: 3238199299, description: 'The operation did not complete' } };
		case 'isolation':
			return type.name.endsWith('Success') ? {} : { isolation: { error_code: 3239182338 } };
		default:
			return {};
	}
}

function store(draft: Draft, source: EventSource, visibleAt: number): StoredEvent {
	const { type, at, data, host, user } = draft;
	const number = source.nextNumber();
	const id = type.shape === 'executedMalware' ? shortIdAt(at, number) : idAt(at, number);
	const severity = data.severity ?? type.severity;
	const group = host && source.groupOf(host);
	const parts = partsOf(draft);
	const file = parts.file as
		| { identity?: { sha256: string }; parent?: { identity: { sha256: string } } }
		| undefined;
	const wire = {
		id,
		timestamp: Math.floor(at / 1000),
		timestamp_nanoseconds: (at % 1000) * 1_000_000,
		date: isoSeconds(at),
		event_type: type.name,
		event_type_id: type.id,
		...(host ? { connector_guid: host.connectorGuid, group_guids: [group] } : {}),
		...(severity && type.severity ? { severity } : {}),
		...(WITH_START.includes(type.shape)
			? { start_timestamp: Math.floor(at / 1000), start_date: isoSeconds(at) }
			: {}),
		...(host
			? { computer: computerOf(host, source, WITH_USER.includes(type.shape) ? user : undefined) }
			: {}),
		...parts,
	};
	return {
		at,
		visibleAt,
		type,
		id,
		wire,
		...(host ? { connectorGuid: host.connectorGuid, groupGuid: group } : {}),
		...(file?.identity ? { detectionSha256: file.identity.sha256 } : {}),
		...(file?.parent ? { applicationSha256: file.parent.identity.sha256 } : {}),
		...(host && user ? { user } : {}),
	};
}

/** A new detection id, or for what became of a file the id under which it was detected. */
function detectionIdOf(type: EventType, at: number, file: string, source: EventSource): string {
	const known = ['quarantine', 'quarantineFailure'].includes(type.shape) && source.detectionIds.get(file);
	if (known) return known;
	const id = idAt(at, source.nextNumber()).toString();
	source.detectionIds.set(file, id);
	return id;
}

/**
 * Events that the vendor reports for what happened: one, or two for a detection with an outcome. Events of the same
 * detection share their `detection_id`, also when a scenario emits them one by one (same host and file).
 *
 * @param at epoch ms by the vendor's clock
 * @throws Error when the type is not in the catalogue, or the host has no connector
 */
export function buildEvents(
	event: VendorEvent,
	at: number,
	host: WorldHost | undefined,
	source: EventSource,
	delay: number,
): StoredEvent[] {
	const type = eventTypeById(Number(event.type));
	if (!type) throw new Error(`secureEndpoint has no event type ${event.type}`);
	const withComputer = type.shape !== 'account';
	if (withComputer && !host?.connectorGuid) {
		throw new Error(`secureEndpoint can't report on ${event.hostname}: it has no connector`);
	}
	const data = (event.data ?? {}) as EventData;
	const sha256 = (data.sha256 ?? randomHex(source.context.random, 64)).toLowerCase();
	const draft: Draft = {
		type,
		at,
		data,
		host: withComputer ? host : undefined,
		sha256,
		detectionId: detectionIdOf(type, at, `${host?.connectorGuid} ${sha256}`, source),
		user: data.user ?? host?.user,
	};
	const events = [store(draft, source, at + delay)];
	const followUps = FOLLOW_UPS[type.id];
	if (followUps && data.outcome) {
		const followUp = eventTypeById(followUps[data.outcome]) as EventType;
		const later = source.context.random() < 0.5 ? 0 : Math.floor(source.context.random() * 900);
		events.push(store({ ...draft, type: followUp, at: at + later }, source, at + later + delay));
	}
	return events;
}

/** The event that tells of a finished isolation or release. */
export function buildIsolationEvent(
	typeId: number,
	at: number,
	host: WorldHost,
	source: EventSource,
): StoredEvent {
	const type = eventTypeById(typeId) as EventType;
	return store({ type, at, data: {}, host, sha256: '', detectionId: '' }, source, at);
}
