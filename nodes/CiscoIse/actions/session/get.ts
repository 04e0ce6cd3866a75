import type { IDataObject, INodeProperties } from 'n8n-workflow';
import { updateDisplayOptions } from 'n8n-workflow';
import { parameterError } from '../../../shared/errors';
import type { Operation } from '../../../shared/execute';
import { simplifyField } from '../../../shared/fields';
import { canonicalIp } from '../../../../ledger/network';
import { usableMac } from '../../../shared/identity';
import { sessionByIp } from '../../sessions/atAddress';
import type { SessionDirectory, SessionRecord } from '../../sessions/directory';
import { readSessionSource, sessionSourceOption } from '../../sessions/source';
import type { ContainmentClient } from '../../transport/client';

type SearchKey = 'ipAddress' | 'macAddress' | 'userName';

export const description: INodeProperties[] = [
	...updateDisplayOptions({ show: { resource: ['session'], operation: ['get'] } }, [
		{
			displayName: 'Search By',
			name: 'searchBy',
			type: 'options',
			options: [
				{ name: 'IP Address', value: 'ipAddress', description: 'The IP address of the endpoint' },
				{ name: 'MAC Address', value: 'macAddress', description: 'The MAC address of the endpoint' },
				{ name: 'User Name', value: 'userName', description: 'The last session of the user' },
			],
			default: 'macAddress',
		},
		{
			displayName: 'Value',
			name: 'value',
			type: 'string',
			default: '',
			required: true,
			placeholder: 'e.g. 00:50:56:8B:95:4A',
			description: 'The address or name to search for',
		},
	] satisfies INodeProperties[]),
	simplifyField('session', ['get']),
	...updateDisplayOptions({ show: { resource: ['session'], operation: ['get'] } }, [
		{
			displayName: 'Options',
			name: 'options',
			type: 'collection',
			placeholder: 'Add option',
			default: {},
			options: [sessionSourceOption],
		},
	] satisfies INodeProperties[]),
];

const SEARCHES: Record<
	SearchKey,
	{
		canonical(value: string): string | undefined;
		ask(directory: SessionDirectory, value: string): Promise<SessionRecord | undefined>;
	}
> = {
	ipAddress: { canonical: canonicalIp, ask: sessionByIp },
	macAddress: { canonical: usableMac, ask: async (directory, mac) => await directory.byMac(mac) },
	userName: {
		canonical: (name) => name.trim() || undefined,
		ask: async (directory, name) => await directory.byUser(name),
	},
};

/** The session with `found: true`, or only `found: false`: being offline is an answer, not an error. */
export const execute: Operation<ContainmentClient> = async function (client, itemIndex) {
	const search = SEARCHES[this.getNodeParameter('searchBy', itemIndex) as SearchKey];
	const text = String(this.getNodeParameter('value', itemIndex) ?? '');
	const value = search.canonical(text);
	if (value === undefined) {
		throw parameterError(
			this.getNode(),
			`"${text}" in the field "Value" can't be searched for`,
			itemIndex,
			'Check that it fits the choice in the field "Search By".',
		);
	}
	const record = await search.ask(client.sessions(readSessionSource(this, itemIndex)), value);
	if (!record) return { found: false };
	const simplify = this.getNodeParameter('simplify', itemIndex, true) as boolean;
	return { found: true, ...(simplify ? (record.session as unknown as IDataObject) : record.raw) };
};
