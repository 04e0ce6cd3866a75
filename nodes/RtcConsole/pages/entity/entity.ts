import type { AuditRecord, Contribution, EntityDetail, EntityKind, Episode } from '../../../../ledger/api';
import { parseDuration } from '../../../../ledger/duration';
import { ENTITY_KINDS, entityName } from '../../../../ledger/entity';
import type { Policy } from '../../../../ledger/policy';
import { blockable } from '../../actions/objects';
import {
	badge, definitionList, disclosure, elapsed, entityLink, label, outsideLink, pageNumber, pager, points, section, stateBadge, table, time,
} from '../../view/components';
import { html, type Markup, type Value } from '../../view/html';
import { lineChart } from '../../view/lineChart';
import { device } from '../../view/devices';
import { sourceIcon, sourceTitle } from '../../view/sources';
import { cut } from '../../view/text';
import { sources } from '../entities/list';
import type { ConsolePage, PageContext } from '../page';
import { entityActions, plain } from './actions';
import { lookedUp } from './contextView';
import { decayCurve } from './decay';
import { pivotsFor } from './pivots';

const REFRESH_SECONDS = 20;
/** Detections on a page: each may bring several forms. */
const SIZE = 25;
const EPISODES_SHOWN = 25;
const REASONS_SHOWN = 6;
const AUDIT_SHOWN = 20;
const RELATED_SHOWN = 40;
/** Characters of a hash, enough to tell one from another; all of it is on hover and in the search. */
const HASH_SHOWN = 16;
const HASHES: readonly string[] = ['sha256', 'sha1', 'md5'];
const OBSERVABLES_SHOWN = 4;

/** Everything about one entity, and everything that can be done to it. */
export const entityPage: ConsolePage = {
	path: 'entity',
	role: 'viewer',
	async content(context) {
		const [kind, key] = context.segments;
		if (!ENTITY_KINDS.includes(kind as EntityKind) || !key || key.length > 300) return undefined;
		const entity = await context.ledger.getEntity({ kind: kind as EntityKind, key });
		if (!entity) return undefined;
		const { policy } = await context.ledger.getPolicy();
		const audit = await context.ledger.getAudit({ subject: entityName(entity), limit: AUDIT_SHOWN });
		return { title: entity.key, body: await body(context, entity, policy, audit.items), refreshSeconds: REFRESH_SECONDS };
	},
};

async function body(context: PageContext, entity: EntityDetail, policy: Policy, audit: readonly AuditRecord[]): Promise<Markup> {
	return html`${summary(context, entity, policy)}
${await entityActions(context, entity)}
${section('Why this score', why(context, entity, policy))}
${lookedUp(context, entity)}
<div class="columns">
${section('Same host', related(context, entity))}
${section('In the products', pivots(context, entity))}
</div>
${section('Episodes', episodes(entity.episodes))}
${section('Audit', auditTable(audit), html`<a href="${context.href('audit', [], { subject: entityName(entity) })}">All records</a>`)}`;
}

const KIND_TITLES: Record<EntityKind, string> = { mac: 'MAC address', user: 'User', ip: 'IP address', hostname: 'Hostname' };

function summary(context: PageContext, entity: EntityDetail, policy: Policy): Markup {
	const profile = entity.endpointProfile;
	return html`<section class="card" aria-label="Summary">${definitionList([
		['Kind', KIND_TITLES[entity.kind]],
		['Score', html`<span class="score">${points(entity.score)} ${badge(entity.band)}</span> <span class="quiet">of ${points(policy.threshold)}</span>`],
		['State', html`<span class="wrap">${stateBadge(entity.state)}${entity.protected && label('Protected', 'good')}</span>`],
		['Sources', sources(entity.sources)],
		...(profile === undefined ? [] : [['Device profile', device(profile)] as const]),
		['First seen', time(entity.firstSeenAt)],
		['Last seen', html`${time(entity.lastSeenAt)} <span class="quiet">${elapsed(context.nowMs - Date.parse(entity.lastSeenAt))} ago</span>`],
	])}</section>`;
}

function why(context: PageContext, entity: EntityDetail, policy: Policy): Markup {
	const { contributions } = entity;
	const halfLifeMs = policy.halfLife === null ? undefined : parseDuration(policy.halfLife);
	const curve = decayCurve(contributions, halfLifeMs, context.nowMs);
	const peak = Math.max(0, ...curve.map(({ value }) => value));
	const description = `Points of ${entity.key} over time: ${points(peak)} at most, ${points(entity.score)} now, threshold ${points(policy.threshold)}.`;
	const number = pageNumber(context.query);
	const shown = contributions.slice((number - 1) * SIZE, number * SIZE);
	const fading = halfLifeMs === undefined ? 'Points do not fade under this policy.' : `Points halve every ${elapsed(halfLifeMs)}.`;
	return html`<p class="quiet">${fading} Each line below says what a detection added when it was scored, and what is left of it now. A source's cap can make the score smaller than the sum.</p>
${lineChart(curve, { description, marks: [{ label: 'Threshold', value: policy.threshold }] })}
${table(COLUMNS, shown.map((contribution) => contributionRow(context, contribution)), { caption: `Detections of ${entity.key}, newest first`, empty: html`<p class="quiet">Nothing counts for this entity now: its score was purged, or its detections have no points.</p>` })}
${contributions.length > SIZE && pager(context, 'entity', { total: contributions.length }, SIZE)}`;
}

