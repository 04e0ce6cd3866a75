import { count, el, setText, syncOr } from './dom.mjs';
import { icon } from './icons.mjs';

const WORDS = {
	healthy: 'healthy',
	detections: 'detected',
	infected: 'infected',
	isolated: 'isolated',
	waiting: 'quarantine waits',
	quarantined: 'quarantined',
};
const EMPTY =
	'Every host has been healthy so far. Start an attack, and each host that it touches gets a line here.';
/** Narrower parts of a line show their colour and pattern only; the line's text says the rest. */
const WIDE_ENOUGH = 0.12;

/** Lines of host states. `open` is called with the id of a chosen host. */
export function createTimeline(open) {
	const lanes = document.getElementById('lanes');
	lanes.addEventListener('click', ({ target }) => {
		const button = target.closest('button');
		if (button) open(Number(button.dataset.host));
	});
	return ({ from, until, lanes: list, more }) => {
		const start = Date.parse(from);
		const span = Math.max(1_000, Date.parse(until) - start);
		syncOr(
			lanes,
			list.map((lane) => ({ ...lane, parts: partsOf(lane, start, span) })),
			EMPTY,
			{ key: ({ id }) => id, build: buildLane, update: updateLane },
		);
		setText(document.getElementById('timeline-meta'), `the last ${duration(span)}`);
		const axis = document.getElementById('axis');
		axis.hidden = list.length === 0;
		axis.replaceChildren(el('span', {}, 'start'), el('span', {}, duration(span / 2)), el('span', {}, 'now'));
		const others = document.getElementById('lanes-more');
		others.hidden = more === 0;
		setText(others, `${count(more, 'further host')} changed as well. See “Network”.`);
	};
}

/** `1 min 20 s`. */
function duration(ms) {
	const seconds = Math.round(ms / 1000);
	if (seconds < 60) return `${seconds} s`;
	if (seconds < 3_600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
	return `${Math.floor(seconds / 3_600)} h ${Math.floor((seconds % 3_600) / 60)} min`;
}

function partsOf({ changes }, start, span) {
	return changes.map(({ at, state }, index) => {
		const begin = Date.parse(at) - start;
		const end = index + 1 < changes.length ? Date.parse(changes[index + 1].at) - start : span;
		return { state, begin, share: Math.max(0, end - begin) / span };
	});
}

/** What became of the host, in words: the picture says nothing that this does not. */
function outcome(parts) {
	const { state, begin } = parts.at(-1);
	const first = parts.find((part) => part.state === 'quarantined');
	if (state === 'quarantined') return `Quarantined after ${duration(first.begin)}`;
	if (first !== undefined) return `${sentence(WORDS[state])} since ${duration(begin)}, was quarantined`;
	return begin === 0
		? `${sentence(WORDS[state])} from the start`
		: `${sentence(WORDS[state])} after ${duration(begin)}`;
}

function sentence(text) {
	return text.replace(/^./, (first) => first.toUpperCase());
}

function buildLane(lane) {
	const item = el(
		'li',
		{ class: 'lane' },
		el('button', { type: 'button', class: 'lane-name', 'data-host': lane.id }, lane.name),
		el('div', { class: 'bar', 'aria-hidden': 'true' }),
		el('p', { class: 'outcome' }, icon('healthy'), el('span')),
	);
	updateLane(item, lane);
	return item;
}

function updateLane(item, { parts }) {
	const { state } = parts.at(-1);
	item.querySelector('.bar').replaceChildren(...parts.map(buildPart));
	const words = item.querySelector('.outcome');
	words.className = `outcome state-${state}`;
	words.firstElementChild.replaceWith(icon(state));
	setText(words.lastElementChild, outcome(parts));
}

function buildPart({ state, share, begin }) {
	const part = el('span', { class: `part state-${state}`, title: `${WORDS[state]} from ${duration(begin)}` });
	part.style.flexGrow = String(share);
	if (share >= WIDE_ENOUGH) part.append(icon(state), el('span', { class: 'word' }, WORDS[state]));
	return part;
}
