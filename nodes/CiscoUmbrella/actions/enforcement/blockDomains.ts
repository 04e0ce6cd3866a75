import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import { parameterError } from '../../../shared/errors';
import { optionalTime } from '../../../shared/parameters';
import type { OperationDefinition } from '../../../shared/operations';
import { classifyDestination } from '../../destinations';
import type { LegacyClient } from '../../transport/legacy/client';
import { type EnforcementEvent, sendEvents } from '../../transport/legacy/enforcement';
import { domainsField, enteredEntries } from './fields';

/** Version of Cisco's generic event format, and the provider that it names for custom integrations. */
const FORMAT = { protocolVersion: '1.0a', providerName: 'Security Platform' };

interface Options {
	deviceId?: string;
	deviceVersion?: string;
	eventTime?: string;
}

/** POST /1.0/events. Answers `{accepted: [domain], ids}`; whether Umbrella blocks them is for Get Many to tell. */
export const blockDomains: OperationDefinition<LegacyClient> = {
	option: {
		name: 'Block Domains',
		value: 'blockDomains',
		action: 'Block domains',
		description: "Hand domains over for the integration's block list",
	},
	fields: [
		domainsField('Domains or URLs', 'e.g. bad.example'),
		{
			displayName: 'Options',
			name: 'options',
			type: 'collection',
			placeholder: 'Add option',
			default: {},
			options: [
				{
					displayName: 'Device ID',
					name: 'deviceId',
					type: 'string',
					default: 'n8n-cisco-rtc',
					description: 'Who reports the domains, as the events name it',
				},
				{
					displayName: 'Device Version',
					name: 'deviceVersion',
					type: 'string',
					default: '1.0',
				},
				{
					displayName: 'Event Time',
					name: 'eventTime',
					type: 'dateTime',
					default: '',
					description: 'When the domains were seen. Leave empty for now.',
				},
			],
		},
	],
	async execute(client, itemIndex): Promise<IDataObject> {
		const entries = enteredEntries(this, itemIndex, 'Domains or URLs');
		const options = this.getNodeParameter('options', itemIndex, {}) as Options;
		const now = Date.now();
		const seen = optionalTime(this, options.eventTime, 'Event Time', itemIndex) ?? now;
		const events = entries.map((entry): EnforcementEvent => {
			return {
				alertTime: eventTime(now),
				deviceId: options.deviceId || 'n8n-cisco-rtc',
				deviceVersion: options.deviceVersion || '1.0',
				...destinationOf(this, entry, itemIndex),
				eventTime: eventTime(seen),
				...FORMAT,
			};
		});
		const ids = await sendEvents(this, client.enforcement, events, itemIndex);
		return { accepted: [...new Set(events.map(({ dstDomain }) => dstDomain))], ids };
	},
};

/** As in Cisco's samples: UTC, with one digit after the second. */
const eventTime = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19)}.0Z`;

/** @throws NodeOperationError for what is neither a domain nor a URL on one. */
function destinationOf(
	context: IExecuteFunctions,
	entry: string,
	itemIndex: number,
): Pick<EnforcementEvent, 'dstDomain' | 'dstUrl'> {
	const refuse = (reason: string) =>
		parameterError(
			context.getNode(),
			`The field "Domains or URLs" can't be used: ${reason}`,
			itemIndex,
			'Nothing was blocked.',
		);
	try {
		const { destination, type } = classifyDestination(entry);
		if (type === 'domain') return { dstDomain: destination, dstUrl: `http://${destination}/` };
		const url = new URL(/^https?:/i.test(destination) ? destination : `http://${destination}`);
		const host = classifyDestination(url.hostname);
		if (type === 'url' && host.type === 'domain') return { dstDomain: host.destination, dstUrl: url.href };
	} catch (error) {
		throw refuse((error as Error).message);
	}
	throw refuse(`"${entry}" is an address, and the Enforcement API takes only domains`);
}
