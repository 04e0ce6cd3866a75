/**
 * Reads a `multipart/form-data` body. Files become `{ fileName }`; a repeated name becomes a list.
 * @returns undefined when the body doesn't have the form its content type says
 */
export function readMultipart(contentType: string, body: Buffer): Record<string, unknown> | undefined {
	const boundary = /boundary="?([^";]+)"?/i.exec(contentType)?.[1];
	if (!boundary) return undefined;
	const text = body.toString('latin1');
	if (!text.includes(`--${boundary}--`)) return undefined;
	const fields: Record<string, unknown> = {};
	for (const part of text.split(`--${boundary}`).slice(1, -1)) {
		const end = part.indexOf('\r\n\r\n');
		const name = /name="([^"]*)"/i.exec(part.slice(0, end))?.[1];
		if (end < 0 || name === undefined) return undefined;
		const fileName = /filename="([^"]*)"/i.exec(part.slice(0, end))?.[1];
		const content = Buffer.from(part.slice(end + 4).replace(/\r\n$/, ''), 'latin1').toString('utf8');
		const value = fileName === undefined ? content : { fileName };
		fields[name] = name in fields ? [fields[name], value].flat() : value;
	}
	return fields;
}
