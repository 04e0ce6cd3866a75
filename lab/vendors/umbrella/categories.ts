/** A category of a destination, as reports carry it. */
export interface Category {
	id: number;
	label: string;
	type: 'security' | 'content' | 'integration';
	integration: boolean;
	deprecated: boolean;
}

type Row = [id: number, label: string, type: Category['type'], deprecated?: boolean];

const ROWS: Row[] = [
	[60, 'Drive-by Downloads/Exploits', 'security'],
	[61, 'Dynamic DNS', 'security'],
	[62, 'Mobile Threats', 'security'],
	[63, 'High Risk Sites and Locations', 'security'],
	[65, 'Command and Control', 'security'],
	[64, 'Command and Control', 'security', true],
	[67, 'Malware', 'security'],
	[66, 'Malware', 'security', true],
	[68, 'Phishing', 'security'],
	[108, 'Newly Seen Domains', 'security'],
	[109, 'Potentially Harmful', 'security'],
	[110, 'DNS Tunneling VPN', 'security'],
	[150, 'Cryptomining', 'security'],
	[23, 'Search Engines', 'content', true],
	[190, 'Search Engines and Portals', 'content'],
	[25, 'Software/Technology', 'content', true],
	[32, 'Business Services', 'content', true],
	[123, 'Infrastructure and Content Delivery Networks', 'content'],
	[163, 'Business and Industry', 'content'],
	[167, 'Computers and Internet', 'content'],
	[170, 'File Transfer Services', 'content'],
	[193, 'SaaS and B2B', 'content'],
];

/** All categories that reports use. Where two ids share a label, the current one comes first. */
export const CATEGORIES: readonly Category[] = ROWS.map(([id, label, type, deprecated = false]) => ({
	id,
	label,
	type,
	integration: false,
	deprecated,
}));

/**
 * The current category with this label, in any case.
 *
 * @throws Error when there is none
 */
export function categoryByLabel(label: string): Category {
	const found = CATEGORIES.find((category) => category.label.toLowerCase() === label.toLowerCase());
	if (!found) throw new Error(`umbrella has no category ${label}`);
	return found;
}
