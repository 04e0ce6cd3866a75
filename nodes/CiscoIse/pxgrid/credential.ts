import type { TlsOptions } from '../../shared/http';
import { accountKey } from '../../shared/processState';
import { pemText } from '../transport/pem';

/** Name of the credential type. */
export const PXGRID_CREDENTIAL = 'ciscoRtcPxGridApi';

/** Fields of the credential `ciscoRtcPxGridApi`. */
export interface PxGridCredential {
	/** One or several, separated by commas, e.g. `https://ise.example.com:8910`. */
	nodeUrls: string;
	nodeName: string;
	authentication?: 'certificate' | 'password';
	clientCertificate?: string;
	clientPrivateKey?: string;
	clientKeyPassphrase?: string;
	password?: string;
	caCertificate?: string;
	allowUnauthorizedCerts?: boolean;
}

const DEFAULT_PORT = '8910';

/**
 * The controllers, without trailing slashes.
 *
 * @throws Error for text that is no host name or https address, and when there is none.
 */
export function controllerUrls({ nodeUrls }: PxGridCredential): string[] {
	const urls = nodeUrls
		.split(/[\s,;]+/)
		.filter(Boolean)
		.map(controllerUrl);
	if (urls.length > 0) return [...new Set(urls)];
	throw new Error('The field "Node URLs" of the pxGrid credential is empty');
}

function controllerUrl(text: string): string {
	const address = text.includes('://') ? text : `https://${text}`;
	if (!URL.canParse(address) || new URL(address).protocol !== 'https:') {
		throw new Error(
			`"${text}" in the field "Node URLs" of the pxGrid credential is no address like https://ise.example.com:8910`,
		);
	}
	const { hostname, port } = new URL(address);
	return `https://${hostname}:${port || DEFAULT_PORT}`;
}

/** Client certificate and trust, for every connection to pxGrid. */
export function pxGridTls(credential: PxGridCredential): TlsOptions {
	const withCertificate = credential.authentication !== 'password';
	return {
		ca: pemText(credential.caCertificate),
		...(withCertificate && {
			cert: pemText(credential.clientCertificate),
			key: pemText(credential.clientPrivateKey),
			passphrase: credential.clientKeyPassphrase,
		}),
		skipVerification: credential.allowUnauthorizedCerts,
	};
}

/** `Authorization` for the controllers: with a certificate the password is empty. */
export function controllerAuthorization(credential: PxGridCredential): Record<string, string> {
	const password = credential.authentication === 'password' ? (credential.password ?? '') : '';
	return basicAuthorization(credential.nodeName, password);
}

export function basicAuthorization(nodeName: string, password: string): Record<string, string> {
	return { Authorization: `Basic ${Buffer.from(`${nodeName}:${password}`).toString('base64')}` };
}

/** Key of what this account learnt from pxGrid and is kept in the process. */
export function pxGridKey(credential: PxGridCredential, ...what: string[]): string {
	const { nodeUrls, nodeName, authentication, password, clientCertificate } = credential;
	return accountKey('pxGrid', nodeUrls, nodeName, authentication, password, clientCertificate, ...what);
}
