import { XMLParser, XMLValidator } from '../vendor/xml';

/** An element: text for a leaf, otherwise its children by name; repeated children become an array. */
export type XmlValue = string | XmlElement | XmlValue[];
export interface XmlElement {
	[name: string]: XmlValue;
}

const MEGABYTE = 1024 * 1024;
const MAX_MEGABYTES = 10;

const PREDEFINED: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

const parser = new XMLParser({
	ignoreAttributes: true,
	removeNSPrefix: true,
	parseTagValue: false,
	// A document type could define entities that grow without end; without one only these few exist.
	processEntities: false,
	tagValueProcessor: (_name, value) => decodeEntities(value),
	isArray: (name) => name === 'activeSession',
});

/**
 * Reads an answer of the monitoring node. Values stay text: identifiers and numbers keep their digits.
 * Attributes are left out, namespace prefixes are dropped.
 *
 * @throws Error when the text is larger than `maxMegabytes`, has a document type declaration, or is not XML.
 */
export function parseXml(text: string, maxMegabytes = MAX_MEGABYTES): XmlElement {
	if (text.length > maxMegabytes * MEGABYTE) throw new Error(`The answer is larger than ${maxMegabytes} MB`);
	if (/<!DOCTYPE/i.test(text))
		throw new Error('The answer has a document type declaration, which is refused');
	const read = parsed(text);
	if (!read) throw new Error('The answer is not valid XML');
	return read;
}

/** The validator lets some through that the parser refuses, e.g. CDATA without an end. */
function parsed(text: string): XmlElement | undefined {
	try {
		return XMLValidator.validate(text) === true ? (parser.parse(text) as XmlElement) : undefined;
	} catch {
		return undefined;
	}
}

/** The child element of that name; an empty element where there is none. */
export function child(element: XmlElement, name: string): XmlElement {
	const value = first(element[name]);
	return typeof value === 'object' && !Array.isArray(value) ? value : {};
}

/** The text of a leaf, `undefined` when it is missing or empty. */
export function textOf(element: XmlElement, name: string): string | undefined {
	const value = first(element[name]);
	return typeof value === 'string' && value !== '' ? value : undefined;
}

/** Every text below a value, in document order. */
export function textsIn(value: XmlValue | undefined): string[] {
	if (value === undefined || value === '') return [];
	if (typeof value === 'string') return [value];
	return Object.values(value).flatMap((inner) => textsIn(inner));
}

function first(value: XmlValue | undefined): XmlValue | undefined {
	return Array.isArray(value) ? value[0] : value;
}

function decodeEntities(text: string): string {
	return text.replace(
		/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|(amp|lt|gt|quot|apos));/gi,
		(whole, decimal, hex, name) => {
			if (name) return PREDEFINED[name] ?? whole;
			const codePoint = decimal ? Number(decimal) : parseInt(hex, 16);
			return codePoint <= 0x10ffff ? String.fromCodePoint(codePoint) : whole;
		},
	);
}
