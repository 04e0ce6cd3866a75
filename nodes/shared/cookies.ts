/** Headers as n8n's request helper gives them: some values are lists. */
type RawHeaders = Record<string, unknown>;

/**
 * Each `Set-Cookie` header by itself. Node gives them as a list; a proxy may have joined them with commas, which
 * their dates hold too.
 */
export function setCookieHeaders(headers: RawHeaders = {}): string[] {
	const name = Object.keys(headers).find((key) => key.toLowerCase() === 'set-cookie');
	const value = name === undefined ? undefined : headers[name];
	if (Array.isArray(value)) return value.map(String);
	return typeof value === 'string' ? value.split(/,(?=\s*[^\s;,=]+=)/).map((cookie) => cookie.trim()) : [];
}

/** Names and values of cookies, the last value of each name. Cookies that the server takes back are left out. */
export function cookieJar(setCookies: readonly string[] = []): Map<string, string> {
	const jar = new Map<string, string>();
	for (const [name, value] of setCookies.map(nameAndValue)) {
		if (name === '' || value === '') jar.delete(name);
		else jar.set(name, value);
	}
	return jar;
}

/** The `Cookie` header for a jar. */
export const cookieHeader = (jar: ReadonlyMap<string, string>): string =>
	[...jar].map(([name, value]) => `${name}=${value}`).join('; ');

function nameAndValue(setCookie: string): [name: string, value: string] {
	const [pair] = setCookie.split(';');
	const equals = pair.indexOf('=');
	return equals < 0 ? ['', ''] : [pair.slice(0, equals).trim(), pair.slice(equals + 1).trim()];
}
