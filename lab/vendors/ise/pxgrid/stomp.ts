/** A frame of STOMP 1.2. */
export interface StompFrame {
	command: string;
	headers: Record<string, string>;
	body: Buffer;
}

const NUL = 0;
const LF = 10;

/** Commands whose header values are taken as they are, without escapes. */
const UNESCAPED = ['CONNECT', 'CONNECTED'];

const ESCAPES: Record<string, string> = { '\\r': '\r', '\\n': '\n', '\\c': ':', '\\\\': '\\' };

/**
 * The frame in a message; undefined for a heart-beat (line ends only). A header repeated counts as first given.
 * Throws an Error that says what is wrong.
 */
export function parseFrame(message: Buffer): StompFrame | undefined {
	if (message.every((byte) => byte === LF || byte === 13)) return undefined;
	const end = endOfHeaders(message);
	const lines = message.subarray(0, end).toString('utf8').split(/\r?\n/);
	const [command, ...headerLines] = lines.slice(0, -2);
	const headers: Record<string, string> = {};
	for (const line of headerLines) {
		const colon = line.indexOf(':');
		if (colon < 1) throw new Error(`header line without colon: ${line}`);
		const name = unescaped(line.slice(0, colon), command);
		headers[name] ??= unescaped(line.slice(colon + 1), command);
	}
	return { command, headers, body: bodyOf(message.subarray(end), headers['content-length']) };
}

/** Index after the empty line that ends the headers. */
function endOfHeaders(message: Buffer): number {
	const ends = ['\n\n', '\n\r\n']
		.map((blank) => ({ at: message.indexOf(blank), length: blank.length }))
		.filter(({ at }) => at >= 0)
		.map(({ at, length }) => at + length);
	if (ends.length === 0) throw new Error('no empty line after the headers');
	return Math.min(...ends);
}

function bodyOf(rest: Buffer, contentLength: string | undefined): Buffer {
	if (contentLength !== undefined && !/^\d+$/.test(contentLength))
		throw new Error('malformed content-length');
	const length = contentLength === undefined ? rest.indexOf(NUL) : Number(contentLength);
	if (length < 0 || rest[length] !== NUL) throw new Error('no NUL after the body');
	if (!rest.subarray(length + 1).every((byte) => byte === LF || byte === 13)) {
		throw new Error('more than one frame in a message');
	}
	return rest.subarray(0, length);
}

function unescaped(text: string, command: string): string {
	if (UNESCAPED.includes(command)) return text;
	return text.replace(/\\./g, (escape) => {
		const plain = ESCAPES[escape];
		if (plain === undefined) throw new Error(`undefined escape ${escape} in a header`);
		return plain;
	});
}

/**
 * A frame as ISE writes it. Values with a colon are not escaped, although STOMP 1.2 asks for it: clients have to
 * cut a header line at its first colon only.
 */
export function writeFrame(command: string, headers: Record<string, string>, body = ''): Buffer {
	const lines = Object.entries(headers).map(([name, value]) => `${name}:${value}\n`);
	return Buffer.from(`${command}\n${lines.join('')}\n${body}\0`);
}
