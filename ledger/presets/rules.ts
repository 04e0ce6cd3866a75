import type { Rule } from '../policy';

type Row = [id: string, name: string, penalty: number, reason: string];

/** Event types of Secure Endpoint that speak of a threat, by id and by name as in `GET /v1/event_types`. */
const SECURE_ENDPOINT: Row[] = [
	['1107296284', 'Potential Ransomware', 80, 'Files are being encrypted: every minute counts'],
	['1107296272', 'Executed malware', 60, 'Malware was not only there but ran'],
	['1107296283', 'Possible Webshell', 60, 'Somebody can run commands on this server from outside'],
	['1107296273', 'Suspected botnet connection', 50, 'A program talked to a known botnet'],
	['1090519081', 'Rootkit Detection', 50, 'Something hides in the system, which can no longer be trusted'],
	['1107296344', 'SecureX Threat Hunting Incident', 50, "Cisco's analysts found an attack here"],
	['1107296274', 'Cloud IOC', 40, 'Behaviour that fits a known attack'],
	['2164260880', 'Quarantine Failure', 40, 'Quarantine failed: the malware may still be there'],
	['2164260893', 'Cloud Recall Quarantine Attempt Failed', 40, 'Cloud recall could not quarantine: the malware may still be there'],
	['1107296257', 'Potential Dropper Infection', 40, 'A program keeps bringing new malware'],
	['1107296258', 'Multiple Infected Files', 40, 'Several malicious files in a short time: something spreads'],
	['1107296285', 'Cognitive Incident', 40, 'Web traffic of this computer fits an infection'],
	['1090519105', 'Malicious Activity Detection', 40, 'A process behaved like ransomware'],
	['553648199', 'Malicious Activity Block', 30, 'A process behaved like ransomware and was stopped'],
	['2181038130', 'Quarantine Request Failed to be Delivered', 30, 'The computer was not told to quarantine a malicious file'],
	['1090519103', 'Exploit Prevention', 30, 'An attack on a running program was stopped'],
	['1090519112', 'System Process Protection', 30, 'An attack on a system process, e.g. to steal passwords, was stopped'],
	['1107296277', 'Connection to suspicious domain', 30, 'A program talked to a domain that malware uses'],
	['1107296280', 'Suspicious Download', 25, 'A program fetched a file in the way that malware does'],
	['1107296282', 'Suspicious Cscript Launch', 25, 'A program started a script in the way that malware does'],
	['1107296278', 'Threat Detected in Low Prevalence Executable', 25, 'A file that hardly anybody has turned out malicious'],
	['1090519084', 'DFC Threat Detected', 25, 'A program connected to an address known to be malicious'],
	['1090519054', 'Threat Detected', 25, 'A malicious file was found; whether it is gone, other events say'],
	['553648222', 'Threat Detection', 25, 'A malicious file was found; newer form of Threat Detected'],
	['553648147', 'Cloud Recall Detection', 20, 'A file that was there for some time turned out malicious'],
	['553648145', 'Threat Detected in Exclusion', 20, 'A malicious file where nothing is stopped'],
	['1090524040', 'APK Threat Detected', 20, 'A malicious app on an Android device'],
	['1090524041', 'APK Custom Threat Detected', 20, 'An app that the organisation forbids, on an Android device'],
	['1090519102', 'iOS Network Detection', 20, 'An app on an iOS device connected to a malicious address'],
	['1090519089', 'Endpoint IOC Scan Detection Summary', 20, 'A search for traces of an attack found some'],
	['1091567670', 'Endpoint IOC Scan Completed With Detections', 20, 'A search for traces of an attack found some'],
	['553648215', 'Endpoint Isolation Unlock Limit Reached', 20, 'Somebody guessed at the code that ends the isolation'],
	['1091567628', 'Scan Completed With Detections', 15, 'A scan found malicious files that were there before'],
	['553648168', 'Execution Blocked', 10, 'A program that the organisation forbids was started and stopped'],
	['553648143', 'Threat Quarantined', 5, 'The product dealt with the file'],
	['553648155', 'Cloud Recall Quarantine Successful', 5, 'The product dealt with the file, late'],
	['1107296279', 'Vulnerable Application Detected', 5, 'A weakness that was not attacked yet'],
];

