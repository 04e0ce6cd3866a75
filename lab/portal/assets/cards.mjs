import { el, link, webAddress } from './dom.mjs';

/**
 * Adaptive Cards 1.3 as Webex shows them ("Buttons and Cards" guide). `submit` is called with the data of the pressed
 * button merged with what was entered. Pictures from the network are named instead of loaded.
 */
export function renderCard(card, submit) {
	return renderScope(card, { submit });
}

/** A card or the card of an Action.ShowCard, whose inputs are submitted together with those of the card around it. */
function renderScope(card, { submit, parent }) {
	const scope = { submit, parent, inputs: new Map(), controls: [] };
	return el('div', { class: 'card' }, ...renderAll(card.body, scope), ...renderActions(card.actions, scope));
}

/** The scope and those around it, outermost first. */
function chainOf(scope) {
	return scope === undefined ? [] : [...chainOf(scope.parent), scope];
}

function renderAll(elements, scope) {
	return listOf(elements).map((element) => renderElement(element, scope));
}

const RENDERERS = {
	TextBlock: renderText,
	RichTextBlock: ({ inlines, ...block }) =>
		el('p', { class: textClass(block) }, ...listOf(inlines).map(renderRun)),
	FactSet: ({ facts }) =>
		el(
			'dl',
			{ class: 'facts' },
			...listOf(facts).flatMap(({ title, value }) => [
				el('dt', {}, text(title)),
				el('dd', {}, ...inline(value)),
			]),
		),
	Container: (element, scope) =>
		withSelect(
			el('div', { class: `container ${styleClass(element)}` }, ...renderAll(element.items, scope)),
			element,
			scope,
		),
	ColumnSet: (element, scope) =>
		withSelect(
			el(
				'div',
				{ class: `columns ${styleClass(element)}` },
				...listOf(element.columns).map((one) => renderColumn(one, scope)),
			),
			element,
			scope,
		),
	ActionSet: ({ actions }, scope) => el('div', {}, ...renderActions(actions, scope)),
	Image: renderImage,
	ImageSet: ({ images }) => el('div', { class: 'columns' }, ...listOf(images).map(renderImage)),
	'Input.Text': renderTextInput,
	'Input.Number': (element, scope) =>
		renderField(
			element,
			scope,
			el('input', { type: 'number', step: 'any', min: element.min, max: element.max }),
		),
	'Input.Date': (element, scope) =>
		renderField(element, scope, el('input', { type: 'date', min: element.min, max: element.max })),
	'Input.Time': (element, scope) => renderField(element, scope, el('input', { type: 'time' })),
	'Input.Toggle': renderToggle,
	'Input.ChoiceSet': renderChoiceSet,
};

function renderElement(element, scope) {
	const render = RENDERERS[element?.type];
	if (element?.isVisible === false) return '';
	if (render === undefined) return el('p', { class: 'meta' }, `(Webex shows no ${text(element?.type)})`);
	const node = render(element, scope);
	if (element.separator) node.classList.add('separator');
	return node;
}

function listOf(value) {
	return Array.isArray(value) ? value : [];
}

function text(value) {
	return value === undefined || value === null ? '' : String(value);
}

/** Only words of the format become class names. */
function word(value, fallback) {
	return /^[A-Za-z]{1,20}$/.test(text(value)) ? text(value).toLowerCase() : fallback;
}

function styleClass({ style }) {
	return `style-${word(style, 'default')}`;
}

function textClass({ size, weight, color, isSubtle, horizontalAlignment, wrap }) {
	return [
		'text',
		`size-${word(size, 'default')}`,
		`weight-${word(weight, 'default')}`,
		`color-${word(color, 'default')}`,
		`align-${word(horizontalAlignment, 'left')}`,
		isSubtle && 'subtle',
		wrap === false && 'no-wrap',
	]
		.filter(Boolean)
		.join(' ');
}

function renderText(element) {
	return el('p', { class: textClass(element) }, ...inline(element.text));
}

function renderRun(run) {
	if (typeof run === 'string') return run;
	const content =
		run.selectAction?.type === 'Action.OpenUrl' ? link(run.selectAction.url, text(run.text)) : text(run.text);
	return el('span', { class: textClass(run) }, content);
}

