import type { Band, EntityKind, EntitySummary } from '../../../../ledger/api';
import {
	badge, BAND_NAMES, count, emptyState, ENTITY_STATES, entityLink, PAGE_SIZE, pageNumber, pager, points, searchForm, stateBadge, stateLabel,
	table, time, type Column,
} from '../../view/components';
import { device } from '../../view/devices';
import { html, type Markup } from '../../view/html';
import { sourceIcon, sourceTitle } from '../../view/sources';
import type { ConsolePage, PageContext } from '../page';

const REFRESH_SECONDS = 15;
const HOSTNAMES_SHOWN = 2;
const BAND_LABELS: Record<Band, string> = { white: 'White', yellow: 'Yellow', orange: 'Orange', red: 'Red', contain: 'Contain' };
const ORDERS = ['score', 'lastSeen', 'key'] as const;
type Order = (typeof ORDERS)[number];

interface Listing {
	path: string;
	kind: EntityKind;
	navigation: string;
	/** Heading of the column with the key. */
	noun: string;
	/** What to type in the search. */
	example: string;
}

const LISTINGS: readonly Listing[] = [
	{ path: 'hosts', kind: 'mac', navigation: 'Hosts', noun: 'MAC address', example: 'e.g. 00:1b:c5 or C5.0A' },
	{ path: 'users', kind: 'user', navigation: 'Users', noun: 'User', example: 'e.g. jdoe' },
	{ path: 'ips', kind: 'ip', navigation: 'IPs', noun: 'IP address', example: 'e.g. 10.1.20' },
	{ path: 'hostnames', kind: 'hostname', navigation: 'Hostnames', noun: 'Hostname', example: 'e.g. fin-laptop' },
];

/** One list per kind of entity. */
export const entityLists: readonly ConsolePage[] = LISTINGS.map((listing) => ({
	path: listing.path,
	navigation: listing.navigation,
	role: 'viewer',
	content: async (context) => ({
		title: listing.navigation,
		body: await list(context, listing),
		refreshSeconds: REFRESH_SECONDS,
	}),
}));

async function list(context: PageContext, listing: Listing): Promise<Markup> {
	const { query } = context;
	const search = searchKey(listing.kind, (query.get('q') ?? '').trim().slice(0, 200));
	const [band, state] = [known(BAND_NAMES, query.get('band')), known(ENTITY_STATES, query.get('state'))];
	const order = known(ORDERS, query.get('sort')) ?? 'score';
	const page = await context.ledger.getEntities({
		kind: listing.kind,
		...(band && { band }),
		...(state && { state }),
		...(search && { search }),
		order,
		limit: PAGE_SIZE,
		offset: (pageNumber(query) - 1) * PAGE_SIZE,
	});
	const filtered = Boolean(band ?? state ?? (search || undefined));
	return html`${filters(context, listing)}
${table(columns(context, listing, order), page.items.map((entity) => row(context, entity)), { caption: `${listing.navigation}, ${orderText(order)}`, empty: nothing(context, listing, filtered) })}
${page.total > 0 && pager(context, listing.path, page)}`;
}

/** MACs are typed with dashes and dots too. */
function searchKey(kind: EntityKind, text: string): string {
	if (kind !== 'mac') return text;
	const hex = text.replace(/[:.\-\s]/g, '');
	return /^[0-9a-f]+$/i.test(hex) ? (hex.toUpperCase().match(/.{1,2}/g) ?? []).join(':') : text;
}

function known<T extends string>(names: readonly T[], text: string | null): T | undefined {
	return names.find((name) => name === text);
}

function filters(context: PageContext, { path, example, navigation }: Listing): Markup {
	return searchForm(context, path, [
		{ name: 'q', label: `Search ${navigation === 'IPs' ? navigation : navigation.toLowerCase()}`, type: 'search', placeholder: example },
		{ name: 'band', label: 'Band', choices: [['', 'All bands'], ...BAND_NAMES.map((name) => [name, BAND_LABELS[name]] as const)] },
		{ name: 'state', label: 'State', choices: [['', 'All states'], ...ENTITY_STATES.map((name) => [name, stateLabel(name)] as const)] },
	], ['sort']);
}

function columns(context: PageContext, { path, noun, kind }: Listing, order: Order): Column[] {
	const rest = Object.fromEntries([...context.query].filter(([name]) => name !== 'p' && name !== 'sort'));
	const sort = (by: Order, direction: 'ascending' | 'descending') => ({
		href: context.href(path, [], { ...rest, sort: by }),
		...(order === by && { direction }),
	});
	return [
		{ label: noun, sort: sort('key', 'ascending') },
		...(kind === 'mac' ? [{ label: 'Hostname' }] : []),
		{ label: 'Band' },
		{ label: 'Score', numeric: true, sort: sort('score', 'descending') },
		{ label: 'Sources' },
		...(ofDevices(kind) ? [{ label: 'Device' }] : []),
		{ label: 'State' },
		{ label: 'Last seen', sort: sort('lastSeen', 'descending') },
	];
}

function row(context: PageContext, entity: EntitySummary) {
	return [
		html`${entityLink(context, entity)}${entity.protected && html` <span class="badge tone-good">Protected</span>`}`,
		...(entity.kind === 'mac' ? [hostnames(context, entity.hostnames ?? [])] : []),
		badge(entity.band),
		points(entity.score),
		sources(entity.sources),
		...(ofDevices(entity.kind) ? [entity.endpointProfile === undefined ? html`<span class="quiet">–</span>` : device(entity.endpointProfile)] : []),
		stateBadge(entity.state),
		time(entity.lastSeenAt),
	];
}

/** The latest names first; a host rarely has more than one. */
function hostnames(context: PageContext, names: readonly string[]): Markup {
	if (names.length === 0) return html`<span class="quiet">–</span>`;
	const shown = names.slice(-HOSTNAMES_SHOWN).reverse();
	return html`<span class="wrap">${shown.map((key) => entityLink(context, { kind: 'hostname', key }))}${names.length > shown.length && html`<span class="quiet">and ${names.length - shown.length} more</span>`}</span>`;
}

/** Users have many devices. */
function ofDevices(kind: EntityKind): boolean {
	return kind !== 'user';
}

/** What each source has reported of an entity: icon, and number of detections. */
export function sources(reported: EntitySummary['sources']): Markup {
	const entries = Object.entries(reported).sort(([, one], [, other]) => other.score - one.score);
	return html`<span class="sources">${entries.map(([source, { score, detections }]) => html`<span class="source" title="${sourceTitle(source)}: ${points(score)} points from ${count(detections)} detections">${sourceIcon(source)}<span class="unseen">${sourceTitle(source)}</span><b>${count(detections)}</b></span>`)}</span>`;
}

function orderText(order: Order): string {
	return { score: 'highest score first', lastSeen: 'last seen first', key: 'in order of the name' }[order];
}

function nothing(context: PageContext, { path, navigation }: Listing, filtered: boolean): Markup {
	if (filtered) {
		return emptyState('Nothing matches', html`No entry fits the search and the filters. <a href="${context.href(path)}">Show all</a>, or <a href="${context.href('search', [], { q: context.query.get('q') ?? '' })}">search everywhere</a>.`);
	}
	return emptyState(`No ${navigation === 'IPs' ? navigation : navigation.toLowerCase()} yet`, 'Entries appear with the first detection. Publish a poll workflow (Poll Secure Endpoint, Poll Umbrella, Poll Secure Network Analytics) and check its credential; the Health page shows when each source was read last.');
}
