import type {
	ICredentialDataDecryptedObject,
	ICredentialsDecrypted,
	ICredentialTestFunctions,
	INodeCredentialTestResult,
} from 'n8n-workflow';
import { consoleSettings, type ConsoleCredential } from '../http/settings';

/** Reads the credential as the console will, and says who may sign in or what is wrong. */
export async function testConsole(
	this: ICredentialTestFunctions,
	credential: ICredentialsDecrypted<ICredentialDataDecryptedObject>,
): Promise<INodeCredentialTestResult> {
	try {
		const { users } = consoleSettings((credential.data ?? {}) as unknown as ConsoleCredential);
		return { status: 'OK', message: `Users who may sign in: ${users.size}` };
	} catch (error) {
		return { status: 'Error', message: (error as Error).message };
	}
}
