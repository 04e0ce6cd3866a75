/**
 * PEM text with its line breaks: fields of one line turn them into spaces, copies from JSON into `\n`.
 *
 * @returns `undefined` for an empty field.
 */
export function pemText(text: string | undefined): string | undefined {
	if (!text?.trim()) return undefined;
	return text
		.replace(/\\n/g, '\n')
		.replace(
			/(-----BEGIN [^-]+-----)([^-]*)(-----END [^-]+-----)\s*/g,
			(_, begin: string, body: string, end: string) =>
				`${begin}\n${body.trim().replace(/\s+/g, '\n')}\n${end}\n`,
		);
}
