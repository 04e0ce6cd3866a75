import { isObject } from '../../shared/body';
import { pageOf } from '../../shared/collections';
import { slidingWindow } from '../../shared/rateWindow';
import { misuse, Refusal } from '../../shared/refusal';
import { uuidOf } from '../../shared/values';
import { isDomain, isTooPopularToBlock } from '../investigate';
import type { EnforcedDomain } from '../organisation';
import { type Call, json, numberArgument, requiredJson } from '../route';
import type { LegacyRoute } from '.';

const MINUTE = 60_000;
const PAGE = 200;
const DOMAINS_PER_MINUTE = 200;

const TEXT_FIELDS = [
	'alertTime',
	'deviceId',
	'deviceVersion',
	'dstDomain',
	'dstUrl',
	'eventTime',
	'protocolVersion',
	'providerName',
] as const;
type TextField = (typeof TEXT_FIELDS)[number];

/** Further fields of the generic event format. */
const OPTIONAL_FIELDS = [
	'disableDstSafeguards',
	'dstIp',
	'eventDescription',
	'eventHash',
	'eventSeverity',
	'eventType',
	'externalURL',
	'fileHash',
	'fileName',
	'src',
];

const TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z$/;

interface DomainEvent {
	domain: string;
	/** Whether it is blocked however popular it is. */
	always: boolean;
}

function domainEvent(value: unknown): DomainEvent {
	if (!isObject(value)) throw misuse(400, 'An event must be an object');
	const unknown = Object.keys(value).find((name) => ![...TEXT_FIELDS, ...OPTIONAL_FIELDS].includes(name));
	if (unknown !== undefined) throw misuse(400, `Unknown field ${unknown}`);
	for (const name of TEXT_FIELDS) {
		if (typeof value[name] !== 'string' || value[name] === '') throw misuse(400, `${name} is required`);
	}
	const texts = value as Record<TextField, string>;
	for (const name of ['alertTime', 'eventTime'] as const) {
		if (!TIME.test(texts[name])) throw misuse(400, `${name} must look like 2013-02-08T09:30:26.0Z`);
	}
	if (texts.protocolVersion !== '1.0a') throw misuse(400, 'protocolVersion must be 1.0a');
	if (!isDomain(texts.dstDomain.toLowerCase())) throw misuse(400, 'dstDomain must be a domain name');
	if (!URL.canParse(texts.dstUrl)) throw misuse(400, 'dstUrl must be a URL');
	return { domain: texts.dstDomain.toLowerCase(), always: value.disableDstSafeguards === true };
}

function domainView({ id, name, lastSeenAt }: EnforcedDomain) {
	return { id, name, lastSeenAt: Math.floor(lastSeenAt / 1000) };
}

/** A link as the vendor writes it, with the key in it; `false` when there is no such page. */
function pageLink({ url }: Call, page: number, exists: boolean): string | false {
	if (!exists) return false;
	const link = new URL(url.href);
	link.searchParams.set('page', String(page));
	return link.href;
}

const listDomains: LegacyRoute = {
	method: 'GET',
	path: '/1.0/domains',
	query: ['page', 'limit'],
	handle(call) {
		const page = numberArgument(call, 'page', { fallback: 1, min: 1, max: Number.MAX_SAFE_INTEGER });
		const limit = numberArgument(call, 'limit', { fallback: PAGE, min: 1, max: PAGE });
		const all = [...call.organisation.enforced.values()];
		const prev = pageLink(call, page - 1, page > 1);
		const next = pageLink(call, page + 1, page * limit < all.length);
		return json({ meta: { page, limit, prev, next }, data: pageOf(all, page, limit).map(domainView) });
	},
};

const deleteDomain: LegacyRoute = {
	method: 'DELETE',
	path: '/1.0/domains/:domain',
	handle({ organisation, params }) {
		const found = [...organisation.enforced.values()].find(
			({ id, name }) => String(id) === params.domain || name === params.domain.toLowerCase(),
		);
		if (!found) throw new Refusal(404, 'Domain not found');
		organisation.enforced.delete(found.name);
		return { status: 204 };
	},
};

/** The operations, with a count of the domains that were sent. */
export function createEnforcementRoutes(): LegacyRoute[] {
	const domains = slidingWindow(DOMAINS_PER_MINUTE, MINUTE);
	const postEvents: LegacyRoute = {
		method: 'POST',
		path: '/1.0/events',
		handle(call) {
			const body = requiredJson(call);
			const events = (Array.isArray(body) ? body : [body]).map(domainEvent);
			if (!events.every(() => domains.take('key', call.now).allowed)) {
				const violation = `rate limit of ${DOMAINS_PER_MINUTE} domains per minute exceeded`;
				throw new Refusal(429, 'Too Many Requests', violation);
			}
			for (const { domain, always } of events) {
				if (always || !isTooPopularToBlock(domain)) call.organisation.enforce(domain, call.now);
			}
			return json({ id: uuidOf(`events ${call.now} ${call.request.body.toString('utf8')}`) }, 202);
		},
	};
	return [postEvents, listDomains, deleteDomain];
}
