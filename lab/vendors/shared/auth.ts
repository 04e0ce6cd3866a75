import type { LabRequest } from '../../machine/vendor';

/** User and password of an `Authorization: Basic` header, or undefined when there is none that can be read. */
export function basicCredentials(request: LabRequest): { user: string; password: string } | undefined {
	const match = /^Basic\s+([A-Za-z0-9+/=_-]+)$/i.exec(request.headers.authorization ?? '');
	if (!match) return undefined;
	const text = Buffer.from(match[1], 'base64').toString('utf8');
	const colon = text.indexOf(':');
	return colon < 0 ? undefined : { user: text.slice(0, colon), password: text.slice(colon + 1) };
}

/** Token of an `Authorization: Bearer` header, or undefined. */
export function bearerToken(request: LabRequest): string | undefined {
	return /^Bearer\s+(\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
}
