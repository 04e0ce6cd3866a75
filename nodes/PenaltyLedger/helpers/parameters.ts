import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import { DateTime } from '../../shared/vendor/luxon';
import type { EntityKey, EntityKind } from '../../../ledger/api';
import { parameterError } from '../../shared/errors';

/** A field as trimmed text; numbers from expressions become text, nothing becomes ''. */
export function text(context: IExecuteFunctions, name: string, itemIndex: number): string {
	const value = context.getNodeParameter(name, itemIndex, '');
	return value === undefined || value === null ? '' : String(value as string | number).trim();
}

/** A field that must not be empty. */
export function requiredText(
	context: IExecuteFunctions,
	name: string,
	label: string,
	itemIndex: number,
): string {
	const value = text(context, name, itemIndex);
	if (!value) throw parameterError(context.getNode(), `"${label}" is empty`, itemIndex);
	return value;
}

/** The entity that the fields "Kind" and "Key" name. */
export function entityKey(context: IExecuteFunctions, itemIndex: number): EntityKey {
	return {
		kind: context.getNodeParameter('kind', itemIndex) as EntityKind,
		key: requiredText(context, 'key', 'Key', itemIndex),
	};
}

/** A JSON object, given as text or by an expression. Empty means `{}`. */
export function jsonObject(
	context: IExecuteFunctions,
	name: string,
	label: string,
	itemIndex: number,
): IDataObject {
	const given = context.getNodeParameter(name, itemIndex, {});
	const value =
		typeof given === 'string' ? parsed(context, given.trim() || '{}', label, itemIndex) : (given ?? {});
	if (typeof value !== 'object' || value === null || Array.isArray(value)) {
		throw parameterError(context.getNode(), `"${label}" must be a JSON object`, itemIndex);
	}
	return value as IDataObject;
}

function parsed(context: IExecuteFunctions, value: string, label: string, itemIndex: number): unknown {
	try {
		return JSON.parse(value);
	} catch (error) {
		throw parameterError(context.getNode(), `"${label}" is not JSON: ${(error as Error).message}`, itemIndex);
	}
}

/**
 * A moment as ISO 8601 in UTC with milliseconds, from text or a Luxon date; nothing becomes undefined.
 * Text without a zone is in the workflow's time zone, as everywhere in n8n.
 */
export function isoTime(
	context: IExecuteFunctions,
	value: unknown,
	label: string,
	itemIndex: number,
): string | undefined {
	if (value === undefined || value === null || value === '') return undefined;
	const given = value instanceof Date ? value.toISOString() : String(value as string);
	const moment = DateTime.fromISO(given.trim().replace(' ', 'T'), { zone: context.getTimezone() }).toUTC();
	if (!moment.isValid) {
		throw parameterError(context.getNode(), `"${label}" is not an ISO 8601 time: "${given}"`, itemIndex);
	}
	return moment.toISO();
}

/** Members of a collection that are filled in. */
export function filled(collection: IDataObject): IDataObject {
	return Object.fromEntries(
		Object.entries(collection).filter(([, value]) => value !== '' && value !== undefined && value !== null),
	);
}

/** What a host is known by. */
export const IDENTITY_FIELDS = ['macs', 'ips', 'hostnames', 'users', 'connectorGuids'] as const;

/** A JSON object whose members are lists of texts, with these names only. */
export function textLists<Name extends string>(
	context: IExecuteFunctions,
	name: string,
	label: string,
	names: readonly Name[],
	itemIndex: number,
): Partial<Record<Name, string[]>> {
	const given = filled(jsonObject(context, name, label, itemIndex));
	for (const [member, value] of Object.entries(given)) {
		if (!(names as readonly string[]).includes(member)) {
			throw parameterError(
				context.getNode(),
				`"${label}": ${member} is not known, use ${names.join(', ')}`,
				itemIndex,
			);
		}
		if (!Array.isArray(value) || !value.every((each) => typeof each === 'string')) {
			throw parameterError(context.getNode(), `"${label}": ${member} must be a list of texts`, itemIndex);
		}
	}
	return given as Partial<Record<Name, string[]>>;
}

/** Names given as a list, as JSON of a list, or as text separated by commas; none is empty. */
export function nameList(value: unknown): string[] {
	if (Array.isArray(value)) return value.flatMap(nameList);
	if (typeof value !== 'string') return [];
	const text = value.trim();
	const list = isJsonArray(text) ? (JSON.parse(text) as unknown[]).map(String) : text.split(',');
	return list.map((name) => name.trim()).filter(Boolean);
}

function isJsonArray(value: string): boolean {
	return /^\[("[^"]*"|[\s,])*\]$/.test(value);
}