const COLUMNS = [
	{ label: 'Event' }, { label: 'Source' }, { label: 'When' }, { label: 'Added', numeric: true }, { label: 'Left', numeric: true }, { label: 'Reasons' }, { label: 'Seen' },
];

function contributionRow(context: PageContext, { detection, penalty, remaining, reasons }: Contribution): Value[] {
	const { eventType, severity, categories, source, occurredAt, observables, link } = detection;
	return [
		html`${link === undefined || link.length > 1_000 ? cut(eventType.name, 120) : outsideLink(link, cut(eventType.name, 120))} <span class="wrap">${label(severity, tone(severity))}${categories.slice(0, 3).map((category) => label(cut(category, 40)))}</span>`,
		html`<span class="source">${sourceIcon(source)}${cut(sourceTitle(source), 60)}</span>`,
		time(occurredAt),
		points(penalty),
		points(remaining),
		html`<ul class="plain">${reasons.slice(0, REASONS_SHOWN).map((reason) => html`<li>${cut(reason, 160)}</li>`)}</ul>`,
		html`<ul class="plain">${observables.slice(0, OBSERVABLES_SHOWN).map((observable) => html`<li>${observableShown(context, observable)}</li>`)}${observables.length > OBSERVABLES_SHOWN && html`<li class="quiet">and ${observables.length - OBSERVABLES_SHOWN} more</li>`}</ul>`,
	];
}

/** With an offer to block it, where a product of the pack can. */
function observableShown(context: PageContext, { type, value }: { type: string; value: string }): Markup {
	const shown = html`<a class="key" title="${cut(value, 200)}" href="${context.href('search', [], { q: cut(value, 200) })}">${cut(value, HASHES.includes(type) ? HASH_SHOWN : 64)}</a>`;
	if (!blockable(type, value)) return html`${cut(type, 30)} ${shown}`;
	return html`${type} ${shown}${plain(context, 'blockObservable', `${type}:${value}`, `Adds it to ${type === 'sha256' ? 'the Secure Endpoint file list' : 'the Umbrella destination list'} of the workflow.`)}`;
}

function tone(severity: string): 'bad' | 'asks' | 'quiet' {
	if (severity === 'Critical' || severity === 'High') return 'bad';
	return severity === 'Medium' ? 'asks' : 'quiet';
}

function related(context: PageContext, { related: others }: EntityDetail): Markup {
	if (others.length === 0) return html`<p class="quiet">No other entity was seen on the same host.</p>`;
	const rest = others.length - RELATED_SHOWN;
	return html`<ul class="plain">${others.slice(0, RELATED_SHOWN).map((other) => html`<li><span class="quiet">${KIND_TITLES[other.kind]}</span> ${entityLink(context, other)}</li>`)}${rest > 0 && html`<li class="quiet">and ${rest} more</li>`}</ul>`;
}

function pivots(context: PageContext, entity: EntityDetail): Markup {
	const links = pivotsFor(entity, context.pivots);
	if (links.length === 0) return html`<p class="quiet">No product address is set. Add them under "Product Consoles" in the RTC Console node.</p>`;
	return html`<ul class="plain">${links.map(({ href, text }) => html`<li>${outsideLink(href, text)}</li>`)}</ul>`;
}

const EPISODE_STATES: Record<Episode['state'], string> = {
	awaitingApproval: 'Awaiting approval', containing: 'Containing', contained: 'Contained', releasing: 'Releasing', released: 'Released', refused: 'Refused',
};

function episodes(all: readonly Episode[]): Markup {
	const rows = all.slice(0, EPISODES_SHOWN).map(({ id, state, openedAt, containedAt, releaseDueAt, releasedAt, releasedBy, crossings, references }) => [
		time(openedAt),
		label(EPISODE_STATES[state], state === 'contained' ? 'bad' : 'quiet'),
		time(containedAt),
		html`${time(releasedAt ?? releaseDueAt)}${releasedAt === undefined && releaseDueAt !== undefined && ' (due)'}${releasedBy && ` by ${releasedBy}`}`,
		html`${crossings.slice(0, 8).map(({ kind, key, score }) => `${kind} ${key} at ${points(score)}`).join(', ')}`,
		html`${references.serviceNowNumber}${disclosure('Id', html`<code>${id}</code>`)}`,
	]);
	const columns = [{ label: 'Opened' }, { label: 'State' }, { label: 'Contained' }, { label: 'Released' }, { label: 'Crossed' }, { label: 'Incident' }];
	return table(columns, rows, { caption: 'Episodes of the host', empty: html`<p class="quiet">Its host was never contained.</p>` });
}

function auditTable(records: readonly AuditRecord[]): Markup {
	const rows = records.map(({ at, actor, action, details }) => [
		time(at), actor, action, html`<code>${JSON.stringify(details).slice(0, 300)}</code>`,
	]);
	const columns = [{ label: 'When' }, { label: 'Who' }, { label: 'What' }, { label: 'Details' }];
	return table(columns, rows, { caption: 'Audit records about this entity', empty: html`<p class="quiet">No record is about this entity itself. What was done to its host is in the records of its episodes and intents.</p>` });
}
