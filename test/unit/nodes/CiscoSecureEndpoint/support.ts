import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { IDataObject } from 'n8n-workflow';
import { CiscoSecureEndpoint } from '../../../../nodes/CiscoSecureEndpoint/CiscoSecureEndpoint.node';
import type { FakeSetup } from '../support/fakeContext';
import { fakeExecute } from '../support/fakeContext';

export const credentials = {
	ciscoRtcSecureEndpointApi: { region: 'us', clientId: 'client', apiKey: 'topsecret', caCertificate: '' },
};

const fixtures = join(__dirname, '../../../fixtures/secure-endpoint');

/** An answer as Cisco's documentation shows it. */
export function fixture<T = IDataObject>(name: string): T {
	return JSON.parse(readFileSync(join(fixtures, `${name}.json`), 'utf8')) as T;
}

export const GUID = 'd821e2d9-9280-489c-a6c3-be02d85ba8a0';
export const OTHER_GUID = '0b4883d4-8ecf-4404-9453-13cba0ee7662';

/** Runs the node for items with these parameters. */
export async function run(setup: FakeSetup) {
	const context = fakeExecute({ credentials, ...setup });
	const [items] = await new CiscoSecureEndpoint().execute.call(context);
	return { items, json: items.map(({ json }) => json), requests: context.requests };
}

/** Cisco's error envelope. */
export function vendorError(status: number, description: string, ...details: string[]) {
	return {
		status,
		body: { version: 'v1.2.0', data: {}, errors: [{ error_code: status, description, details }] },
	};
}
