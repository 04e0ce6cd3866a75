import type { IDataObject, IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import { updateDisplayOptions } from 'n8n-workflow';
import { parameterError } from '../../../shared/errors';
import type { Operation } from '../../../shared/execute';
import { canonicalIp } from '../../../../ledger/network';
import { nameList, usableMac } from '../../../shared/identity';
import { addressList } from '../../addresses';
import { ACTIVE_LIST_FROM } from '../../sessions/directory';
import { endpointFacts } from '../../sessions/endpointFacts';
import { readSessionSource, sessionSourceOption } from '../../sessions/source';
import { findSessions, type SessionQuery } from '../../sessions/find';
import type { ContainmentClient } from '../../transport/client';

const CONCURRENT_ITEMS = 4;

interface FindSettings {
	allUserSessions?: boolean;
	alwaysLoadDetails?: boolean;
	endpointRecords?: boolean;
	preferMac?: boolean;
}

export const description = updateDisplayOptions({ show: { resource: ['session'], operation: ['find'] } }, [
	{
		displayName: 'IP Addresses',
		name: 'ipAddresses',
		type: 'string',
		default: '',
		placeholder: 'e.g. 10.1.33.33',
		description:
			'IP addresses of endpoints: one, several separated by commas, or an expression that gives an array',
	},
	{
		displayName: 'MAC Addresses',
		name: 'macAddresses',
		type: 'string',
		default: '',
		placeholder: 'e.g. 00:50:56:8B:95:4A',
		description: 'One MAC address, several separated by commas, or an expression that gives an array',
	},
	{
		displayName: 'User Names',
		name: 'userNames',
		type: 'string',
		default: '',
		placeholder: 'e.g. jane.doe@example.com',
		description:
			'User names as Cisco ISE knows them: one, several separated by commas, or an expression that gives an array',
	},
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		options: [
			{
				displayName: 'All Sessions of a User',
				name: 'allUserSessions',
				type: 'boolean',
				default: true,
				description:
					'Whether to find every active session of a user, which reads the list of all active sessions once. Without it, only the last session of the user is found.',
			},
			{
				displayName: 'Always Load Details',
				name: 'alwaysLoadDetails',
				type: 'boolean',
				default: false,
				description:
					'Whether to complete sessions one by one also when 20 or more addresses are asked. The list of active sessions of the monitoring node knows no endpoint profile, identity group, security group and port.',
			},
			{
				displayName: 'Prefer MAC Addresses',
				name: 'preferMac',
				type: 'boolean',
				default: false,
				description:
					'Whether to leave out the IP addresses and user names of items that have MAC addresses: both may belong to somebody else by now',
			},
			{
				displayName: 'Read Endpoint Records',
				name: 'endpointRecords',
				type: 'boolean',
				default: false,
				description:
					'Whether to add endpointProfiles and identityGroups of all MAC addresses, from the sessions and from the endpoint records of ERS: many sessions have no identity group, or the one of the user. What could not be read is null.',
			},
			sessionSourceOption,
		],
	},
] satisfies INodeProperties[]);

export const execute: Operation<ContainmentClient> = async function (client, itemIndex) {
	const fields = client.ofAllItems(() => this.getInputData().map((_, index) => fieldsOf(this, index)));
	const query = toQuery(this, fields[itemIndex], itemIndex);
	const { allUserSessions = true, alwaysLoadDetails = false, endpointRecords = false } = this.getNodeParameter(
		'options',
		itemIndex,
		{},
	) as FindSettings;
	const useActiveList = countAddresses(fields) >= ACTIVE_LIST_FROM;
	const details = alwaysLoadDetails || !useActiveList;
	const found = await findSessions(client.sessions(readSessionSource(this, itemIndex)), query, {
		useActiveList,
		allUserSessions,
		details,
	});
	const facts = endpointRecords
		? await endpointFacts(client.records, found.sessions, [...new Set([...query.macs, ...found.macs])])
		: {};
	return { ...found, ...facts } as unknown as IDataObject;
};

execute.concurrency = CONCURRENT_ITEMS;

/** The fields of one item, or why they can't be read. */
type Fields = SessionQuery | { error: Error };

function fieldsOf(context: IExecuteFunctions, itemIndex: number): Fields {
	try {
		const macs = addressList(context.getNodeParameter('macAddresses', itemIndex, ''));
		if (macs.length > 0 && context.getNodeParameter('options.preferMac', itemIndex, false))
			return { ips: [], macs, users: [] };
		return {
			ips: addressList(context.getNodeParameter('ipAddresses', itemIndex, '')),
			macs,
			users: nameList(context.getNodeParameter('userNames', itemIndex, '')),
		};
	} catch (error) {
		return { error: error as Error };
	}
}

function countAddresses(fields: readonly Fields[]): number {
	return new Set(fields.flatMap((one) => ('error' in one ? [] : [...one.ips, ...one.macs, ...one.users])))
		.size;
}

function toQuery(context: IExecuteFunctions, fields: Fields, itemIndex: number): SessionQuery {
	if ('error' in fields) throw fields.error;
	const canonical = (values: string[], toCanonical: (value: string) => string | undefined, field: string) =>
		values.map((value) => {
			const address = toCanonical(value);
			if (address !== undefined) return address;
			throw parameterError(
				context.getNode(),
				`"${value}" in the field "${field}" is not the address of an endpoint`,
				itemIndex,
			);
		});
	return {
		ips: [...new Set(canonical(fields.ips, canonicalIp, 'IP Addresses'))],
		macs: [...new Set(canonical(fields.macs, usableMac, 'MAC Addresses'))],
		users: fields.users,
	};
}
