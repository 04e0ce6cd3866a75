import { isObject } from '../shared/body';
import { omit } from '../shared/omit';
import { misuse, Refusal } from '../shared/refusal';
import { TENANT } from './accounts';
import { inRanges, rangeOf } from './addresses';

export type Location = 'INSIDE' | 'OUTSIDE';

/** A host group ("tag") as the manager keeps it. */
export interface HostGroup {
	id: number;
	name: string;
	description?: string;
	location: Location;
	/** 0 for the roots. */
	parentId: number;
	ranges: string[];
	hostBaselines: boolean;
	suppressExcludedServices: boolean;
	inverseSuppression: boolean;
	hostTrap: boolean;
	sendToCta: boolean;
	/** Not one of the groups that every manager has. */
	editable: boolean;
}

/** Group of inside hosts that no range covers. */
const CATCH_ALL = 65_534;
/** Group of the country that the lab's outside hosts are in. */
const COUNTRY = 61_627;
const FIRST_OWN_ID = 50_100;

type Row = [id: number, name: string, location: Location, parentId: number, ranges?: string[]];

/** Groups that every manager has, with the company's networks filled in. */
const BUILT_IN: Row[] = [
	[1, 'Inside Hosts', 'INSIDE', 0],
	[CATCH_ALL, 'Catch All', 'INSIDE', 1],
	[23, 'By Function', 'INSIDE', 1],
	[5, 'Client IP Ranges (DHCP Range)', 'INSIDE', 23],
	[3, 'Employee Wired', 'INSIDE', 5, ['10.20.0.0/15']],
	[44, 'Employee Wireless', 'INSIDE', 5, ['10.30.0.0/16']],
	[2, 'Servers', 'INSIDE', 23, ['10.10.0.0/16']],
	[12, 'VoIP', 'INSIDE', 23, ['10.50.0.0/16']],
	[6, 'Other', 'INSIDE', 23],
	[COUNTRY, 'United States', 'OUTSIDE', 0],
];

const BOOLEANS = [
	'hostBaselines',
	'suppressExcludedServices',
	'inverseSuppression',
	'hostTrap',
	'sendToCta',
] as const;
const REQUIRED = ['name', 'location', 'ranges', 'parentId', ...BOOLEANS] as const;
/** Fields that an answer carries and that a PUT of the whole object sends back. */
const ECHOED = ['id', 'description', 'domainId', 'display', 'parentDisplay', 'sendToCognitiveFilter'];

/** RFC 1918, as the sample configuration of a new manager has it. */
const INSIDE = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'];

export function isInside(ip: string): boolean {
	return inRanges(ip, INSIDE);
}

/** The fields of a host group from a request; refuses what is missing, misspelt or no range. */
function wishOf(value: unknown): Omit<HostGroup, 'id' | 'editable'> {
	if (!isObject(value)) throw misuse(400, 'A host group must be a JSON object');
	const stranger = Object.keys(value).find((name) => ![...REQUIRED, ...ECHOED].includes(name));
	if (stranger !== undefined) throw misuse(400, `Unrecognized field "${stranger}"`);
	const missing = REQUIRED.find((name) => value[name] === undefined);
	if (missing !== undefined) throw misuse(400, `${missing} is missing: the whole host group must be sent`);
	const { name, location, ranges, parentId, description } = value;
	if (typeof name !== 'string' || name.trim() === '') throw misuse(400, 'name must be a text');
	if (location !== 'INSIDE' && location !== 'OUTSIDE')
		throw misuse(400, 'location must be INSIDE or OUTSIDE');
	if (typeof parentId !== 'number') throw misuse(400, 'parentId must be a number');
	const flag = BOOLEANS.find((field) => typeof value[field] !== 'boolean');
	if (flag !== undefined) throw misuse(400, `${flag} must be true or false`);
	return {
		name,
		location,
		parentId,
		ranges: rangesOf(ranges),
		...(typeof description === 'string' && { description }),
		...(Object.fromEntries(BOOLEANS.map((field) => [field, value[field]])) as Record<
			(typeof BOOLEANS)[number],
			boolean
		>),
	};
}

