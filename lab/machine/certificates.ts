import 'reflect-metadata';
import * as x509 from '@peculiar/x509';
import { webcrypto } from 'node:crypto';

const KEY = { name: 'ECDSA', namedCurve: 'P-256' } as const;
const SIGNATURE = { name: 'ECDSA', hash: 'SHA-256' } as const;
const DAY_MS = 86_400_000;

export interface CertificateAndKey {
	/** PEM. */
	cert: string;
	/** PEM, PKCS#8. */
	key: string;
}

interface LeafRequest {
	commonName: string;
	usage: x509.ExtendedKeyUsage;
	dnsName?: string;
	keys: webcrypto.CryptoKeyPair;
}

/**
 * The lab's certificate authority. Its key exists in memory only, so its certificate is worth nothing once the
 * lab has stopped. Every host's certificate shares one key: making one is then a matter of a millisecond.
 */
export class CertificateAuthority {
	private readonly hosts = new Map<string, Promise<CertificateAndKey>>();

	private constructor(
		readonly certPem: string,
		/** What a client presents to vendors that ask for a certificate. */
		readonly client: CertificateAndKey,
		private readonly issue: (request: LeafRequest) => Promise<CertificateAndKey>,
		private readonly hostKeys: webcrypto.CryptoKeyPair,
	) {}

	static async create(clientName: string): Promise<CertificateAuthority> {
		x509.cryptoProvider.set(webcrypto);
		const keys = await newKeys();
		const ca = await x509.X509CertificateGenerator.createSelfSigned({
			name: 'CN=Lab CA, O=n8n-nodes-cisco-rtc lab',
			keys,
			signingAlgorithm: SIGNATURE,
			...validity(),
			extensions: [
				new x509.BasicConstraintsExtension(true, 0, true),
				new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
				await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
			],
		});
		const issue = issuer(ca, keys.privateKey);
		const client = await issue({
			commonName: clientName,
			usage: x509.ExtendedKeyUsage.clientAuth,
			keys: await newKeys(),
		});
		return new CertificateAuthority(ca.toString('pem'), client, issue, await newKeys());
	}

	/** Server certificate for a host name, made once. */
	async forHost(host: string): Promise<CertificateAndKey> {
		const known = this.hosts.get(host);
		if (known !== undefined) return await known;
		const made = this.issue({
			commonName: host,
			usage: x509.ExtendedKeyUsage.serverAuth,
			dnsName: host,
			keys: this.hostKeys,
		});
		this.hosts.set(host, made);
		return await made;
	}
}

async function newKeys(): Promise<webcrypto.CryptoKeyPair> {
	return (await webcrypto.subtle.generateKey(KEY, true, ['sign', 'verify'])) as webcrypto.CryptoKeyPair;
}

/** Real time, not the lab's, nor that of a test that moves `Date.now`: clients check it against the machine's clock. Backdated for clocks that lag. */
function validity(): { notBefore: Date; notAfter: Date } {
	const nowMs = new Date().getTime();
	return { notBefore: new Date(nowMs - DAY_MS), notAfter: new Date(nowMs + 365 * DAY_MS) };
}

function issuer(ca: x509.X509Certificate, caKey: webcrypto.CryptoKey) {
	return async ({ commonName, usage, dnsName, keys }: LeafRequest): Promise<CertificateAndKey> => {
		const leaf = await x509.X509CertificateGenerator.create({
			subject: `CN=${commonName}`,
			issuer: ca.subject,
			publicKey: keys.publicKey,
			signingKey: caKey,
			signingAlgorithm: SIGNATURE,
			...validity(),
			extensions: [
				new x509.BasicConstraintsExtension(false, undefined, true),
				new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
				new x509.ExtendedKeyUsageExtension([usage]),
				...(dnsName === undefined
					? []
					: [new x509.SubjectAlternativeNameExtension([{ type: 'dns', value: dnsName }])]),
				await x509.AuthorityKeyIdentifierExtension.create(ca.publicKey),
			],
		});
		const key = await webcrypto.subtle.exportKey('pkcs8', keys.privateKey);
		return { cert: leaf.toString('pem'), key: x509.PemConverter.encode(key, 'PRIVATE KEY') };
	};
}
