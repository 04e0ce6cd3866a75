import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import { canonicalIp, type Network } from '../../ledger/network';
import { PRIVATE_NETWORKS } from '../../ledger/presets/balanced';
import { parameterError } from '../shared/errors';
import { listParameter } from '../shared/identity';
import { optionalTime } from '../shared/parameters';
import type { TimeWindow } from '../shared/pollState';
import { parseNetworks } from './networks';
import type { JobOptions } from './transport/jobs';

const HOUR_MS = 3_600_000;
const DEFAULT_WAIT_S = 60;

/**
 * The span of the fields From and To: to now, and from one hour before, where they are empty.
 *
 * @throws NodeOperationError when one is no time, or they are the wrong way round
 */
export function timeWindow(context: IExecuteFunctions, itemIndex: number): TimeWindow {
	const time = (name: string, label: string) =>
		optionalTime(context, context.getNodeParameter(name, itemIndex, ''), label, itemIndex);
	const to = time('to', 'To') ?? Date.now();
	const from = time('from', 'From') ?? to - HOUR_MS;
	if (from <= to) return { from, to };
	throw parameterError(context.getNode(), 'From is later than To', itemIndex, 'Exchange the two times.');
}

/** How long to wait for a search: the option "Wait At Most (Seconds)". */
export function jobOptions(context: IExecuteFunctions, itemIndex: number): JobOptions {
	const seconds = context.getNodeParameter('options.waitSeconds', itemIndex, DEFAULT_WAIT_S) as number;
	return { waitMs: seconds * 1_000, itemIndex };
}

/** Canonical addresses of a field. @throws NodeOperationError for the first that is no IP address */
export function addressList(
	context: IExecuteFunctions,
	value: unknown,
	label: string,
	itemIndex: number,
): string[] {
	return listParameter(value).map((text) => {
		const ip = canonicalIp(text);
		if (ip !== undefined) return ip;
		throw parameterError(context.getNode(), `${label} holds "${text}", which is no IP address`, itemIndex);
	});
}

/** Whole numbers of a field, as text. @throws NodeOperationError for the first that is none */
export function numberList(
	context: IExecuteFunctions,
	value: unknown,
	label: string,
	itemIndex: number,
): string[] {
	return listParameter(value).map((text) => {
		if (/^\d{1,15}$/.test(text)) return text;
		throw parameterError(context.getNode(), `${label} holds "${text}", which is no whole number`, itemIndex);
	});
}

/** Networks of an option "Internal Networks"; the private ones where it is empty. @throws Error */
export function internalNetworks(options: IDataObject): Network[] {
	const given = listParameter(options.internalNetworks);
	return parseNetworks(given.length > 0 ? given : PRIVATE_NETWORKS);
}
