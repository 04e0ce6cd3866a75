import {
	type Input,
	LabInputError,
	knownFieldsOnly,
	optionalBoolean,
	optionalNumber,
	optionalString,
	requiredChoice,
	requiredNumber,
	requiredString,
} from './input';
import { pathMatches } from './journal';
import type { Random } from './random';
import type { Vendor } from './vendor';

/**
 * What can go wrong on demand:
 * - `status`: an error status, by default with `Retry-After` only when `retryAfter` is given
 * - `slow`: the answer comes `delayMs` later
 * - `reset`: the connection is destroyed instead of an answer
 * - `timeout`: no answer, the connection stays open
 * - `truncate`: the body is cut in the middle; its Content-Length fits what is sent
 * - `html`: an HTML page instead of the answer
 * - `expireTokens`: the vendor forgets every token it gave out, then handles the call
 * - `duplicatePage`: the items of the page before (for a first page: its own) come once more
 * - `reorderPage`: the items of a page come in reverse
 * - `lateEvents`: the vendor shows events only `delayMs` after they happened
 * - `clockOffset`: the vendor's clock is off by `offsetMs`
 * - `vendor`: a fault of the vendor's own, by `name` and `value`
 */
export const FAULT_KINDS = [
	'status',
	'slow',
	'reset',
	'timeout',
	'truncate',
	'html',
	'expireTokens',
	'duplicatePage',
	'reorderPage',
	'lateEvents',
	'clockOffset',
	'vendor',
] as const;

export type FaultKind = (typeof FAULT_KINDS)[number];

/** Kinds that hold until they are cleared instead of waiting for a call. */
export const STANDING_KINDS: readonly FaultKind[] = ['lateEvents', 'clockOffset', 'vendor'];

export interface Fault {
	id: number;
	vendor: string;
	kind: FaultKind;
	/** Path without query; `*` stands for any characters. Absent: every path. */
	path?: string;
	method?: string;
	/** How many more fitting calls it lets pass before it hits; absent: none. */
	skip?: number;
	/** How many more calls it hits; absent: until it is cleared. */
	times?: number;
	/** Share of fitting calls that it hits, 0 to 1; absent: all. */
	probability?: number;
	/** For `status` (required) and `html` (200 when absent). */
	status?: number;
	/** Seconds, for `status`. */
	retryAfter?: number;
	/** For `slow` and `lateEvents`. */
	delayMs?: number;
	/** For `clockOffset`. */
	offsetMs?: number;
	/** For `vendor`. */
	name?: string;
	/** For `vendor`; `true` when absent. */
	value?: unknown;
	/** For `status`, `reset`, `timeout`: the vendor carries the call out, only the answer is lost. */
	afterHandling?: boolean;
	/** Calls hit so far. */
	hits: number;
}

const FIELDS = [
	'vendor',
	'kind',
	'path',
	'method',
	'skip',
	'times',
	'probability',
	'status',
	'retryAfter',
	'delayMs',
	'offsetMs',
	'name',
	'value',
	'afterHandling',
];

/** Fields that mean something for some kinds only; elsewhere they are refused. */
export const KINDS_OF_FIELD: Record<string, readonly FaultKind[]> = {
	status: ['status', 'html'],
	retryAfter: ['status'],
	delayMs: ['slow', 'lateEvents'],
	offsetMs: ['clockOffset'],
	name: ['vendor'],
	value: ['vendor'],
	afterHandling: ['status', 'reset', 'timeout'],
};

/** Hitting every call with these would stop all progress, so they hit once unless told otherwise. */
const ONCE_BY_DEFAULT: readonly FaultKind[] = ['expireTokens'];

/** A fault from a request to the control port; throws {@link LabInputError}. */
export function readFault(input: Input, vendors: readonly Vendor[]): Omit<Fault, 'id' | 'hits'> {
	knownFieldsOnly(input, FIELDS);
	const vendor = vendorNamed(requiredString(input, 'vendor'), vendors);
	const kind = requiredChoice(input, 'kind', FAULT_KINDS);
	refuseFieldsOfOtherKinds(input, kind);
	refuseWhatVendorCannot(kind, vendor);
	return withoutUndefined({
		vendor: vendor.name,
		kind,
		path: readPath(input),
		method: optionalString(input, 'method')?.toUpperCase(),
		skip: optionalNumber(input, 'skip', { min: 1, integer: true }),
		times: optionalNumber(input, 'times', { min: 1, integer: true }) ?? defaultTimes(kind),
		probability: optionalNumber(input, 'probability', { min: 0, max: 1 }),
		...readKindFields(input, kind),
	});
}

