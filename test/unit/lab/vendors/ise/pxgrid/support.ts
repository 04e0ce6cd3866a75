import { createIse } from '../../../../../../lab/vendors/ise';
import type { LabRequest, LabResponse } from '../../../../../../lab/machine/vendor';
import { basic, testLab, type TestLab } from '../../support';

export const NODE_1 = 'https://ise.lab.example:8910';
export const NODE_2 = 'https://ise2.lab.example:8910';

export const READY = { nodeName: 'rtc-ready', password: 'pxgrid-lab-1' };

// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type Json = any;

export interface PostOptions {
	headers?: Record<string, string | undefined>;
	method?: string;
	certificate?: string;
	rawBody?: string;
}

export interface PxGridLab {
	lab: TestLab;
	ise: ReturnType<typeof createIse>;
	/** One call with a JSON body and the headers that pxGrid asks for. */
	post(url: string, body?: unknown, options?: PostOptions): Promise<LabResponse & { body: Json }>;
	/** A control call of the ready account. */
	control(call: string, body?: unknown, options?: PostOptions): Promise<LabResponse & { body: Json }>;
	/** A call to a service of the first node, with the right secret. */
	service(name: string, call: string, body?: unknown): Promise<LabResponse & { body: Json }>;
	state(): Json;
}

/** @param ise in the place of a new one */
export function pxGridLab(lab = testLab(), ise = createIse(lab)): PxGridLab {
	const post: PxGridLab['post'] = async (url, body = {}, options = {}) => {
		const { headers = {}, method = 'POST', certificate, rawBody } = options;
		const all = { accept: 'application/json', 'content-type': 'application/json', ...headers };
		const request: LabRequest = {
			method,
			url: new URL(url),
			headers: Object.fromEntries(
				Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined),
			),
			body: Buffer.from(rawBody ?? JSON.stringify(body)),
			...(certificate !== undefined && { clientCertificate: { subject: certificate } }),
		};
		return (await ise.handle(request)) as LabResponse & { body: Json };
	};
	const control: PxGridLab['control'] = async (call, body, options = {}) =>
		await post(`${NODE_1}/pxgrid/control/${call}`, body, {
			...options,
			headers: { authorization: basic(READY.nodeName, READY.password), ...options.headers },
		});
	const service: PxGridLab['service'] = async (name, call, body) => {
		const { services } = (await control('ServiceLookup', { name })).body;
		const [{ nodeName, properties }] = services;
		const { secret } = (await control('AccessSecret', { peerNodeName: nodeName })).body;
		const headers = { authorization: basic(READY.nodeName, secret) };
		return await post(`${properties.restBaseUrl}/${call}`, body, { headers });
	};
	return { lab, ise, post, control, service, state: () => ise.state().pxgrid };
}
