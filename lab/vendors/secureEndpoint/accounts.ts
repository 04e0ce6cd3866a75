import { sha256Of, uuidOf } from '../shared/values';

/** Regions of the public cloud, each with accounts and data of its own. */
export type Region = 'us' | 'eu' | 'apjc';

export const REGIONS: readonly Region[] = ['us', 'eu', 'apjc'];

export const HOSTS: Record<Region, string> = {
	us: 'api.amp.cisco.com',
	eu: 'api.eu.amp.cisco.com',
	apjc: 'api.apjc.amp.cisco.com',
};

/** A "3rd party API client" of the console. */
export interface Account {
	clientId: string;
	apiKey: string;
	scope: 'readWrite' | 'readOnly';
}

function account(region: Region, scope: Account['scope']): Account {
	const name = `Secure Endpoint ${region} ${scope}`;
	return { clientId: sha256Of(`client ${name}`).slice(0, 20), apiKey: uuidOf(`key ${name}`), scope };
}

function accountsOf(region: Region): { readWrite: Account; readOnly: Account } {
	return { readWrite: account(region, 'readWrite'), readOnly: account(region, 'readOnly') };
}

/** Accounts that each region accepts; a client of one region is unknown in the others. Made up, the same in every lab. */
export const ACCOUNTS: Record<Region, { readWrite: Account; readOnly: Account }> = {
	us: accountsOf('us'),
	eu: accountsOf('eu'),
	apjc: accountsOf('apjc'),
};

/** The account with this client id and key in the region, or undefined. */
export function findAccount(region: Region, clientId: string, apiKey: string): Account | undefined {
	return Object.values(ACCOUNTS[region]).find(
		(candidate) => candidate.clientId === clientId && candidate.apiKey === apiKey,
	);
}

/** An API client of Cisco XDR or Secure Client Cloud Management, for version 3 of the API. */
export interface OAuthClient {
	clientId: string;
	clientSecret: string;
}

function oAuthClient(region: Region): OAuthClient {
	const name = `Secure Endpoint OAuth2 ${region}`;
	return { clientId: `client-${uuidOf(`client ${name}`)}`, clientSecret: sha256Of(`secret ${name}`) };
}

/** Made up, the same in every lab. */
export const OAUTH_CLIENTS: Record<Region, OAuthClient> = {
	us: oAuthClient('us'),
	eu: oAuthClient('eu'),
	apjc: oAuthClient('apjc'),
};

/** The region's API client, if id and secret are its own. */
export function findOAuthClient(
	region: Region,
	clientId: string,
	clientSecret: string,
): OAuthClient | undefined {
	const client = OAUTH_CLIENTS[region];
	return client.clientId === clientId && client.clientSecret === clientSecret ? client : undefined;
}