/** An application was taken over, or started a shell, which it never does by itself. */
const SECURE_ENDPOINT_COMPROMISE = [
	'1107296260', '1107296261', '1107296262', '1107296263', '1107296264', '1107296265', '1107296266', '1107296267',
	'1107296268', '1107296269', '1107296270', '1107296271', '1107296275', '1107296276', '1107296281',
];

/** Event types that speak of no threat. A rule without points says that they are known. */
const SECURE_ENDPOINT_HOUSEKEEPING: [ids: string[], reason: string][] = [
	[['553648149', '553648150', '2164260884', '570425394', '553648154', '2164260892', '553648146'], 'A file is given back: a decision of a person or of the cloud'],
	[['553648202', '2164260939', '553648204', '2164260941', '553648206', '2164260943'], 'Isolation: an answer to what was asked of the computer'],
	[['554696714', '554696715', '2165309453', '554696756', '554696757', '2165309495'], 'A scan that began, failed or found nothing'],
	[['553648130', '2164260866', '553648176', '553648179', '2164260911', '2164260914'], 'A policy or definitions were updated, or not'],
	[
		['553648158', '2164260895', '553648166', '2164260903', '553648135', '553648136', '553648137', '553648208', '553648210', '2164260945', '2164260947'],
		'Installation or update of the product',
	],
	[['553648170', '553648171', '1090519096', '1090519097', '2164260922'], 'A restart is due or done'],
	[['2164260931', '1090519107', '553648195', '553648196'], 'A fault of the product, which is no attack'],
	[['553648173', '2164260910'], 'A person fetched a file'],
	[['570425396', '570425397', '570425398', '570425399', '1003', '1004', '1005'], 'Accounts and applications of the console'],
];

/** Security categories of Umbrella; some installations report the longer names. */
const UMBRELLA: [category: string | string[], penalty: number, reason: string][] = [
	[['Command and Control', 'Command and Control Callbacks'], 50, 'Something on the host asked for orders: it is infected'],
	[['DNS Tunneling VPN', 'DNS Tunneling'], 45, 'Data leaves, or orders come, inside DNS queries'],
	['Malware', 40, 'The host asked for a site that hands out malware'],
	['Drive-by Downloads/Exploits', 35, 'The host asked for a site that attacks browsers'],
	['Cryptomining', 30, 'Somebody uses the host to mine'],
	['Mobile Threats', 30, 'The host asked for a site that attacks mobile devices'],
	[['Phishing', 'Phishing Attacks'], 25, 'A person followed a link to a forged site'],
	['High Risk Sites and Locations', 15, 'The host asked for a site of doubtful origin'],
	[['Potentially Harmful', 'Potentially Harmful Domains'], 10, 'The host asked for a site that behaves suspiciously'],
	['Dynamic DNS', 5, 'A domain whose address changes often: usual for malware, and for homes'],
	[['Newly Seen Domains', 'Newly Seen Domain'], 5, 'A domain that is new: most attacks use such, most such are harmless'],
];

/** Umbrella's activity that carries no security category goes by what kind it is. */
const UMBRELLA_ACTIVITY: Omit<Rule, 'source'>[] = [
	{ eventType: 'intrusion', severity: ['Critical', 'High'], penalty: 40, reason: 'Traffic of the host matched an intrusion rule of high severity' },
	{ eventType: 'intrusion', severity: 'Medium', penalty: 15, reason: 'Traffic of the host matched an intrusion rule of medium severity' },
	{ eventType: 'intrusion', severity: ['Low', 'Unknown'], penalty: 5, reason: 'Traffic of the host matched an intrusion rule of low severity' },
	{ eventType: 'amp-retrospective', penalty: 40, reason: 'A file that the host had fetched turned out malicious' },
	{
		eventType: 'proxy',
		severity: ['Critical', 'High'],
		penalty: 40,
		reason: 'What the host fetched carried malware or a named threat',
	},
];

