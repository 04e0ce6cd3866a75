import path from 'node:path';
import {
	ICredentialsHelper,
	NodeHelpers,
	type ICredentialDataDecryptedObject,
	type ICredentialType,
	type ICredentials,
	type IHttpRequestOptions,
	type INodeCredentialsDetails,
	type INodeProperties,
	type IRequestOptionsSimplified,
	type IWorkflowExecuteAdditionalData,
} from 'n8n-workflow';
import ownPackage from '../../package.json';

const root = path.join(__dirname, '../..');

/**
 * In the place of n8n's credential store: one credential per type. Fields that are not given get the defaults of
 * the credential type, as in n8n.
 */
export class EngineCredentials extends ICredentialsHelper {
	constructor(private readonly data: Record<string, Record<string, unknown>>) {
		super();
	}

	async getDecrypted(
		_additionalData: IWorkflowExecuteAdditionalData,
		_credential: INodeCredentialsDetails,
		type: string,
	): Promise<ICredentialDataDecryptedObject> {
		if (!this.data[type]) throw new Error(`The engine test has no credential of type ${type}`);
		const given = this.data[type] as ICredentialDataDecryptedObject;
		const properties = this.getCredentialsProperties(type);
		const filled = NodeHelpers.getNodeParameters(properties, given as never, true, true, null, null);
		return { ...(filled as ICredentialDataDecryptedObject) };
	}

	/** Only n8n's own nodes leave this to n8n; the pack's nodes sign their requests themselves. */
	async authenticate(
		credentials: ICredentialDataDecryptedObject,
		type: string,
		request: IHttpRequestOptions | IRequestOptionsSimplified,
	): Promise<IHttpRequestOptions> {
		if (type === 'virusTotalApi') {
			const headers = { ...request.headers, 'x-apikey': String(credentials.accessToken) };
			return { ...(request as IHttpRequestOptions), headers };
		}
		if (type !== 'serviceNowBasicApi') throw new Error(`The engine test signs no requests for ${type}`);
		const auth = { username: String(credentials.user), password: String(credentials.password) };
		return { ...(request as IHttpRequestOptions), auth };
	}

	getCredentialsProperties(type: string): INodeProperties[] {
		return credentialType(type).properties;
	}

	getParentTypes(): string[] {
		return [];
	}

	isCredentialUsableByNode(): boolean {
		return true;
	}

	async preAuthentication(): Promise<undefined> {
		return undefined;
	}

	async runPreAuthentication(): Promise<undefined> {
		return undefined;
	}

	async getCredentials(): Promise<ICredentials> {
		throw new Error('The engine test stores no credentials');
	}

	async updateCredentials(): Promise<void> {
		throw new Error('The engine test stores no credentials');
	}

	async updateCredentialsOauthTokenData(): Promise<void> {
		throw new Error('The engine test stores no credentials');
	}
}

function credentialType(type: string): ICredentialType {
	const className = type[0].toUpperCase() + type.slice(1);
	const own = ownPackage.n8n.credentials.some((file) => path.basename(file).startsWith(`${className}.`));
	const folder = own ? 'credentials' : 'lab/app/node_modules/n8n-nodes-base/dist/credentials';
	const module = jest.requireActual<Record<string, new () => ICredentialType>>(
		path.join(root, folder, `${className}.credentials`),
	);
	return new module[className]();
}
