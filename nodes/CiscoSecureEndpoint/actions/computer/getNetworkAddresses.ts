import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import { readJson, send, type ApiCall } from '../../../shared/http';
import { nameList, usableHostname, usableIp, usableUser } from '../../../shared/identity';
import { networkCards } from '../../detections';
import { connectorGuidsOf, segment } from '../../parameters';
import type { SecureEndpointClient } from '../../transport/client';
import { getMany, type Envelope } from '../../transport/pages';
import { connectorGuidsField, type Execute, type SecureEndpointOperation } from '../fields';

/** A host name that several connectors report: none of them is taken to be the host. */
interface Ambiguity extends IDataObject {
	hostname: string;
	connectorGuids: string[];
}

const execute: Execute = async function (client, itemIndex) {
	const computers = new Map<string, IDataObject>();
	const notFound: string[] = [];
	const ambiguous: Ambiguity[] = [];
	const add = (computer: IDataObject) => computers.set(guidOf(computer), computer);

	for (const guid of connectorGuidsOf(this, itemIndex)) {
		const computer = await findByGuid(this, client, guid, itemIndex);
		if (computer) add(computer);
		else notFound.push(guid);
	}
	for (const hostname of nameList(this.getNodeParameter('hostnames', itemIndex, ''))) {
		const found = await findByHostname(this, client, hostname, itemIndex);
		if (found.length > 1) ambiguous.push({ hostname, connectorGuids: found.map(guidOf) });
		else if (found.length === 1) add(found[0]);
		else notFound.push(hostname);
	}
	return { ...addressesOf([...computers.values()]), notFound, ambiguous };
};

execute.concurrency = 10;

/** A GUID that is unknown (404) or no GUID at all (400) is no reason to stop looking for the others. */
async function findByGuid(
	context: IExecuteFunctions,
	client: SecureEndpointClient,
	guid: string,
	itemIndex: number,
): Promise<IDataObject | undefined> {
	const call: ApiCall = {
		method: 'GET',
		path: `/v1/computers/${segment(guid)}`,
		accept: [400, 404],
		itemIndex,
	};
	const response = await send(context, client, call);
	if (response.status === 400 || response.status === 404) return undefined;
	return readJson<Envelope<IDataObject> | undefined>(context, client, call, response)?.data;
}

/**
 * The API's search also finds longer names, so its answer is compared again. A name without domain may be any host
 * that has it before its first dot; a whole name is that host, else the one that reports itself without domain.
 */
async function findByHostname(
	context: IExecuteFunctions,
	client: SecureEndpointClient,
	hostname: string,
	itemIndex: number,
): Promise<IDataObject[]> {
	const wanted = usableHostname(hostname);
	if (wanted === undefined) return [];
	const names = [...new Set([wanted, firstLabel(wanted)])];
	const call: ApiCall = { method: 'GET', path: '/v1/computers', query: { 'hostname[]': names }, itemIndex };
	const candidates = await getMany(context, client, call, Infinity);
	const named = (name: string) => candidates.filter((computer) => usableHostname(computer.hostname) === name);
	if (!wanted.includes('.')) return candidates.filter((computer) => labelOf(computer) === wanted);
	const exact = named(wanted);
	return exact.length > 0 ? exact : named(firstLabel(wanted));
}

const labelOf = ({ hostname }: IDataObject): string | undefined => {
	const name = usableHostname(hostname);
	return name && firstLabel(name);
};

const firstLabel = (hostname: string): string => hostname.split('.')[0];

const guidOf = (computer: IDataObject): string => String(computer.connector_guid).toLowerCase();

function addressesOf(computers: IDataObject[]): IDataObject {
	const cards = computers.flatMap(networkCards);
	const internalIps = computers
		.flatMap(({ internal_ips: ips }) => (Array.isArray(ips) ? ips : []))
		.map(usableIp);
	return {
		connectorGuids: computers.map(guidOf),
		macs: known(cards.map(({ mac }) => mac)),
		ips: known([...cards.map(({ ip }) => ip), ...internalIps]),
		hostnames: known(computers.map(({ hostname }) => usableHostname(hostname))),
		users: known(computers.map(({ user }) => usableUser(user))),
	};
}

const known = (values: (string | undefined)[]): string[] => [
	...new Set(values.filter((value): value is string => value !== undefined)),
];

/** GET /v1/computers/{connector_guid} and GET /v1/computers for several hosts at once. */
export const getNetworkAddresses: SecureEndpointOperation = {
	option: {
		name: 'Get Network Addresses',
		value: 'getNetworkAddresses',
		description: 'Get all MAC and IP addresses of hosts in one item, e.g. to contain every network card',
		action: 'Get network addresses of computers',
	},
	fields: [
		connectorGuidsField,
		{
			displayName: 'Hostname',
			name: 'hostnames',
			type: 'string',
			default: '',
			placeholder: 'e.g. laptop-17',
			description:
				'Exact host name, several with commas between, or an array from an expression. Without a domain it means every host of that name. A name that several connectors report is listed under ambiguous and not used.',
		},
	],
	execute,
};
