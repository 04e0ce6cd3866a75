import { misuse } from '../shared/refusal';
import { PEOPLE } from './model';

/** Webex' limit for text and for markdown, in bytes of UTF-8 before encryption. */
export const MAX_TEXT_BYTES = 7439;

/** 400 when a text is longer than Webex takes. */
export function checkLength(name: string, text: string | undefined): void {
	const bytes = Buffer.byteLength(text ?? '');
	if (bytes <= MAX_TEXT_BYTES) return;
	throw misuse(400, `Message length limited to ${MAX_TEXT_BYTES} bytes: ${name} has ${bytes}`);
}

/** What Webex makes of markdown: plain text, HTML, and who is mentioned. */
export function renderMarkdown(markdown: string) {
	const mentionedPeople: string[] = [];
	let everybody = false;
	const named = markdown.replace(
		/<@(personEmail|personId):([^|>]+)(?:\|([^>]*))?>|<@all>/g,
		(whole, kind: string | undefined, value: string, label: string | undefined) => {
			if (!kind) {
				everybody = true;
				return 'All';
			}
			const person = PEOPLE.find(({ id, email }) => value === (kind === 'personId' ? id : email));
			if (!person) return whole;
			mentionedPeople.push(person.id);
			return label ?? person.displayName;
		},
	);
	const text = named
		.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
		.replace(/[*_`#]+/g, '')
		.trim();
	return {
		text,
		html: `<p>${escapeHtml(named)}</p>`,
		...(mentionedPeople.length > 0 ? { mentionedPeople } : {}),
		...(everybody ? { mentionedGroups: ['all'] } : {}),
	};
}

function escapeHtml(text: string): string {
	return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
