/** One STOMP 1.2 frame. */
export interface StompFrame {
	command: string;
	/** Names are case-sensitive; of a repeated header the first value counts. */
	headers: Record<string, string>;
	body: string;
}

const NUL = 0;
const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;

/** STOMP 1.2: frames of 1.0 clients know no escapes, and these two must be readable for them. */
const WITHOUT_ESCAPES = new Set(['CONNECT', 'CONNECTED']);

const ESCAPES: Record<string, string> = { '\r': '\\r', '\n': '\\n', ':': '\\c', '\\': '\\\\' };
const UNESCAPED: Record<string, string> = { r: '\r', n: '\n', c: ':', '\\': '\\' };

/**
 * The bytes of a frame. A body gets a `content-length`, so that it may hold NUL.
 *
 * @throws Error for a header of CONNECT that would need an escape.
 */
export function encodeFrame({ command, headers, body }: StompFrame): Buffer {
	const content = Buffer.from(body);
	const all = { ...headers, ...(content.length > 0 && { 'content-length': String(content.length) }) };
	const lines = Object.entries(all).map(([name, value]) => headerLine(command, name, value));
	return Buffer.concat([Buffer.from(`${[command, ...lines].join('\n')}\n\n`), content, Buffer.of(NUL)]);
}

/**
 * The frames in a message, in order. Line ends between frames are heartbeats and left out.
 *
 * @throws Error for bytes that are no complete frames.
 */
export function decodeFrames(message: Buffer): StompFrame[] {
	const frames: StompFrame[] = [];
	for (let start = afterLineEnds(message, 0); start < message.length; ) {
		const { frame, end } = decodeFrame(message, start);
		frames.push(frame);
		start = afterLineEnds(message, end);
	}
	return frames;
}

function headerLine(command: string, name: string, value: string): string {
	if (!WITHOUT_ESCAPES.has(command)) return `${escaped(name)}:${escaped(value)}`;
	if (/[\r\n]/.test(name + value) || name.includes(':')) {
		throw new Error(`The header "${name}" of ${command} has a character that can't be sent`);
	}
	return `${name}:${value}`;
}

function decodeFrame(message: Buffer, start: number): { frame: StompFrame; end: number } {
	const { lines, bodyStart } = headOf(message, start);
	const [command, ...headerLines] = lines;
	const headers = readHeaders(command, headerLines);
	const length = headers['content-length'];
	const bodyEnd = length === undefined ? message.indexOf(NUL, bodyStart) : bodyStart + byteCount(length);
	if (bodyEnd < bodyStart || message[bodyEnd] !== NUL) throw new Error('A STOMP frame does not end');
	return {
		frame: { command, headers, body: message.toString('utf8', bodyStart, bodyEnd) },
		end: bodyEnd + 1,
	};
}

/** The lines up to the empty one. */
function headOf(message: Buffer, start: number): { lines: string[]; bodyStart: number } {
	const lines: string[] = [];
	for (let lineStart = start; ; ) {
		const lineEnd = message.indexOf(LINE_FEED, lineStart);
		if (lineEnd < 0) throw new Error('A STOMP frame has no end of its headers');
		const line = message.toString('utf8', lineStart, lineEnd).replace(/\r$/, '');
		lineStart = lineEnd + 1;
		if (line === '' && lines.length > 0) return { lines, bodyStart: lineStart };
		lines.push(line);
	}
}

function readHeaders(command: string, lines: string[]): Record<string, string> {
	const read = WITHOUT_ESCAPES.has(command) ? (text: string) => text : unescaped;
	const headers = new Map<string, string>();
	for (const line of lines) {
		const colon = line.indexOf(':');
		if (colon < 0) throw new Error('A STOMP header has no colon');
		const name = read(line.slice(0, colon));
		if (!headers.has(name)) headers.set(name, read(line.slice(colon + 1)));
	}
	return Object.fromEntries(headers);
}

function byteCount(text: string): number {
	if (!/^\d{1,10}$/.test(text)) throw new Error('The content-length of a STOMP frame is no number');
	return Number(text);
}

function afterLineEnds(message: Buffer, start: number): number {
	let position = start;
	while (message[position] === LINE_FEED || message[position] === CARRIAGE_RETURN) position++;
	return position;
}

function escaped(text: string): string {
	return text.replace(/[\r\n:\\]/g, (character) => ESCAPES[character]);
}

function unescaped(text: string): string {
	return text.replace(/\\(.?)/gs, (_, code: string) => {
		const character = UNESCAPED[code];
		if (character === undefined) throw new Error('A STOMP header has an escape that is not known');
		return character;
	});
}
