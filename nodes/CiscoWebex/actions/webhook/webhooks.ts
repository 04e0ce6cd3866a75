import type { IDataObject } from 'n8n-workflow';

/** A webhook as it may be shown: Webex sends its signing secret along. */
export function withoutSecret(webhook: IDataObject): IDataObject {
	const shown = { ...webhook };
	delete shown.secret;
	return shown;
}
