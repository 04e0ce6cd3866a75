/**
 * Building and refreshing the page. Everything that comes from the lab goes through text nodes and attributes made
 * here; nothing is ever parsed as HTML.
 */

const SVG = 'http://www.w3.org/2000/svg';

/**
 * An element. `on` holds listeners, `class` the class names; other properties become attributes: `true` an empty
 * one, `false` and undefined none.
 */
export function el(tag, properties = {}, ...children) {
	return fill(document.createElement(tag), properties, children);
}

/** The same for SVG. */
export function svg(tag, properties = {}, ...children) {
	return fill(document.createElementNS(SVG, tag), properties, children);
}

function fill(element, { on = {}, ...attributes }, children) {
	for (const [name, value] of Object.entries(attributes)) {
		if (value === false || value === undefined) continue;
		element.setAttribute(name, value === true ? '' : String(value));
	}
	for (const [event, listener] of Object.entries(on)) element.addEventListener(event, listener);
	element.append(
		...children.flat().filter((child) => child !== undefined && child !== null && child !== false),
	);
	return element;
}

/**
 * Makes the children of `container` fit `items`, and leaves alone those whose item has not changed: they keep focus,
 * what was typed into them and what was unfolded. A changed one is built anew, or with `update` brought up to date.
 */
export function sync(container, items, { key, build, update }) {
	const old = new Map([...container.children].map((child) => [child.dataset.key, child]));
	items.forEach((item, index) => {
		const id = String(key(item));
		const version = JSON.stringify(item);
		let child = old.get(id);
		old.delete(id);
		if (child === undefined || child.syncedVersion !== version) {
			child = renewed(child, item, { build, update });
			child.dataset.key = id;
			child.syncedVersion = version;
		}
		if (container.children[index] !== child) container.insertBefore(child, container.children[index] ?? null);
	});
	for (const child of old.values()) child.remove();
}

function renewed(child, item, { build, update }) {
	if (child !== undefined && update !== undefined) {
		update(child, item);
		return child;
	}
	const next = build(item);
	child?.replaceWith(next);
	return next;
}

/** As {@link sync}, with what to do shown while there is nothing. */
export function syncOr(container, items, empty, how) {
	if (items.length > 0) {
		sync(container, items, how);
		return;
	}
	sync(container, [empty], { key: () => 'empty', build: (text) => el('li', { class: 'empty' }, text) });
}

/** Sets a text only when it differs, so that screen readers are not told the same again. */
export function setText(element, text) {
	if (element.textContent !== text) element.textContent = text;
}

const CLOCK = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', second: '2-digit' });

/** A moment as the viewer's clock shows it. */
export function moment(iso) {
	const date = new Date(iso);
	if (Number.isNaN(date.getTime())) return el('span', { class: 'when' }, String(iso));
	return el(
		'time',
		{ class: 'when', datetime: date.toISOString(), title: date.toLocaleString() },
		CLOCK.format(date),
	);
}

/** `3 hosts`, `1 host`. */
export function count(number, one, many = `${one}s`) {
	return `${number.toLocaleString('en')} ${number === 1 ? one : many}`;
}

/** Whether an address may be followed: http and https only, never javascript: and the like. */
export function webAddress(text) {
	if (!URL.canParse(text)) return undefined;
	const { protocol, href } = new URL(text);
	return protocol === 'https:' || protocol === 'http:' ? href : undefined;
}

/** A link that opens in another tab; text where the address is none to follow. */
export function link(address, label, properties = {}) {
	const href = webAddress(address);
	if (href === undefined) return el('span', {}, label);
	return el('a', { ...properties, href, target: '_blank', rel: 'noopener noreferrer' }, label);
}
