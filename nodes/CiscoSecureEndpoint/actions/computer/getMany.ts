import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import { parameterError } from '../../../shared/errors';
import { returnAllFields, simplifyField, wantedCount } from '../../../shared/fields';
import type { ApiCall } from '../../../shared/http';
import { listParameter, usableMac } from '../../../shared/identity';
import { networkCards } from '../../detections';
import { simpleComputer } from '../../simplify';
import type { SecureEndpointClient } from '../../transport/client';
import { getMany as getManyPages } from '../../transport/pages';
import type { Execute, SecureEndpointOperation } from '../fields';

const execute: Execute = async function (client, itemIndex) {
	const filters = this.getNodeParameter('filters', itemIndex, {}) as IDataObject;
	const keep = await clientSideFilter(this, client, filters, itemIndex);
	const call: ApiCall = {
		method: 'GET',
		path: '/v1/computers',
		query: {
			'hostname[]': filters.hostname ? String(filters.hostname).trim() : undefined,
			internal_ip: filters.internalIp ? String(filters.internalIp).trim() : undefined,
			external_ip: filters.externalIp ? String(filters.externalIp).trim() : undefined,
			'group_guid[]': listParameter(filters.groups),
			last_seen_within: (filters.lastSeenWithin as number) || undefined,
			last_seen_over: (filters.lastSeenOver as number) || undefined,
		},
		itemIndex,
	};
	const computers = await getManyPages(this, client, call, wantedCount(this, itemIndex), keep);
	return this.getNodeParameter('simplify', itemIndex, true) ? computers.map(simpleComputer) : computers;
};

/** The API can't look for a MAC address, nor for a user together with anything else. */
async function clientSideFilter(
	context: IExecuteFunctions,
	client: SecureEndpointClient,
	filters: IDataObject,
	itemIndex: number,
): Promise<((computer: IDataObject) => boolean) | undefined> {
	const mac = wantedMac(context, filters.mac, itemIndex);
	const guids = filters.user
		? await connectorsOfUser(context, client, String(filters.user), itemIndex)
		: undefined;
	if (mac === undefined && guids === undefined) return undefined;
	return (computer) =>
		(mac === undefined || networkCards(computer).some((card) => card.mac === mac)) &&
		(guids === undefined || guids.has(computer.connector_guid));
}

function wantedMac(context: IExecuteFunctions, value: unknown, itemIndex: number): string | undefined {
	if (!value) return undefined;
	const mac = usableMac(value);
	if (mac !== undefined) return mac;
	throw parameterError(
		context.getNode(),
		'MAC Address is not valid',
		itemIndex,
		'Give six pairs of hexadecimal digits, for example 00:11:22:33:44:55.',
	);
}

async function connectorsOfUser(
	context: IExecuteFunctions,
	client: SecureEndpointClient,
	user: string,
	itemIndex: number,
): Promise<Set<unknown>> {
	const call: ApiCall = { method: 'GET', path: '/v1/computers/user_activity', query: { q: user }, itemIndex };
	const computers = await getManyPages(context, client, call, Infinity);
	return new Set(computers.map(({ connector_guid }) => connector_guid));
}

/** GET /v1/computers */
export const getMany: SecureEndpointOperation = {
	option: {
		name: 'Get Many',
		value: 'getMany',
		description: 'Get many computers by host name, address, user, group or last contact',
		action: 'Get many computers',
	},
	fields: [
		...returnAllFields('computer', ['getMany']),
		{
			displayName: 'Filters',
			name: 'filters',
			type: 'collection',
			placeholder: 'Add filter',
			default: {},
			options: [
				{
					displayName: 'External IP',
					name: 'externalIp',
					type: 'string',
					default: '',
					description: 'Address that the computer has on the internet',
				},
				{
					displayName: 'Group Names or IDs',
					name: 'groups',
					type: 'multiOptions',
					typeOptions: { loadOptionsMethod: 'getGroups' },
					default: [],
					description:
						'Only computers in these groups. Choose from the list, or specify IDs using an <a href="https://docs.n8n.io/code/expressions/">expression</a>.',
				},
				{
					displayName: 'Hostname',
					name: 'hostname',
					type: 'string',
					default: '',
					description: 'Part of the host name',
				},
				{
					displayName: 'Internal IP',
					name: 'internalIp',
					type: 'string',
					default: '',
					description: 'Address of one of its network cards',
				},
				{
					displayName: 'Last Seen Over (Days)',
					name: 'lastSeenOver',
					type: 'number',
					typeOptions: { minValue: 0 },
					default: 0,
					description: 'Only computers that made no contact for so many days. 0 is no filter.',
				},
				{
					displayName: 'Last Seen Within (Days)',
					name: 'lastSeenWithin',
					type: 'number',
					typeOptions: { minValue: 0 },
					default: 0,
					description: 'Only computers that made contact in the last so many days. 0 is no filter.',
				},
				{
					displayName: 'MAC Address',
					name: 'mac',
					type: 'string',
					default: '',
					placeholder: 'e.g. 00:11:22:33:44:55',
					description:
						'Address of one of its network cards. The API cannot search for it: all computers that the other filters leave are read, up to 100,000.',
				},
				{
					displayName: 'User',
					name: 'user',
					type: 'string',
					default: '',
					description: 'Only computers on which this user was active',
				},
			],
		},
		simplifyField('computer', ['getMany']),
	],
	execute,
};
