import type { Severity } from '../../ledger/detection';

/** A security category of Umbrella, with how bad a visit is for the host that made it. */
export interface SecurityCategory {
	id: number;
	label: string;
	severity: Severity;
}

/**
 * Security categories that every organisation has. 64 and 66 are of the DNS policy, 65 and 67 of the web policy.
 * Custom integrations have ids of their own; `GET /reports/v2/categories` lists them.
 */
export const SECURITY_CATEGORIES: readonly SecurityCategory[] = [
	{ id: 60, label: 'Drive-by Downloads/Exploits', severity: 'High' },
	{ id: 61, label: 'Dynamic DNS', severity: 'Low' },
	{ id: 62, label: 'Mobile Threats', severity: 'High' },
	{ id: 63, label: 'High Risk Sites and Locations', severity: 'Medium' },
	{ id: 64, label: 'Command and Control', severity: 'Critical' },
	{ id: 65, label: 'Command and Control', severity: 'Critical' },
	{ id: 66, label: 'Malware', severity: 'High' },
	{ id: 67, label: 'Malware', severity: 'High' },
	{ id: 68, label: 'Phishing', severity: 'Medium' },
	{ id: 108, label: 'Newly Seen Domains', severity: 'Low' },
	{ id: 109, label: 'Potentially Harmful', severity: 'Low' },
	{ id: 110, label: 'DNS Tunneling VPN', severity: 'Medium' },
	{ id: 150, label: 'Cryptomining', severity: 'Medium' },
];

export const SECURITY_CATEGORY_IDS: readonly number[] = SECURITY_CATEGORIES.map(({ id }) => id);

/** By id, else by label; security categories of an integration are the organisation's own block lists: Medium. */
export function categorySeverity(id: number | string | undefined, label: string): Severity {
	const known =
		SECURITY_CATEGORIES.find((category) => String(category.id) === String(id)) ??
		SECURITY_CATEGORIES.find((category) => category.label.toLowerCase() === label.trim().toLowerCase());
	return known?.severity ?? 'Medium';
}
