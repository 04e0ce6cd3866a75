/** Parts that an event of a type carries beside its time and type. */
export type EventShape =
	| 'detection'
	| 'quarantine'
	| 'quarantineFailure'
	| 'executedMalware'
	| 'lowPrevalence'
	| 'indicator'
	| 'network'
	| 'vulnerable'
	| 'scan'
	| 'isolation'
	| 'failure'
	| 'housekeeping'
	| 'account';

export type Severity = 'Low' | 'Medium' | 'High' | 'Critical';

/** One entry of `GET /v1/event_types`, with how the lab builds such events. */
export interface EventType {
	id: number;
	name: string;
	description: string;
	shape: EventShape;
	/** Absent: events of this type carry no severity. */
	severity?: Severity;
}

type Row = [id: number, name: string, shape: EventShape, severity?: Severity];

const ROWS: Row[] = [
	[1090519054, 'Threat Detected', 'detection', 'Medium'],
	[553648222, 'Threat Detection', 'detection', 'Medium'],
	[1090519084, 'DFC Threat Detected', 'network', 'Medium'],
	[1090524040, 'APK Threat Detected', 'detection', 'Medium'],
	[1090524041, 'APK Custom Threat Detected', 'detection', 'Medium'],
	[1090519081, 'Rootkit Detection', 'detection', 'High'],
	[1090519103, 'Exploit Prevention', 'detection', 'Medium'],
	[1090519105, 'Malicious Activity Detection', 'detection', 'High'],
	[553648199, 'Malicious Activity Block', 'detection', 'High'],
	[1090519112, 'System Process Protection', 'detection', 'Medium'],
	[1090519102, 'iOS Network Detection', 'network', 'Medium'],
	[553648168, 'Execution Blocked', 'detection', 'Medium'],
	[553648147, 'Cloud Recall Detection', 'detection', 'High'],
	[553648145, 'Threat Detected in Exclusion', 'detection', 'Medium'],
	[1107296257, 'Potential Dropper Infection', 'indicator', 'High'],
	[1107296258, 'Multiple Infected Files', 'indicator', 'Medium'],
	[1107296261, 'Adobe Reader compromise', 'indicator', 'High'],
	[1107296262, 'Microsoft Word compromise', 'indicator', 'High'],
	[1107296263, 'Microsoft Excel compromise', 'indicator', 'High'],
	[1107296264, 'Microsoft PowerPoint compromise', 'indicator', 'High'],
	[1107296266, 'Adobe Reader launched a shell', 'indicator', 'High'],
	[1107296267, 'Microsoft Word launched a shell', 'indicator', 'High'],
	[1107296268, 'Microsoft Excel launched a shell', 'indicator', 'High'],
	[1107296269, 'Microsoft PowerPoint launched a shell', 'indicator', 'High'],
	[1107296270, 'Apple QuickTime compromise', 'indicator', 'High'],
	[1107296271, 'Apple QuickTime launched a shell', 'indicator', 'High'],
	[1107296272, 'Executed malware', 'executedMalware', 'High'],
	[1107296273, 'Suspected botnet connection', 'network', 'High'],
	[1107296274, 'Cloud IOC', 'indicator', 'Medium'],
	[1107296275, 'Microsoft Calculator compromise', 'indicator', 'High'],
	[1107296276, 'Microsoft Notepad compromise', 'indicator', 'High'],
	[1107296277, 'Connection to suspicious domain', 'network', 'Medium'],
	[1107296278, 'Threat Detected in Low Prevalence Executable', 'lowPrevalence', 'High'],
	[1107296279, 'Vulnerable Application Detected', 'vulnerable', 'Low'],
	[1107296280, 'Suspicious Download', 'indicator', 'Medium'],
	[1107296281, 'Microsoft CHM Compromise', 'indicator', 'High'],
	[1107296282, 'Suspicious Cscript Launch', 'indicator', 'Medium'],
	[1107296283, 'Possible Webshell', 'indicator', 'High'],
	[1107296284, 'Potential Ransomware', 'indicator', 'Critical'],
	[1107296285, 'Cognitive Incident', 'indicator', 'High'],
	[1107296344, 'SecureX Threat Hunting Incident', 'indicator', 'Critical'],
	[553648143, 'Threat Quarantined', 'quarantine', 'Medium'],
	[2164260880, 'Quarantine Failure', 'quarantineFailure', 'Medium'],
	[553648149, 'Quarantined Item Restored', 'quarantine'],
	[553648150, 'Quarantine Restore Started', 'quarantine'],
	[2164260884, 'Quarantine Restore Failed', 'quarantineFailure'],
	[570425394, 'Quarantine Restore Requested', 'quarantine'],
	[2181038130, 'Quarantine Request Failed to be Delivered', 'quarantineFailure', 'Medium'],
	[553648155, 'Cloud Recall Quarantine Successful', 'quarantine', 'Medium'],
	[2164260893, 'Cloud Recall Quarantine Attempt Failed', 'quarantineFailure', 'Medium'],
	[553648154, 'Cloud Recall Restore Successful', 'quarantine'],
	[2164260892, 'Cloud Recall Restore Failed', 'quarantineFailure'],
	[553648146, 'Cloud Recall Restore of False Positive', 'quarantine'],
	[553648202, 'Endpoint Isolation Start Success', 'isolation'],
	[2164260939, 'Endpoint Isolation Start Failure', 'isolation'],
	[553648204, 'Endpoint Isolation Stop Success', 'isolation'],
	[2164260941, 'Endpoint Isolation Stop Failure', 'isolation'],
	[553648206, 'Endpoint Isolation Update Success', 'isolation'],
	[2164260943, 'Endpoint Isolation Update Failure', 'isolation'],
	[553648215, 'Endpoint Isolation Unlock Limit Reached', 'isolation'],
	[554696714, 'Scan Started', 'scan'],
	[554696715, 'Scan Completed, No Detections', 'scan'],
	[1091567628, 'Scan Completed With Detections', 'scan', 'Medium'],
	[2165309453, 'Scan Failed', 'failure'],
	[554696756, 'Endpoint IOC Scan Started', 'scan'],
	[554696757, 'Endpoint IOC Scan Completed, No Detections', 'scan'],
	[1091567670, 'Endpoint IOC Scan Completed With Detections', 'scan', 'Medium'],
	[2165309495, 'Endpoint IOC Scan Failed', 'failure'],
	[1090519089, 'Endpoint IOC Scan Detection Summary', 'scan', 'Medium'],
	[553648130, 'Policy Update', 'housekeeping'],
	[2164260866, 'Policy Update Failure', 'failure'],
	[553648158, 'Install Started', 'housekeeping'],
	[2164260895, 'Install Failure', 'failure'],
	[553648166, 'Uninstall', 'housekeeping'],
	[2164260903, 'Uninstall Failure', 'failure'],
	[553648135, 'Product Update Started', 'housekeeping'],
	[553648136, 'Product Update Failed', 'failure'],
	[553648137, 'Product Update Completed', 'housekeeping'],
	[553648170, 'Reboot Pending', 'housekeeping'],
	[553648171, 'Reboot Completed', 'housekeeping'],
	[1090519096, 'Update: Reboot Required', 'housekeeping'],
	[1090519097, 'Update: Reboot Advised', 'housekeeping'],
	[2164260922, 'Update: Unexpected Reboot Required', 'failure'],
	[553648173, 'File Fetch Completed', 'housekeeping'],
	[2164260910, 'File Fetch Failed', 'failure'],
	[553648176, 'Endpoint IOC Configuration Update Success', 'housekeeping'],
	[553648179, 'Endpoint IOC Definition Update Success', 'housekeeping'],
	[2164260911, 'Endpoint IOC Configuration Update Failure', 'failure'],
	[2164260914, 'Endpoint IOC Definition Update Failure', 'failure'],
	[570425396, 'Application Registered', 'housekeeping'],
	[570425397, 'Application Deregistered', 'housekeeping'],
	[570425398, 'Application Authorized', 'housekeeping'],
	[570425399, 'Application Deauthorized', 'housekeeping'],
	[1003, 'Welcome Email Sent', 'account'],
	[1004, 'Password Reset Email Sent', 'account'],
	[1005, 'Account Activated', 'account'],
	[2164260931, 'Critical Fault Raised', 'failure'],
	[1090519107, 'Major Fault Raised', 'failure'],
	[553648195, 'Minor Fault Raised', 'failure'],
	[553648196, 'Fault Cleared', 'housekeeping'],
	[553648208, 'Orbital Install Success', 'housekeeping'],
	[553648210, 'Orbital Update Success', 'housekeeping'],
	[2164260945, 'Orbital Install Failure', 'failure'],
	[2164260947, 'Orbital Update Failure', 'failure'],
];

/** The vendor's catalogue in the order that `GET /v1/event_types` gives. */
export const EVENT_TYPES: readonly EventType[] = ROWS.map(([id, name, shape, severity]) => ({
	id,
	name,
	description: `${name}.`,
	shape,
	...(severity ? { severity } : {}),
}));

const BY_ID = new Map(EVENT_TYPES.map((type) => [type.id, type]));

/** The catalogue's entry, or undefined. */
export function eventTypeById(id: number): EventType | undefined {
	return BY_ID.get(id);
}
