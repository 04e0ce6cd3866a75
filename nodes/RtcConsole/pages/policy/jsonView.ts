import { html, type Markup } from '../../view/html';
import { section } from '../../view/components';
import type { PageContext } from '../page';
import type { Draft } from './draft';
import { stepButton } from './editView';

/** JSON with an element of a list per line: as easy to read as it is short, as a form can't be of any length. */
export function policyText(draft: Draft): string {
	const list = (elements: readonly unknown[]) => (elements.length === 0 ? '[]' : `[\n${elements.map((element) => `    ${JSON.stringify(element)}`).join(',\n')}\n  ]`);
	const members = Object.entries(draft).map(([name, value]) => `  ${JSON.stringify(name)}: ${Array.isArray(value) ? list(value) : JSON.stringify(value)}`);
	return `{\n${members.join(',\n')}\n}`;
}

/** The policy as text, for those who paste it, and for what the form does not show. */
export function jsonForm(context: PageContext, base: number, text: string, message?: Markup): Markup {
	const body = html`${message}
<label class="field wide"><span>Policy as JSON</span><textarea name="json" rows="30" spellcheck="false">
${text}</textarea></label>
<div class="actions">${stepButton(context, 'review', 'Review changes', '')}${stepButton(context, 'edit', 'Edit in the form')}</div>`;
	return section('JSON', context.form('updatePolicy', String(base), { body }));
}
