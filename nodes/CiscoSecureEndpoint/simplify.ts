import type { IDataObject } from 'n8n-workflow';
import { networkCards } from './detections';

/** The ten fields of a computer that workflows ask for. */
export function simpleComputer(computer: IDataObject): IDataObject {
	const { policy, isolation } = computer as { policy?: IDataObject; isolation?: IDataObject };
	return {
		connectorGuid: computer.connector_guid,
		hostname: computer.hostname,
		active: computer.active,
		operatingSystem: computer.operating_system,
		lastSeen: computer.last_seen,
		internalIps: computer.internal_ips,
		macs: networkCards(computer).flatMap(({ mac }) => mac ?? []),
		groupGuid: computer.group_guid,
		policyName: policy?.name,
		isolationStatus: isolation?.status,
	};
}

/** What happened on a computer, without the links and hashes around it. */
export function simpleTrajectoryEvent(event: IDataObject): IDataObject {
	const { file, network_info: network } = event as { file?: IDataObject; network_info?: IDataObject };
	const { identity } = (file ?? {}) as { identity?: IDataObject };
	return {
		date: event.date,
		eventType: event.event_type,
		severity: event.severity,
		detection: event.detection,
		fileName: file?.file_name,
		filePath: file?.file_path,
		disposition: file?.disposition,
		sha256: identity?.sha256,
		remoteIp: network?.remote_ip,
		url: network?.dirty_url,
	};
}

export function simpleFileList(list: IDataObject): IDataObject {
	return { guid: list.guid, name: list.name, type: list.type };
}

export function simpleGroup(group: IDataObject): IDataObject {
	return { guid: group.guid, name: group.name, description: group.description, source: group.source };
}

export function simplePolicy(policy: IDataObject): IDataObject {
	return {
		guid: policy.guid,
		name: policy.name,
		description: policy.description,
		product: policy.product,
		default: policy.default,
		serialNumber: policy.serial_number,
	};
}

export function simpleVulnerability(vulnerability: IDataObject): IDataObject {
	const { file, cves } = vulnerability as { file?: IDataObject; cves?: IDataObject[] };
	const { identity } = (file ?? {}) as { identity?: IDataObject };
	return {
		application: vulnerability.application,
		version: vulnerability.version,
		fileName: file?.filename ?? file?.file_name,
		sha256: identity?.sha256,
		cves: Array.isArray(cves) ? cves.map(({ id }) => id) : [],
		highestCvss: Array.isArray(cves) ? Math.max(0, ...cves.map(({ cvss }) => Number(cvss) || 0)) : undefined,
		latestDate: vulnerability.latest_date,
		computersTotalCount: vulnerability.computers_total_count,
	};
}