function readKindFields(input: Input, kind: FaultKind): Partial<Fault> {
	const status = { min: 200, max: 599, integer: true };
	return {
		status:
			kind === 'status' ? requiredNumber(input, 'status', status) : optionalNumber(input, 'status', status),
		retryAfter: optionalNumber(input, 'retryAfter', { min: 0 }),
		delayMs:
			kind === 'slow' || kind === 'lateEvents'
				? requiredNumber(input, 'delayMs', { min: 0, max: 86_400_000 })
				: undefined,
		offsetMs: kind === 'clockOffset' ? requiredNumber(input, 'offsetMs', { integer: true }) : undefined,
		name: kind === 'vendor' ? requiredString(input, 'name') : undefined,
		value: kind === 'vendor' ? (input.value ?? true) : undefined,
		afterHandling: optionalBoolean(input, 'afterHandling'),
	};
}

function readPath(input: Input): string | undefined {
	const path = optionalString(input, 'path');
	if (path !== undefined && !path.startsWith('/') && !path.startsWith('*')) {
		throw new LabInputError('path', '"path" must start with / or *');
	}
	return path;
}

function defaultTimes(kind: FaultKind): number | undefined {
	return ONCE_BY_DEFAULT.includes(kind) ? 1 : undefined;
}

function refuseFieldsOfOtherKinds(input: Input, kind: FaultKind): void {
	for (const [field, kinds] of Object.entries(KINDS_OF_FIELD)) {
		if (input[field] !== undefined && !kinds.includes(kind)) {
			throw new LabInputError(
				field,
				`"${field}" has no meaning for "${kind}"; it belongs to ${kinds.join(', ')}`,
			);
		}
	}
	const perCall = ['path', 'method', 'skip', 'times', 'probability'].find((field) => input[field] !== undefined);
	if (perCall !== undefined && STANDING_KINDS.includes(kind)) {
		throw new LabInputError(perCall, `"${kind}" holds until it is cleared and takes no "${perCall}"`);
	}
}

function refuseWhatVendorCannot(kind: FaultKind, vendor: Vendor): void {
	const cannot =
		(kind === 'expireTokens' && vendor.expireTokens === undefined) ||
		((kind === 'lateEvents' || kind === 'vendor') && vendor.setFault === undefined);
	if (cannot) throw new LabInputError('kind', `The lab's ${vendor.name} can't play "${kind}"`);
}

/** The vendor of that name; the refusal lists those that exist. */
export function vendorNamed(name: string, vendors: readonly Vendor[], field = 'vendor'): Vendor {
	const vendor = vendors.find((candidate) => candidate.name === name);
	if (vendor === undefined) {
		const names = vendors.map((candidate) => candidate.name).join(', ');
		throw new LabInputError(field, `The lab plays no vendor "${name}"; it plays ${names}`);
	}
	return vendor;
}

function withoutUndefined<T extends object>(value: T): T {
	return Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined)) as T;
}

/** Faults in force. */
export class Faults {
	private list: Fault[] = [];

	private nextId = 1;

	constructor(private readonly random: Random) {}

	add(fault: Omit<Fault, 'id' | 'hits'>): Fault {
		const added = { id: this.nextId++, ...fault, hits: 0 };
		this.list.push(added);
		return added;
	}

	/** The first fault that hits this call, which it counts; used-up faults stay listed with `times` 0. */
	take(vendor: string, method: string, path: string): Fault | undefined {
		const fault = this.list.find((candidate) => this.hits(candidate, vendor, method, path));
		if (fault === undefined) return undefined;
		fault.hits++;
		if (fault.times !== undefined) fault.times--;
		return { ...fault };
	}

	/** Whether pages of this vendor may have to be repeated, so that they are worth remembering. */
	repeatsPages(vendor: string): boolean {
		return this.list.some(
			(fault) => fault.vendor === vendor && fault.kind === 'duplicatePage' && fault.times !== 0,
		);
	}

	all(): Fault[] {
		return this.list.map((fault) => ({ ...fault }));
	}

	/** Ends all faults and answers which they were. */
	clear(): Fault[] {
		const cleared = this.list;
		this.list = [];
		return cleared;
	}

	private hits(fault: Fault, vendor: string, method: string, path: string): boolean {
		if (fault.times === 0 || STANDING_KINDS.includes(fault.kind)) return false;
		if (!fits(fault, vendor, method, path)) return false;
		if (fault.skip) {
			fault.skip--;
			return false;
		}
		return fault.probability === undefined || this.random() < fault.probability;
	}
}

/** Whether a call is of those that a fault is about, used up or not. */
export const fits = (fault: Fault, vendor: string, method: string, path: string): boolean =>
	fault.vendor === vendor &&
	(fault.method === undefined || fault.method === method) &&
	(fault.path === undefined || pathMatches(fault.path, path));