function rangesOf(value: unknown): string[] {
	if (!Array.isArray(value)) throw misuse(400, 'ranges must be a list');
	const bad: unknown = value.find((range) => typeof range !== 'string' || rangeOf(range) === undefined);
	if (bad !== undefined) throw misuse(400, `ranges: ${JSON.stringify(bad)} is no address and no range`);
	return value as string[];
}

/** The host groups of the tenant. */
export class HostGroups {
	private readonly groups: HostGroup[] = BUILT_IN.map(([id, name, location, parentId, ranges = []]) => ({
		id,
		name,
		location,
		parentId,
		ranges: [...ranges],
		hostBaselines: location === 'INSIDE',
		suppressExcludedServices: true,
		inverseSuppression: false,
		hostTrap: false,
		sendToCta: false,
		editable: false,
	}));

	private nextId = FIRST_OWN_ID;

	all(): readonly HostGroup[] {
		return this.groups;
	}

	find(id: string): HostGroup {
		const group = this.groups.find((candidate) => String(candidate.id) === id);
		if (!group) throw new Refusal(404, `No host group ${id}`);
		return group;
	}

	/** All of them or, when one is refused, none. */
	create(values: readonly unknown[]): HostGroup[] {
		const created = values.map((value) => {
			const wish = wishOf(value);
			this.check(wish);
			return { ...wish, id: this.nextId++, editable: true };
		});
		this.groups.push(...created);
		return created;
	}

	/** Replaces everything but the id. */
	replace(id: string, value: unknown): HostGroup {
		const group = this.find(id);
		const wish = wishOf(value);
		if (isObject(value) && value.id !== undefined && value.id !== group.id) {
			throw misuse(400, `The id of the body is ${String(value.id)}, that of the path ${id}`);
		}
		this.check(wish, group.id);
		if (wish.description === undefined) delete group.description;
		return Object.assign(group, wish);
	}

	remove(id: string): void {
		const group = this.find(id);
		if (!group.editable) throw new Refusal(403, `${group.name} is part of the manager and can't be deleted`);
		if (this.groups.some(({ parentId }) => parentId === group.id)) {
			throw new Refusal(409, `${group.name} has host groups below it`);
		}
		this.groups.splice(this.groups.indexOf(group), 1);
	}

	/** The groups that a record shows for an address: those with a range around it, else where it falls. */
	of(ip: string): { name: string; id: number }[] {
		const named = this.groups.filter(({ ranges }) => inRanges(ip, ranges));
		const fallback = this.find(String(isInside(ip) ? CATCH_ALL : COUNTRY));
		return (named.length > 0 ? named : [fallback]).map(({ name, id }) => ({ name, id }));
	}

	/** The wire form of a single host group. */
	detail(group: HostGroup): Record<string, unknown> {
		const parent = this.groups.find(({ id }) => id === group.parentId);
		return {
			...omit(group, 'editable'),
			domainId: TENANT.id,
			display: this.display(group),
			...(parent && { parentDisplay: this.display(parent) }),
			sendToCognitiveFilter: 'CROSS_PERIMETER',
		};
	}

	private display({ id, name, location, editable, parentId }: HostGroup): Record<string, unknown> {
		const above: HostGroup[] = [];
		for (let at = parentId; at !== 0; at = above[0].parentId) above.unshift(this.find(String(at)));
		return {
			domainId: TENANT.id,
			editable,
			id,
			idPath: [...above.map((group) => group.id), id],
			location,
			name,
			path: above.map((group) => group.name),
		};
	}

	private check({ name, parentId, location }: Omit<HostGroup, 'id' | 'editable'>, ownId?: number): void {
		const parent = this.groups.find(({ id }) => id === parentId);
		if (parentId !== 0 && (!parent || parent.location !== location || parent.id === ownId)) {
			throw new Refusal(400, `No ${location} host group ${parentId} to be the parent`);
		}
		const twin = this.groups.find(
			(other) => other.name === name && other.parentId === parentId && other.location === location,
		);
		if (twin && twin.id !== ownId) throw new Refusal(409, `There is a host group ${name} already`);
	}
}
