/** Index that the points of an event count towards, by its name in `details[]` (`category_points@…`). */
export type Category =
	| 'high-concern-index'
	| 'high-target-index'
	| 'high-recon-index'
	| 'high-command-and-control-index'
	| 'high-exploitation-index'
	| 'high-ddos-source-index'
	| 'high-data-hoarding-index'
	| 'high-exfiltration-index'
	| 'high-policy-violation-index'
	| 'high-anomaly-index';

/** Ids of alarm categories. 45 is the one seen in answers; the others are made up, in the same range. */
export const CATEGORY_IDS: Record<Category, number> = {
	'high-concern-index': 45,
	'high-target-index': 46,
	'high-recon-index': 47,
	'high-command-and-control-index': 48,
	'high-exploitation-index': 49,
	'high-ddos-source-index': 50,
	'high-data-hoarding-index': 51,
	'high-exfiltration-index': 52,
	'high-policy-violation-index': 53,
	'high-anomaly-index': 54,
};

/** A type of security event, as `security-events/templates` lists it. */
export interface EventType {
	id: number;
	name: string;
	description: string;
	/** Beside the concern index of the source and the target index of the target. */
	category?: Category;
	/** Points of one hit, where the event doesn't say. */
	points: number;
}

type Row = [id: number, name: string, points: number, category: Category | undefined, description: string];

const CC = 'high-command-and-control-index';
const DDOS = 'high-ddos-source-index';
const EXPLOIT = 'high-exploitation-index';
const HOARD = 'high-data-hoarding-index';
const LOSS = 'high-exfiltration-index';
const POLICY = 'high-policy-violation-index';
const RECON = 'high-recon-index';
const ODD = 'high-anomaly-index';

/** Cisco ships no list of ids: 310 is one that answers show, the others are the lab's own and stable. */
const ROWS: Row[] = [
	[1, 'Host Lock Violation', 500, POLICY, 'A host did what a host lock forbids.'],
	[5, 'SYN Flood', 4_000, DDOS, 'The source sends many connection requests that nobody answers.'],
	[6, 'UDP Flood', 4_000, DDOS, 'The source sends an unusual number of UDP packets.'],
	[7, 'ICMP Flood', 4_000, DDOS, 'The source sends an unusual number of ICMP packets.'],
	[8, 'Packet Flood', 4_000, DDOS, 'A short burst of many small packets.'],
	[9, 'High Volume Email', 1_200, ODD, 'The host sends more mail than its baseline.'],
	[10, 'Mail Relay', 2_000, ODD, 'The host may be an open mail relay.'],
	[11, 'Spam Source', 3_000, ODD, 'The host sends mail like a spammer.'],
	[12, 'Port Flood', 4_000, DDOS, 'The source tries very many ports of the target.'],
	[13, 'Half Open Attack', 3_500, DDOS, 'Connections are left half open on purpose.'],
	[14, 'Relationship SYN Flood', 3_000, DDOS, 'SYN flood between two host groups.'],
	[15, 'Relationship UDP Flood', 3_000, DDOS, 'UDP flood between two host groups.'],
	[16, 'High Target Index', 0, undefined, 'The target index exceeds its threshold.'],
	[17, 'Relationship ICMP Flood', 3_000, DDOS, 'ICMP flood between two host groups.'],
	[18, 'High Traffic', 0, ODD, 'The rate of traffic exceeds what is usual for the host.'],
	[19, 'Watch Host Active', 0, POLICY, 'A watched host was active.'],
	[20, 'High Total Traffic', 0, ODD, 'The traffic of the day exceeds what is usual for the host.'],
	[21, 'Watch Port Active', 0, POLICY, 'A watched port was used.'],
	[22, 'New Host Active', 0, ODD, 'A host that was never seen before.'],
	[24, 'High Concern Index', 0, undefined, 'The concern index exceeds its threshold.'],
	[30, 'Worm Activity', 12_000, EXPLOIT, 'The host scans like a worm and was answered.'],
	[31, 'Worm Propagation', 18_000, EXPLOIT, 'A host that was scanned by a worm scans the same way.'],
	[32, 'Suspect Data Loss', 9_000, LOSS, 'An inside host uploaded an abnormal amount of data.'],
	[33, 'Data Exfiltration', 15_000, LOSS, 'The points for exfiltration exceed their threshold.'],
	[34, 'Data Hoarding', 9_000, HOARD, 'The points for data hoarding exceed their threshold.'],
	[40, 'Bad Host', 2_500, CC, 'An inside host talks with a host that is known to be bad.'],
	[
		41,
		'Bot Infected Host - Attempted C&C Activity',
		6_000,
		CC,
		'A host tried to reach a command and control server.',
	],
	[
		42,
		'Bot Infected Host - Successful C&C Activity',
		15_000,
		CC,
		'A command and control server answered a host.',
	],
	[43, 'Bot Command & Control Server', 20_000, CC, 'An inside host is used as a command and control server.'],
	[44, 'Scanner Talking', 1_800, RECON, 'A host that scanned now talks with one that it scanned.'],
	[51, 'Exploitation', 10_000, EXPLOIT, 'The points for exploitation exceed their threshold.'],
	[52, 'Anomaly', 800, ODD, 'The points for anomalies exceed their threshold.'],
	[53, 'Policy Violation', 400, POLICY, 'The points for policy violations exceed their threshold.'],
	[54, 'Recon', 1_500, RECON, 'The points for reconnaissance exceed their threshold.'],
	[58, 'Brute Force Login', 7_000, EXPLOIT, 'Many short logins like somebody who tries passwords.'],
	[60, 'Fake Application Detected', 3_000, CC, 'An application on a port that belongs to another.'],
	[276, 'Ping Sweep', 900, RECON, 'The source pings many addresses of a network.'],
	[286, 'Addr_Scan', 900, RECON, 'The source tries one port of many addresses.'],
	[289, 'Port Scan', 900, RECON, 'The source tries many ports of one host.'],
	[310, 'Flow_Denied', 162, RECON, 'A firewall denied a flow of the source.'],
	[
		315,
		'Suspect Data Hoarding',
		8_000,
		HOARD,
		'A host downloaded an abnormal amount of data from inside hosts.',
	],
	[
		316,
		'Target Data Hoarding',
		8_000,
		HOARD,
		'An abnormal amount of data was downloaded from this inside host.',
	],
];

/** Every type that the manager knows, by id. */
export const EVENT_TYPES: readonly EventType[] = ROWS.map(([id, name, points, category, description]) => ({
	id,
	name,
	description,
	points,
	...(category && { category }),
}));

/**
 * The type with this name (in any case) or id as text.
 *
 * @throws Error when there is none
 */
export function eventTypeOf(nameOrId: string): EventType {
	const wanted = nameOrId.trim().toLowerCase();
	const found = EVENT_TYPES.find(({ id, name }) => String(id) === wanted || name.toLowerCase() === wanted);
	if (!found) throw new Error(`secureNetworkAnalytics has no security event ${nameOrId}`);
	return found;
}
