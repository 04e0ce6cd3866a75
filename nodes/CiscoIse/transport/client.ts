import type { ICredentialDataDecryptedObject } from 'n8n-workflow';
import type { ApiClient, ApiContext, ApiResponse, TlsOptions } from '../../shared/http';
import type { RetryPolicy } from '../../shared/retry';
import { pxGridOf, type PxGrid } from '../pxgrid/client';
import { controllerUrls } from '../pxgrid/credential';
import type { SessionDirectory } from '../sessions/directory';
import { endpointRecords, type EndpointRecords } from '../sessions/endpointRecords';
import { mntDirectory } from '../sessions/mntDirectory';
import { remembering } from '../sessions/remembering';
import { missingPxGrid, sessionDirectories, type SessionSource } from '../sessions/source';
import { describeErsError, ErsNodes } from './ers';
import { describeMntError } from './mnt';
import { NodeGroup } from './nodeGroup';
import { pemText } from './pem';

/** Fields of the credential `ciscoRtcIseApi`. */
export interface IseCredential {
	/** Primary administration node, e.g. `https://ise.example.com:9060`. */
	primaryUrl: string;
	secondaryUrl?: string;
	/** Monitoring nodes; the hosts above on port 443 where empty. */
	mntUrl?: string;
	mntSecondaryUrl?: string;
	username: string;
	password: string;
	separateMntAccount?: boolean;
	mntUsername?: string;
	mntPassword?: string;
	csrfCheck?: boolean;
	caCertificate?: string;
	clientCertificate?: string;
	clientPrivateKey?: string;
	clientKeyPassphrase?: string;
	allowUnauthorizedCerts?: boolean;
}

/** What sessions and ANC endpoints need: the interfaces of ISE that the node has an account for. */
export interface ContainmentClient {
	/** Administration nodes: configuration and Adaptive Network Control (ERS). */
	ers?: ErsNodes;
	/** Where the node has a pxGrid credential. */
	pxGrid?: PxGrid;
	/** Where sessions are looked up; remembers what it was asked within the execution. */
	sessions(source: SessionSource): SessionDirectory;
	/** What endpoints are filed under, where the node has an account for ERS; remembers as `sessions` does. */
	records?: EndpointRecords;
	/** Host of the first node, as the name of this deployment. */
	deployment: string;
	/**
	 * What an operation needs to know of all items of the execution, read when the first of them asks: reading a field
	 * evaluates an expression.
	 */
	ofAllItems: <T>(read: () => T) => T;
}

/** How one execution reaches ISE. */
export interface IseClient extends ContainmentClient {
	ers: ErsNodes;
	/** Monitoring nodes: sessions and change of authorisation. */
	mnt: NodeGroup;
	/** Sessions as the monitoring node knows them, which alone tells the policy service node. */
	mntSessions: SessionDirectory;
}

const PRODUCT = 'Cisco ISE';

/** A node that is down should cost little time before the next one is asked. */
const RETRY_BEFORE_FALLBACK: RetryPolicy = { attempts: 2, baseDelayMs: 500, maxDelayMs: 10_000 };
/** Records complete what sessions tell: an ERS that hangs must not use up the time that containment has. */
const RECORDS_TIMEOUT_MS = 10_000;
const RETRY_ALONE: RetryPolicy = { attempts: 3, baseDelayMs: 1_000, maxDelayMs: 30_000 };

export async function iseClient(context: ApiContext): Promise<IseClient> {
	const credential = await context.getCredentials<IseCredential & ICredentialDataDecryptedObject>(
		'ciscoRtcIseApi',
	);
	return connectIse(context, credential, { pxGrid: await pxGridOf(context) });
}

/** Only the account of pxGrid. @throws NodeOperationError when the node has none */
export async function pxGridClient(context: ApiContext): Promise<ContainmentClient> {
	const pxGrid = await pxGridOf(context);
	if (!pxGrid) throw missingPxGrid(context);
	return {
		pxGrid,
		sessions: sessionDirectories(context, undefined, pxGrid),
		deployment: new URL(controllerUrls(pxGrid.credential)[0]).hostname,
		ofAllItems: readOnce(),
	};
}

/** @param options.retry in place of the usual policy, for the credential test */
export function connectIse(
	context: ApiContext,
	credential: IseCredential,
	{ retry, pxGrid }: { retry?: RetryPolicy; pxGrid?: PxGrid } = {},
): IseClient {
	const ersUrls = urls([credential.primaryUrl, credential.secondaryUrl]);
	const mntUrls = urls([credential.mntUrl, credential.mntSecondaryUrl]);
	const mnt = new NodeGroup(
		clients(
			mntUrls.length > 0 ? mntUrls : ersUrls.map(onPort443),
			mntAccount(credential),
			credential,
			describeMntError,
			retry,
		),
	);
	const mntSessions = remembering(mntDirectory(context, mnt));
	const ersClients = clients(ersUrls, credential, credential, describeErsError, retry);
	const impatient = ersClients.map((client) => ({ ...client, timeoutMs: RECORDS_TIMEOUT_MS }));
	return {
		ers: new ErsNodes(ersClients, credential.csrfCheck === true),
		mnt,
		pxGrid,
		sessions: sessionDirectories(context, mntSessions, pxGrid),
		mntSessions,
		records: endpointRecords(context, new ErsNodes(impatient, false)),
		deployment: new URL(ersUrls[0]).hostname,
		ofAllItems: readOnce(),
	};
}

/** An execution runs one operation, so what is kept is always of the type that it asks for. */
function readOnce(): ContainmentClient['ofAllItems'] {
	let known: unknown;
	return <T>(read: () => T) => (known ??= read()) as T;
}

interface Account {
	username: string;
	password: string;
}

function clients(
	baseUrls: string[],
	{ username, password }: Account,
	credential: IseCredential,
	describeError: (response: ApiResponse) => string | undefined,
	retry?: RetryPolicy,
): ApiClient[] {
	const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
	return baseUrls.map((baseUrl) => ({
		product: PRODUCT,
		baseUrl,
		authorize: async () => ({ Authorization: authorization }),
		canRefresh: false,
		describeError,
		retry: retry ?? (baseUrls.length > 1 ? RETRY_BEFORE_FALLBACK : RETRY_ALONE),
		tls: tlsOptions(credential),
	}));
}

function mntAccount(credential: IseCredential): Account {
	if (!credential.separateMntAccount) return credential;
	return { username: credential.mntUsername ?? '', password: credential.mntPassword ?? '' };
}

function tlsOptions(credential: IseCredential): TlsOptions {
	return {
		ca: pemText(credential.caCertificate),
		cert: pemText(credential.clientCertificate),
		key: pemText(credential.clientPrivateKey),
		passphrase: credential.clientKeyPassphrase,
		skipVerification: credential.allowUnauthorizedCerts === true,
	};
}

function urls(texts: (string | undefined)[]): string[] {
	return texts.map((text) => text?.trim().replace(/\/+$/, '') ?? '').filter(Boolean);
}

function onPort443(url: string): string {
	const { protocol, hostname } = new URL(url);
	return `${protocol}//${hostname}`;
}
