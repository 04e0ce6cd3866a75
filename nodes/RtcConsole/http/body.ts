import type { Readable } from 'node:stream';

/** A form with a policy in it fits; nothing else is that long. */
export const MAX_BODY_BYTES = 64 * 1024;
/** Time for a whole body to arrive. */
export const MAX_BODY_MS = 10_000;

export type BodyResult = { text: string } | { status: 400 | 408 | 413 };

/** Reads a body as far as it is allowed to be long, in size and in time. What is left of it is not read. */
export async function readBody(
	stream: Readable,
	announced: string | undefined,
	{ maxBytes = MAX_BODY_BYTES, maxMs = MAX_BODY_MS }: { maxBytes?: number; maxMs?: number } = {},
): Promise<BodyResult> {
	if (announced !== undefined && Number(announced) > maxBytes) return { status: 413 };
	return await new Promise((resolve) => {
		const chunks: Buffer[] = [];
		let bytes = 0;
		const settle = (result: BodyResult) => {
			clearTimeout(timer);
			stream.off('data', onData).off('end', onEnd).off('error', onGone).off('close', onGone);
			if (!('text' in result)) stream.pause();
			resolve(result);
		};
		const onData = (chunk: Buffer) => {
			bytes += chunk.length;
			if (bytes > maxBytes) settle({ status: 413 });
			else chunks.push(chunk);
		};
		const onEnd = () => settle({ text: Buffer.concat(chunks).toString('utf8') });
		const onGone = () => settle({ status: 400 });
		const timer = setTimeout(() => settle({ status: 408 }), maxMs);
		stream.on('data', onData).on('end', onEnd).on('error', onGone).on('close', onGone);
	});
}
