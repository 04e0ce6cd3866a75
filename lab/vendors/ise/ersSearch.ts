import type { LabResponse } from '../../machine/vendor';
import { pageOf } from '../shared/collections';
import { integerParameter, unknownParameters } from '../shared/query';
import { withViolation } from '../shared/violation';
import { ersError, ersJson, hrefOf, selfLink, type ErsCall } from './ersAnswers';

/** What a list of an ERS resource can do. */
export interface Search<T> {
	/** Last part of the resource's path, e.g. `ancpolicy`. */
	resource: string;
	rows: T[];
	/** Fields that the resource's documentation allows in `filter` and sorting. */
	filters: Record<string, (row: T) => string>;
	/** The short form of a row in a list; `link` is added. */
	summary(row: T): { id: string; [field: string]: unknown };
}

const DOCUMENTED = ['page', 'size', 'filter', 'filtertype', 'filterType', 'sortasc', 'sortdsc', 'sortdesc'];
const DEFAULT_SIZE = 20;
const MAX_SIZE = 100;

type Comparison = (value: string, wanted: string) => boolean;

const OPERATORS: Record<string, Comparison> = {
	EQ: (value, wanted) => value === wanted,
	NEQ: (value, wanted) => value !== wanted,
	GT: (value, wanted) => value > wanted,
	LT: (value, wanted) => value < wanted,
	STARTSW: (value, wanted) => value.startsWith(wanted),
	NSTARTSW: (value, wanted) => !value.startsWith(wanted),
	ENDSW: (value, wanted) => value.endsWith(wanted),
	NENDSW: (value, wanted) => !value.endsWith(wanted),
	CONTAINS: (value, wanted) => value.includes(wanted),
	NCONTAINS: (value, wanted) => !value.includes(wanted),
};

/**
 * ERS "get all": `SearchResult` with `total`, one page of `resources`, and links to the pages around it.
 * Page size is 20 unless asked, at most 100. A field or operator outside the documented ones gets 400.
 */
export function search<T>(call: ErsCall, { resource, rows, filters, summary }: Search<T>): LabResponse {
	const query = call.request.url.searchParams;
	const refuse = (title: string) => ersError(call, 400, `GET-getAll-${resource}`, title, title);
	const size = integerParameter(query, 'size', { fallback: DEFAULT_SIZE, min: 1, max: MAX_SIZE });
	const page = integerParameter(query, 'page', { fallback: 1, min: 1 });
	if (size === undefined) return refuse(`Page size must be between 1 and ${MAX_SIZE}`);
	if (page === undefined) return refuse('Page must be a number from 1');

	const tests: ((row: T) => boolean)[] = [];
	for (const filter of query.getAll('filter')) {
		const [field, operator, ...rest] = filter.split('.');
		if (!Object.hasOwn(filters, field)) {
			return refuse(`Filter field '${field}' is not supported for ${resource}`);
		}
		if (!Object.hasOwn(OPERATORS, operator ?? ''))
			return refuse(`Filter operator '${operator}' is not valid`);
		tests.push((row) => OPERATORS[operator](filters[field](row).toLowerCase(), rest.join('.').toLowerCase()));
	}
	const anyOf = (query.get('filtertype') ?? query.get('filterType'))?.toLowerCase() === 'or';
	const found = rows.filter((row) =>
		anyOf && tests.length > 0 ? tests.some((test) => test(row)) : tests.every((test) => test(row)),
	);
	sort(found, query, filters);

	const unknown = unknownParameters(query, DOCUMENTED);
	return withViolation(
		ersJson({ SearchResult: onePage(found, { page, size, resource, summary, query }) }),
		unknown.length > 0 ? `unknown query parameter ${unknown.join(', ')}` : undefined,
	);
}

function sort<T>(rows: T[], query: URLSearchParams, filters: Search<T>['filters']): void {
	const ascending = query.get('sortasc');
	const field = ascending ?? query.get('sortdsc') ?? query.get('sortdesc');
	if (!field || !Object.hasOwn(filters, field)) return;
	const direction = ascending ? 1 : -1;
	rows.sort((a, b) => direction * filters[field](a).localeCompare(filters[field](b)));
}

function onePage<T>(
	rows: T[],
	{
		page,
		size,
		resource,
		summary,
		query,
	}: Pick<Search<T>, 'resource' | 'summary'> & {
		page: number;
		size: number;
		query: URLSearchParams;
	},
) {
	const pageLink = (rel: string, number: number) => {
		const target = new URLSearchParams(query);
		target.set('size', String(size));
		target.set('page', String(number));
		return { rel, href: `${hrefOf(resource)}?${target.toString()}`, type: 'application/json' };
	};
	return {
		total: rows.length,
		resources: pageOf(rows, page, size).map((row) => {
			const short = summary(row);
			return { ...short, link: selfLink(`${resource}/${encodeURIComponent(short.id)}`) };
		}),
		...(page * size < rows.length && { nextPage: pageLink('next', page + 1) }),
		...(page > 1 && { previousPage: pageLink('previous', page - 1) }),
	};
}
