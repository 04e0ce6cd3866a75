import type { Detection, EntityKey, EntitySummary } from '../../../ledger/api';
import type { EntityContext } from '../../../ledger/context';
import { badge, countOf, emptyState, entityLink, points, searchForm, section, stateBadge, table, time } from '../view/components';
import { filesTable } from '../view/files';
import { html, type Markup } from '../view/html';
import { sourceTitle } from '../view/sources';
import { cut } from '../view/text';
import type { ConsolePage, PageContext } from './page';

const SHOWN = 50;
const SHA256 = /^[0-9a-f]{64}$/i;
/** Entities whose look-ups are searched for a file. */
const LOOKED_INTO = 3;

/** Finds entities by part of their name, and detections by what was seen: SHA-256, domain, URL, address. */
export const searchPage: ConsolePage = {
	path: 'search',
	navigation: 'Search',
	role: 'viewer',
	async content(context) {
		const text = (context.query.get('q') ?? '').trim().slice(0, 200);
		const form = searchForm(context, 'search', [{ name: 'q', label: 'Search everywhere', type: 'search', placeholder: 'MAC, IP, hostname, user, SHA-256, domain, URL' }]);
		return { title: 'Search', body: html`${form}${text === '' ? whatToType() : await found(context, text)}` };
	},
};

function whatToType(): Markup {
	return emptyState('Search the ledger', 'Type part of a MAC address, IP address, hostname or user name; or a whole SHA-256, domain, URL or address that was seen in a detection.');
}

async function found(context: PageContext, text: string): Promise<Markup> {
	const bare = text.replace(/^([0-9a-f]{2})[-.]?([0-9a-f]{2})[-.:]?([0-9a-f]{2})[-.]?([0-9a-f]{2})[-.:]?([0-9a-f]{2})[-.]?([0-9a-f]{2})$/i, '$1:$2:$3:$4:$5:$6');
	const entities = await context.ledger.getEntities({ search: bare, limit: SHOWN });
	const detections = await context.ledger.getDetections({ observable: text, limit: SHOWN });
	if (entities.items.length === 0 && detections.items.length === 0) {
		return emptyState('Nothing found', 'No entity has this in its name, and no detection saw exactly this. Parts of a SHA-256, domain or URL are not searched.');
	}
	const file = SHA256.test(text) ? await knownFile(context, text.toLowerCase(), detections.items) : '';
	return html`${file}${section(`Entities (${countOf(entities)})`, entityTable(context, entities.items))}${section(`Detections that saw it (${countOf(detections)})`, detectionTable(context, detections.items))}`;
}

/** What the newest look-up of an entity that saw the file says of it. */
async function knownFile(context: PageContext, sha256: string, detections: readonly Detection[]): Promise<Markup> {
	const [newest] = (await context.ledger.getContexts(whoSaw(detections)))
		.filter(({ context: known }) => known.files?.some((file) => file.sha256 === sha256))
		.sort((one, other) => other.context.at.localeCompare(one.context.at));
	return section('What is known of this file', newest === undefined ? notLookedUp() : fileOf(context, sha256, newest));
}

/** The strongest identity of each target, newest first. */
function whoSaw(detections: readonly Detection[]): EntityKey[] {
	const keys = detections.flatMap(({ targets }) => targets.flatMap((target) => {
		const kind = (['hostname', 'mac', 'user', 'ip'] as const).find((one) => target[one] !== undefined);
		return kind === undefined ? [] : [{ kind, key: String(target[kind]) }];
	}));
	return [...new Map(keys.map((key) => [`${key.kind}:${key.key.toLowerCase()}`, key])).values()].slice(0, LOOKED_INTO);
}

function fileOf(context: PageContext, sha256: string, { entity, context: known }: { entity: EntityKey; context: EntityContext }): Markup {
	return html`<p class="quiet">Looked up with ${entityLink(context, entity)} by ${cut(known.by, 60)}, ${time(known.at)}.</p>
${filesTable(context, { ...known, files: known.files?.filter((file) => file.sha256 === sha256) })}`;
}

function notLookedUp(): Markup {
	return html`<p class="quiet">Nobody has looked it up yet. "Look up now" on the page of one of the latest hosts below asks Secure Malware Analytics and VirusTotal, where they are set up.</p>`;
}

function entityTable(context: PageContext, entities: readonly EntitySummary[]): Markup {
	const rows = entities.map((entity) => [entityLink(context, entity), entity.kind, badge(entity.band), points(entity.score), stateBadge(entity.state), time(entity.lastSeenAt)]);
	const columns = [{ label: 'Entity' }, { label: 'Kind' }, { label: 'Band' }, { label: 'Score', numeric: true }, { label: 'State' }, { label: 'Last seen' }];
	return table(columns, rows, { caption: 'Entities found', empty: html`<p class="quiet">No entity has this in its name.</p>` });
}

function detectionTable(context: PageContext, detections: readonly Detection[]): Markup {
	const rows = detections.map(({ eventType, source, occurredAt, targets }) => [
		cut(eventType.name, 120),
		cut(sourceTitle(source), 60),
		html`<span class="wrap">${targets.slice(0, 2).flatMap((target) => (['hostname', 'mac', 'user', 'ip'] as const).flatMap((kind) => {
			const key = target[kind];
			return key === undefined ? [] : [entityLink(context, { kind, key })];
		}))}</span>`,
		time(occurredAt),
	]);
	const columns = [{ label: 'Event' }, { label: 'Source' }, { label: 'Who' }, { label: 'When' }];
	return table(columns, rows, { caption: 'Detections found', empty: html`<p class="quiet">No detection saw exactly this.</p>` });
}
