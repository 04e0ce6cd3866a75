import { responseError } from '../../shared/errors';
import type { ApiCall, ApiContext, ApiResponse } from '../../shared/http';
import type { NodeGroup } from './nodeGroup';
import { child, parseXml, textOf, type XmlElement } from './xml';

const BASE_PATH = '/admin/API/mnt';

/** The monitoring node says "no such session" with this document, and mostly with status 500. */
const RESULT_ELEMENT = 'mnt-rest-result';
const NOTHING_FOUND = /not available|not found|no (?:active )?session|no data|does not exist/i;

interface MntOptions extends Pick<ApiCall, 'idempotent' | 'itemIndex'> {
	/** Where an answer may be larger than usual. */
	maxMegabytes?: number;
	/** Root elements that the answer may have; any without it. */
	roots?: readonly string[];
}

/**
 * Reads from the monitoring nodes, as in the Cisco ISE API reference guide, "Monitoring REST APIs".
 *
 * @param path below `/admin/API/mnt`
 * @returns `undefined` when the node has no session for what was asked.
 * @throws NodeApiError for every other refusal, and for an answer that is not XML or of another form.
 */
export async function mntGet(
	context: ApiContext,
	mnt: NodeGroup,
	path: string,
	{ maxMegabytes, roots, ...options }: MntOptions = {},
): Promise<XmlElement | undefined> {
	const call: ApiCall = {
		method: 'GET',
		path: BASE_PATH + path,
		headers: { Accept: 'application/xml' },
		accept: [404, 500],
		...options,
	};
	const response = await mnt.send(context, call);
	const refusal = response.status >= 400 ? restResult(response) : undefined;
	if (response.status === 204 || (refusal && saysNothingFound(refusal))) return undefined;
	if (response.status >= 400) throw mntError(context, mnt, call, response, describeMntError(response));
	try {
		return withRoot(parseXml(response.text, maxMegabytes), roots);
	} catch (error) {
		throw mntError(context, mnt, call, response, (error as Error).message);
	}
}

/** A document of another form says nothing about what was asked, and must not pass for an empty answer. */
function withRoot(document: XmlElement, roots?: readonly string[]): XmlElement | undefined {
	if (!roots || roots.some((root) => root in document)) return document;
	if (RESULT_ELEMENT in document && saysNothingFound(child(document, RESULT_ELEMENT))) return undefined;
	throw new Error(`The answer has no ${roots.join(' or ')}`);
}

/** The reason in a `mnt-rest-result`; `undefined` for HTML pages and other answers. */
export function describeMntError(response: ApiResponse): string | undefined {
	const result = restResult(response);
	return result && (textOf(result, 'internal-error-info') ?? textOf(result, 'description'));
}

function saysNothingFound(result: XmlElement): boolean {
	// A real fault comes in the same document; only this text tells them apart.
	const reason = textOf(result, 'internal-error-info');
	return reason === undefined || NOTHING_FOUND.test(reason);
}

function restResult(response: ApiResponse): XmlElement | undefined {
	try {
		const document = parseXml(response.text);
		return RESULT_ELEMENT in document ? child(document, RESULT_ELEMENT) : undefined;
	} catch {
		return undefined;
	}
}

function mntError(
	context: ApiContext,
	mnt: NodeGroup,
	call: ApiCall,
	response: ApiResponse,
	text?: string,
): Error {
	return responseError(context.getNode(), mnt.nodes[0].product, call, response, text);
}