/** Security events and alarms of Secure Network Analytics; ids differ per installation, so they go by name. */
const NETWORK_ANALYTICS: [name: string | string[], penalty: number, reason: string][] = [
	[['Bot Infected Host - Successful C&C Activity', 'Bot Infected Host - Successful C&C'], 50, 'A command and control server answered the host: it is infected'],
	['Bot Command & Control Server', 50, 'The host gives orders to infected ones'],
	['Worm Propagation', 50, 'The host scans as the one did that had scanned it: a worm spread'],
	['Worm Activity', 40, 'The host scans like a worm, and others answered'],
	['Exploitation', 40, 'The host attacks others'],
	['Data Exfiltration', 40, 'More data leaves the host than ever'],
	[['Bot Infected Host - Attempted C&C Activity', 'Bot Infected Host - Attempted C&C'], 30, 'The host tried to reach a command and control server'],
	[['Data Hoarding', 'Suspect Data Hoarding', 'Target Data Hoarding'], 30, 'Unusually much data is being collected inside, as before a theft'],
	['Suspect Data Loss', 30, 'The host uploaded unusually much'],
	['Brute Force Login', 25, 'Many short logins, as by someone who tries passwords'],
	['Fake Application Detected', 20, 'Traffic pretends to be another application, as tunnels do'],
	['Bad Host', 20, 'Traffic with an address of bad reputation'],
	['Spam Source', 20, 'The host sends mail as spammers do'],
	[
		['Half Open Attack', 'ICMP Flood', 'SYN Flood', 'UDP Flood', 'Packet Flood', 'Port Flood',
			'Relationship ICMP Flood', 'Relationship SYN Flood', 'Relationship UDP Flood'],
		15, 'The host floods others; some programs do so by mistake',
	],
	[['Scanner Talking', 'Port Scan', 'Addr_Scan', 'Ping Sweep', 'Recon'], 10, 'The host looks around in the network; so do inventory tools'],
	['Policy Violation', 5, 'Traffic that a policy of the organisation forbids'],
	[
		['Anomaly', 'High Traffic', 'High Total Traffic', 'New Host Active', 'Watch Host Active', 'Watch Port Active', 'Flow_Denied',
			'High Concern Index', 'High Target Index'],
		0, 'Unusual or denied traffic, or a sum of other events: no threat by itself',
	],
];

/**
 * Penalties on a scale where 80 points mean containment. Event types that are not listed are recorded, cost
 * nothing, and are listed as unrated.
 */
export const DEFAULT_RULES: Rule[] = [
	...SECURE_ENDPOINT.map(([id, name, penalty, reason]) => ({ source: 'secureEndpoint', eventType: [id, name], penalty, reason })),
	{
		source: 'secureEndpoint',
		eventType: SECURE_ENDPOINT_COMPROMISE,
		penalty: 40,
		reason: 'An application was taken over, or started a shell',
	},
	...SECURE_ENDPOINT_HOUSEKEEPING.map(([eventType, reason]) => known({ source: 'secureEndpoint', eventType, reason })),
	...UMBRELLA.map(([category, penalty, reason]) => ({ source: 'umbrella', category, penalty, reason })),
	...UMBRELLA_ACTIVITY.map((rule) => ({ source: 'umbrella', ...rule })),
	known({ source: 'umbrella', eventType: ['dns', 'proxy', 'firewall', 'ip'], severity: 'Unknown', reason: 'Ordinary traffic, without any sign of a threat' }),
	...NETWORK_ANALYTICS.map(([eventType, penalty, reason]) => {
		const rule = { source: 'secureNetworkAnalytics', eventType, reason };
		return penalty === 0 ? known(rule) : { ...rule, penalty };
	}),
	...['secureWorkload', 'secureFirewall', 'xdr', 'globalThreatAlerts', 'gigamonThreatInsight'].flatMap((source) => [
		{ source, severity: 'Critical' as const, penalty: 50, reason: 'The product calls it critical' },
		{ source, severity: 'High' as const, penalty: 40, reason: 'The product calls it high' },
		{ source, severity: 'Medium' as const, penalty: 15, reason: 'The product calls it medium' },
		{ source, severity: 'Low' as const, penalty: 5, reason: 'The product calls it low' },
	]),
];

/** A rule without points for an event type that is known to be none of a threat. Nothing is remembered for it. */
function known(rule: Omit<Rule, 'penalty' | 'repeat'>): Rule {
	return { ...rule, penalty: 0, repeat: { mode: 'every' } };
}
