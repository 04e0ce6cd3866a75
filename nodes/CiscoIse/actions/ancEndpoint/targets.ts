import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import { parameterError } from '../../../shared/errors';
import { canonicalIp } from '../../../../ledger/network';
import { usableMac } from '../../../shared/identity';
import { addressList } from '../../addresses';
import { mapConcurrently } from '../../concurrency';
import { sessionsAt } from '../../sessions/atAddress';
import { ACTIVE_LIST_FROM, CONCURRENT_LOOKUPS } from '../../sessions/directory';
import { readSessionSource } from '../../sessions/source';
import type { ContainmentClient } from '../../transport/client';

/** An endpoint to act on; found by its IP address, it has a MAC address only while a session is active. */
export interface AncTarget {
	macAddress?: string;
	ipAddress?: string;
}

export const targetFields: INodeProperties[] = [
	{
		displayName: 'Identify Endpoints By',
		name: 'identifyBy',
		type: 'options',
		options: [
			{
				name: 'MAC Address',
				value: 'macAddress',
				description: 'Also works for endpoints that are offline: the policy takes effect when they connect',
			},
			{
				name: 'IP Address',
				value: 'ipAddress',
				description:
					'Looks up the active session of the address. Only works while the endpoint is connected.',
			},
		],
		default: 'macAddress',
	},
	{
		displayName: 'MAC Addresses',
		name: 'macAddresses',
		type: 'string',
		default: '',
		required: true,
		placeholder: 'e.g. 00:50:56:8B:95:4A, 00:50:56:8B:95:4B',
		description: 'One MAC address, several separated by commas, or an expression that gives an array',
		displayOptions: { show: { identifyBy: ['macAddress'] } },
	},
	{
		displayName: 'IP Addresses',
		name: 'ipAddresses',
		type: 'string',
		default: '',
		required: true,
		placeholder: 'e.g. 10.1.33.33',
		description:
			'One IP address of an endpoint, several separated by commas, or an expression that gives an array',
		displayOptions: { show: { identifyBy: ['ipAddress'] } },
	},
];

/** @throws NodeOperationError naming a value that is no usable address, or an empty list that is not allowed. */
export async function readTargets(
	context: IExecuteFunctions,
	client: ContainmentClient,
	itemIndex: number,
	allowEmpty: boolean,
): Promise<AncTarget[]> {
	const byIp = context.getNodeParameter('identifyBy', itemIndex) === 'ipAddress';
	const field = byIp ? 'ipAddresses' : 'macAddresses';
	const values = addressList(context.getNodeParameter(field, itemIndex));
	const kind = byIp ? 'IP' : 'MAC';
	if (values.length === 0 && !allowEmpty) {
		throw parameterError(
			context.getNode(),
			`The field "${kind} Addresses" holds no ${kind} address`,
			itemIndex,
			'Fill it, or turn on the option "Allow Empty" when having nothing to do is fine.',
		);
	}
	const canonical = values.map((value) => canonicalOf(context, value, kind, itemIndex));
	const distinct = [...new Set(canonical)];
	if (!byIp) return distinct.map((macAddress) => ({ macAddress }));
	const sessions = client.sessions(readSessionSource(context, itemIndex));
	const useActiveList = client.ofAllItems(() => addressesOfAllItems(context)) >= ACTIVE_LIST_FROM;
	return await mapConcurrently(distinct, CONCURRENT_LOOKUPS, async (ipAddress) => {
		const [record] = await sessionsAt(sessions, ipAddress, useActiveList);
		return { ipAddress, macAddress: record?.session.macAddress ?? undefined };
	});
}

function addressesOfAllItems(context: IExecuteFunctions): number {
	const ofItem = (_: unknown, itemIndex: number) =>
		addressList(context.getNodeParameter('ipAddresses', itemIndex, ''));
	return new Set(context.getInputData().flatMap(ofItem)).size;
}

function canonicalOf(
	context: IExecuteFunctions,
	value: string,
	kind: 'IP' | 'MAC',
	itemIndex: number,
): string {
	const canonical = kind === 'IP' ? canonicalIp(value) : usableMac(value);
	if (canonical !== undefined) return canonical;
	throw parameterError(
		context.getNode(),
		`"${value}" in the field "${kind} Addresses" is not the ${kind} address of an endpoint`,
		itemIndex,
		kind === 'MAC'
			? 'Use a form like 00:50:56:8B:95:4A. All-zero and broadcast addresses are refused.'
			: undefined,
	);
}
