import { html, type Markup } from './html';

/** Strokes of a 16 × 16 icon per source. */
const ICONS: Record<string, string> = {
	secureEndpoint: 'M2 3h12v8H2zM6 14h4M8 11v3',
	umbrella: 'M2 9a6 6 0 0 1 12 0zM8 9v4a1.5 1.500 0 0 1-3 0M8 2v1',
	secureNetworkAnalytics: 'M3 12l3-5 3 3 4-7M2 14h12',
	secureWorkload: 'M2 3h5v5H2zM9 3h5v5H9zM2 10h5v4H2zM9 10h5v4H9z',
	secureFirewall: 'M2 4h12M2 8h12M2 12h12M6 4v4M10 8v4',
	xdr: 'M3 3l10 10M13 3L3 13',
	globalThreatAlerts: 'M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2zM2 8h12M8 2c-3 4-3 8 0 12M8 2c3 4 3 8 0 12',
};
/** For sources of a user's own. */
const OTHER = 'M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2zM8 5v4M8 11v.5';

const TITLES: Readonly<Record<string, string>> = {
	secureEndpoint: 'Secure Endpoint',
	umbrella: 'Umbrella',
	secureNetworkAnalytics: 'Secure Network Analytics',
	secureWorkload: 'Secure Workload',
	secureFirewall: 'Secure Firewall',
	xdr: 'XDR',
	globalThreatAlerts: 'Global Threat Alerts',
	gigamonThreatInsight: 'Gigamon ThreatINSIGHT',
};

/** What people call a source; one of the user's own keeps its name. */
export function sourceTitle(source: string): string {
	return Object.hasOwn(TITLES, source) ? TITLES[source] : source;
}

/** A small drawing for a source, beside its name. */
export function sourceIcon(source: string): Markup {
	const path = Object.hasOwn(ICONS, source) ? ICONS[source] : OTHER;
	return html`<svg viewBox="0 0 16 16" aria-hidden="true"><path d="${path}"/></svg>`;
}