const MARKS = /\*\*([^*]+)\*\*|\*([^*\s][^*]*)\*|_([^_\s][^_]*)_|`([^`]+)`|\[([^\]]+)\]\(([^)\s]+)\)|\n/g;

/** The few marks of Markdown that cards and messages know: bold, italics, code, links, line breaks. */
export function inline(value) {
	const source = text(value);
	const nodes = [];
	let end = 0;
	for (const match of source.matchAll(MARKS)) {
		nodes.push(source.slice(end, match.index), markOf(match));
		end = match.index + match[0].length;
	}
	return [...nodes, source.slice(end)];
}

function markOf([, bold, starred, underlined, code, label, address]) {
	if (bold !== undefined) return el('strong', {}, bold);
	if (starred !== undefined || underlined !== undefined) return el('em', {}, starred ?? underlined);
	if (code !== undefined) return el('code', {}, code);
	if (label !== undefined) return link(address, label);
	return el('br');
}

function renderColumn(column, scope) {
	const node = el('div', { class: `column ${styleClass(column)}` }, ...renderAll(column.items, scope));
	const weight = Number(column.width);
	if (column.width === 'auto') node.classList.add('auto');
	else if (/^\d+px$/.test(text(column.width))) node.style.flex = `0 1 ${column.width}`;
	else if (weight > 0) node.style.flexGrow = String(weight);
	return withSelect(node, column, scope);
}

function renderImage({ url, altText }) {
	if (/^data:image\/(png|jpeg|gif|svg\+xml)[;,]/.test(text(url))) {
		return el('img', { src: url, alt: text(altText), class: 'picture' });
	}
	return el('p', { class: 'meta' }, `Picture: ${text(altText) || 'no description'} (${text(url)})`);
}

/** What a whole container does when it is chosen gets a button of its own, so that keyboards reach it. */
function withSelect(node, { selectAction }, scope) {
	if (selectAction !== undefined)
		node.append(...renderActions([{ title: 'Select', ...selectAction }], scope));
	return node;
}

function renderField(element, scope, control) {
	const { id, label, isRequired, placeholder, value } = element;
	if (placeholder !== undefined) control.setAttribute('placeholder', text(placeholder));
	control.required = isRequired === true;
	control.value = text(value);
	scope.inputs.set(id, () => control.value);
	scope.controls.push(control);
	if (label) return el('label', {}, required(label, isRequired), control);
	control.setAttribute('aria-label', text(placeholder) || id);
	return el('div', {}, control);
}

function required(label, isRequired) {
	return el('span', {}, text(label), isRequired === true && ' (required)');
}

function renderTextInput(element, scope) {
	const { isMultiline, maxLength, regex, style } = element;
	const types = { email: 'email', url: 'url', tel: 'tel' };
	const control = isMultiline
		? el('textarea', { rows: 3, maxlength: maxLength })
		: el('input', { type: types[word(style, '')] ?? 'text', maxlength: maxLength, pattern: regex });
	return renderField(element, scope, control);
}

function renderToggle({ id, title, label, value, valueOn = 'true', valueOff = 'false', isRequired }, scope) {
	const box = el('input', {
		type: 'checkbox',
		checked: text(value) === valueOn,
		required: isRequired === true,
	});
	scope.inputs.set(id, () => (box.checked ? valueOn : valueOff));
	scope.controls.push(box);
	return el('label', { class: 'check' }, box, required(title || label, isRequired));
}

function renderChoiceSet(element, scope) {
	if (element.isMultiSelect || word(element.style, 'compact') === 'expanded')
		return renderChoices(element, scope);
	const { choices, placeholder, value } = element;
	const select = el(
		'select',
		{},
		el('option', { value: '' }, text(placeholder) || 'Choose…'),
		...listOf(choices).map((choice) => el('option', { value: choice.value }, text(choice.title))),
	);
	return renderField({ ...element, placeholder: undefined, value: text(value) }, scope, select);
}

/** Radio buttons, or boxes to tick whose values are sent joined by commas. */
function renderChoices({ id, label, choices, value, isMultiSelect, isRequired }, scope) {
	const chosen = text(value).split(',');
	const group = el('fieldset', {}, el('legend', {}, required(label || id, isRequired)));
	const name = `${id}-${crypto.randomUUID()}`;
	const boxes = listOf(choices).map((choice) => {
		const properties = { name, value: choice.value, checked: chosen.includes(text(choice.value)) };
		return [
			el('input', {
				type: isMultiSelect ? 'checkbox' : 'radio',
				required: isRequired === true && !isMultiSelect,
				...properties,
			}),
			choice,
		];
	});
	group.append(...boxes.map(([box, choice]) => el('label', { class: 'check' }, box, text(choice.title))));
	scope.controls.push(...boxes.map(([box]) => box));
	scope.inputs.set(id, () =>
		boxes
			.filter(([box]) => box.checked)
			.map(([box]) => box.value)
			.join(','),
	);
	return group;
}

function renderActions(actions, scope) {
	const list = listOf(actions);
	if (list.length === 0) return [];
	const buttons = el('div', { class: 'row buttons' });
	const folded = [];
	for (const action of list) buttons.append(renderAction(action, scope, folded));
	return [buttons, ...folded];
}

function renderAction(action, scope, folded) {
	if (action.type === 'Action.OpenUrl') return renderOpenUrl(action);
	if (action.type === 'Action.ShowCard') return renderShowCard(action, scope, folded);
	const press = () => {
		const scopes = chainOf(scope);
		if (!scopes.flatMap(({ controls }) => controls).every((control) => control.reportValidity())) return;
		const entered = Object.fromEntries(
			scopes.flatMap(({ inputs }) => [...inputs].map(([id, read]) => [id, read()])),
		);
		const data = typeof action.data === 'object' && action.data !== null ? action.data : {};
		scope.submit({ ...data, ...entered }, text(action.title));
	};
	return el(
		'button',
		{ type: 'button', class: buttonClass(action), on: { click: press } },
		text(action.title) || 'Submit',
	);
}

function buttonClass({ style }) {
	return { positive: 'primary', destructive: 'danger' }[word(style, '')] ?? '';
}

function renderOpenUrl({ url, title }) {
	const label = text(title) || text(url);
	if (webAddress(url) === undefined) return el('span', { class: 'meta' }, `${label} (no web address)`);
	return link(url, label, { class: 'button' });
}

function renderShowCard({ title, card }, scope, folded) {
	const inner = renderScope(card ?? {}, { submit: scope.submit, parent: scope });
	inner.hidden = true;
	folded.push(inner);
	const button = el('button', { type: 'button', 'aria-expanded': 'false' }, text(title) || 'More');
	button.addEventListener('click', () => {
		inner.hidden = !inner.hidden;
		button.setAttribute('aria-expanded', String(!inner.hidden));
	});
	return button;
}
