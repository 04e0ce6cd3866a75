import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CertificateAuthority } from './machine/certificates';
import { Control } from './machine/control';
import { CLIENT_NAME, Lab } from './machine/lab';
import { Proxy } from './machine/proxy';
import type { VendorFactory } from './machine/vendor';
import { vendorFactories } from './vendors';

export interface LabOptions {
	/** 0 or absent: any free port. */
	proxyPort?: number;
	controlPort?: number;
	/** Where the CA certificate is written; default: a file in the temporary folder, named after the proxy's port. */
	caFile?: string;
	/** Company and chance; default 1. */
	seed?: number;
	/** Default: every vendor that the lab has. */
	vendors?: readonly VendorFactory[];
}

export interface RunningLab {
	/** For `HTTPS_PROXY`. */
	proxyUrl: string;
	controlUrl: string;
	/** For `NODE_EXTRA_CA_CERTS`. */
	caFile: string;
	caPem: string;
	lab: Lab;
	close(): Promise<void>;
}

/** Starts a lab in this process, on 127.0.0.1 only. */
export async function startLab(options: LabOptions = {}): Promise<RunningLab> {
	const ca = await CertificateAuthority.create(CLIENT_NAME);
	const lab = new Lab(options.vendors ?? vendorFactories, ca, options.seed ?? 1);
	const control = new Control(lab);
	const controlUrl = `http://127.0.0.1:${await control.listen(options.controlPort ?? 0)}`;
	const proxy = new Proxy({
		ca,
		vendors: lab.vendors,
		exchange: lab.exchange,
		journal: lab.journal,
		controlUrl,
	});
	const close = async () => {
		lab.close();
		await Promise.all([proxy.close(), control.close()]);
	};
	try {
		const proxyPort = await proxy.listen(options.proxyPort ?? 0);
		const caFile = options.caFile ?? join(tmpdir(), `cisco-rtc-lab-ca-${proxyPort}.pem`);
		await writeFile(caFile, ca.certPem);
		return { proxyUrl: `http://127.0.0.1:${proxyPort}`, controlUrl, caFile, caPem: ca.certPem, lab, close };
	} catch (error) {
		await control.close();
		throw error;
	}
}
