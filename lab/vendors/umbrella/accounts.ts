import { sha256Of, uuidOf } from '../shared/values';

/** Organisation that all keys of the lab belong to. */
export const ORG_ID = 2345678;

const REPORT_SCOPES = ['reports.granularEvents:read', 'reports.aggregations:read', 'reports.utilities:read'];

const POLICY_SCOPES = [
	'policies.destinationLists:read',
	'policies.destinationLists:write',
	'policies.destinations:read',
	'policies.destinations:write',
];

/** An API key of the organisation. */
export interface ApiKey {
	apiKey: string;
	keySecret: string;
	scopes: readonly string[];
}

/** An id and a secret that are made up, and the same in every lab. */
function keyNamed(name: string, scopes: readonly string[]): ApiKey {
	const half = (part: string) => sha256Of(`Umbrella ${part} ${name}`).slice(0, 32);
	return { apiKey: half('key'), keySecret: half('secret'), scopes };
}

/** May do everything the lab plays. */
export const FULL_KEY = keyNamed('full', [
	...REPORT_SCOPES,
	...POLICY_SCOPES,
	'investigate.investigate:read',
	'investigate.bulk:read',
]);

/** May read reports and single answers of Investigate, and nothing of the policies. */
export const LIMITED_KEY = keyNamed('limited', [...REPORT_SCOPES, 'investigate.investigate:read']);

/** The key with this id and secret, or undefined. */
export function findKey(apiKey: string, keySecret: string): ApiKey | undefined {
	return [FULL_KEY, LIMITED_KEY].find((key) => key.apiKey === apiKey && key.keySecret === keySecret);
}

/** Keys for the APIs before `api.umbrella.com`; none of them works for another API than its own. */
export const LEGACY_KEYS = {
	reportingKey: sha256Of('Umbrella legacy reporting key').slice(0, 32),
	reportingSecret: sha256Of('Umbrella legacy reporting secret').slice(0, 32),
	customerKey: uuidOf('Umbrella enforcement customer key'),
	investigateToken: uuidOf('Umbrella Investigate token'),
};
