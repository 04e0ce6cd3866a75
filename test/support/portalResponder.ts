import type { RunningLab } from '../../lab';
import type { WorldHost } from '../../lab/world/world';
import { ask } from '../unit/lab/machine/support';

const JSON_TYPE = 'application/json';

/** Does over the wire what the bundled workflows do with a host, without an n8n in between. */
export class PortalResponder {
	constructor(private readonly lab: RunningLab) {}

	/** Quarantines every network card, isolates the connector, posts a card and opens an incident. */
	async contain(host: WorldHost): Promise<void> {
		for (const { mac } of host.nics) await this.quarantine(mac);
		if (host.connectorGuid !== undefined) await this.isolate(host.connectorGuid);
		await this.postCard(containmentCard(host));
		await this.openIncident(host);
	}

	/** Posts an Adaptive Card; answers the id of its message. */
	async postCard(card: object, text = 'A card'): Promise<string> {
		const attachments = [{ contentType: 'application/vnd.microsoft.card.adaptive', content: card }];
		return (await this.postMessage({ text, attachments })) as string;
	}

	async postMessage(message: object): Promise<string> {
		const { people, room } = this.accounts().webex;
		const answer = await this.send('POST', 'webexapis.com', '/v1/messages', `Bearer ${people[0].token}`, {
			roomId: room.id,
			...message,
		});
		return answer.id as string;
	}

	async block(domain: string): Promise<void> {
		const { apiKey, keySecret } = this.accounts().umbrella;
		const token = await this.send(
			'POST',
			'api.umbrella.com',
			'/auth/v2/token',
			basic(apiKey, keySecret),
			'grant_type=client_credentials',
		);
		const list = '/policies/v2/destinationlists/15755703/destinations';
		await this.send('POST', 'api.umbrella.com', list, `Bearer ${String(token.access_token)}`, [
			{ destination: domain, comment: 'Command and control of the loader' },
		]);
	}

	private async quarantine(mac: string): Promise<void> {
		const [{ user, password }] = this.accounts().ise.accounts;
		const additionalData = [
			{ name: 'macAddress', value: mac },
			{ name: 'policyName', value: 'Quarantine' },
		];
		await this.send('PUT', 'ise.lab.example:9060', '/ers/config/ancendpoint/apply', basic(user, password), {
			OperationAdditionalData: { additionalData },
		});
	}

	private async isolate(guid: string): Promise<void> {
		const { clientId, apiKey } = this.accounts().secureEndpoint;
		const path = `/v1/computers/${guid}/isolation`;
		await this.send('PUT', 'api.amp.cisco.com', path, basic(clientId, apiKey), {
			comment: 'RTC: score 92 crossed 80',
		});
	}

	private async openIncident({ hostname }: WorldHost): Promise<void> {
		const { user, password } = this.accounts().serviceNow.accounts[0];
		const table = '/api/now/table/incident';
		const authorization = basic(user, password);
		const { result } = await this.send('POST', 'dev00001.service-now.com', table, authorization, {
			short_description: `[RTC] ${hostname} was contained`,
			description: 'Score 92 crossed the threshold of 80. Sources: Secure Endpoint, Umbrella.',
			category: 'security',
			impact: '1',
			urgency: '2',
		});
		const { sys_id: id } = result as { sys_id: string };
		await this.send('PATCH', 'dev00001.service-now.com', `${table}/${id}`, authorization, {
			work_notes: `ISE enforces the ANC policy Quarantine on every network card of ${hostname}.`,
		});
	}

	// eslint-disable-next-line @typescript-eslint/no-explicit-any
	private accounts(): any {
		return this.lab.lab.credentials();
	}

	private async send(
		method: string,
		host: string,
		path: string,
		authorization: string,
		body: object | string,
	): Promise<Record<string, unknown>> {
		const form = typeof body === 'string';
		const answer = await ask(this.lab, {
			method,
			host,
			path,
			headers: {
				authorization,
				accept: JSON_TYPE,
				'content-type': form ? 'application/x-www-form-urlencoded' : JSON_TYPE,
			},
			body: form ? body : JSON.stringify(body),
		});
		if (answer.status >= 400) throw new Error(`${method} ${host}${path}: ${answer.status} ${answer.text}`);
		return answer.text === '' ? {} : (JSON.parse(answer.text) as Record<string, unknown>);
	}
}

function basic(user: string, password: string): string {
	return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
}

function containmentCard({ hostname, user, nics }: WorldHost): object {
	return {
		type: 'AdaptiveCard',
		version: '1.3',
		body: [
			{
				type: 'TextBlock',
				text: `${hostname} was contained`,
				size: 'Medium',
				weight: 'Bolder',
				color: 'Attention',
				wrap: true,
			},
			{ type: 'TextBlock', text: 'Its score crossed **80** with detections of two sources.', wrap: true },
			{
				type: 'FactSet',
				facts: [
					{ title: 'User', value: user ?? 'nobody' },
					{ title: 'Score', value: '92' },
					{ title: 'Sources', value: 'Secure Endpoint, Umbrella' },
					{ title: 'Network cards', value: nics.map(({ mac }) => mac).join(', ') },
				],
			},
		],
		actions: [
			{
				type: 'Action.ShowCard',
				title: 'Release…',
				card: {
					type: 'AdaptiveCard',
					body: [{ type: 'Input.Text', id: 'reason', label: 'Reason', isRequired: true, isMultiline: true }],
					actions: [
						{
							type: 'Action.Submit',
							title: 'Release host',
							style: 'positive',
							data: { action: 'release', hostname },
						},
					],
				},
			},
			{ type: 'Action.OpenUrl', title: 'Open incident', url: 'https://dev00001.service-now.com/incident.do' },
		],
	};
}
