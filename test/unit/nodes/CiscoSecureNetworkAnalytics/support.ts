import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { IDataObject } from 'n8n-workflow';
import { CiscoSecureNetworkAnalytics } from '../../../../nodes/CiscoSecureNetworkAnalytics/CiscoSecureNetworkAnalytics.node';
import {
	fakeExecute,
	withoutWaiting,
	type FakeAnswer,
	type FakeServer,
	type FakeSetup,
	type SentRequest,
} from '../support/fakeContext';

const fixtures = join(__dirname, '../../../fixtures/secure-network-analytics');

/** An answer as a manager gave it. */
export function fixture<T = IDataObject>(name: string): T {
	return JSON.parse(readFileSync(join(fixtures, `${name}.json`), 'utf8')) as T;
}

export const EVENTS = '/sw-reporting/v1/tenants/102/security-events';
export const FLOWS = '/sw-reporting/v2/tenants/102/flows/queries';
export const TOP = '/sw-reporting/v1/tenants/102/flow-reports/top-conversations';
export const TAGS = '/smc-configuration/rest/v1/tenants/102/tags';

let accounts = 0;

/** A user of their own, so that no session of another test is used. */
export const credentials = (more: IDataObject = {}) => ({
	ciscoRtcSecureNetworkAnalyticsApi: {
		managerUrl: 'https://smc.example.com/',
		username: `rtc-${++accounts}`,
		password: 'p&ss wörd+%',
		...more,
	} as Record<string, string>,
});

export const SESSION = {
	headers: {
		'set-cookie': [
			'stealthwatch.jwt=head.body.sign; Path=/; Secure; HttpOnly',
			'XSRF-TOKEN=11-22; Path=/; Secure',
		],
	},
};

/** Answers by `METHOD path`; a function is asked each time. What is not there is not found. */
export type Answers = Record<string, FakeAnswer | ((request: SentRequest) => FakeAnswer | Error)>;

/** A manager that lets everybody in, has one tenant, and answers the rest from a table. */
export function manager(answers: Answers): FakeServer {
	const all: Answers = {
		'POST /token/v2/authenticate': SESSION,
		'GET /sw-reporting/v1/tenants': { body: fixture('tenants') },
		[`GET ${EVENTS}/templates`]: {
			body: { data: [{ id: 310, name: 'Flow_Denied', description: 'Denied' }] },
		},
		...answers,
	};
	return (request) => {
		const answer = all[`${request.method} ${request.url.pathname}`];
		if (answer === undefined) return { status: 404, body: { errors: [{ description: 'No such thing' }] } };
		return typeof answer === 'function' ? answer(request) : answer;
	};
}

/** A search for security events that is over after `polls` looks at it, and finds these. */
export function eventSearch(results: unknown, polls = 1): Answers {
	let looks = 0;
	const id = '6029011fe4b0d6d2a1ffd2d7';
	return {
		[`POST ${EVENTS}/queries`]: { body: fixture('security-events-init') },
		[`GET ${EVENTS}/queries/${id}`]: () =>
			++looks < polls
				? { body: { data: { percentComplete: 40.5, status: 'IN_PROGRESS' } } }
				: { body: fixture('security-events-status') },
		[`GET ${EVENTS}/results/${id}`]: { body: results },
		[`DELETE ${EVENTS}/queries/${id}`]: { status: 200 },
	};
}

/** Runs the node; needs fake timers. */
export async function run(answers: Answers | FakeServer, parameters: IDataObject, setup: FakeSetup = {}) {
	const context = fakeExecute({
		credentials: credentials(),
		server: typeof answers === 'function' ? answers : manager(answers),
		parameters,
		...setup,
	});
	const work = new CiscoSecureNetworkAnalytics().execute.call(context);
	const settled = withoutWaiting(work).then(([items]) => items.map(({ json }) => json));
	const sent = () => context.requests.map(({ method, url }) => `${method} ${url.pathname}`);
	return { settled, requests: context.requests, sent };
}
