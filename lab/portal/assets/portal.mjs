import { count, el, setText, syncOr } from './dom.mjs';
import { createNetwork, reportRow, showHost } from './network.mjs';
import { createTimeline } from './timeline.mjs';
import { createRoom, showFaults, showJournal, showVendors } from './vendors.mjs';

const POLL_MS = 1_500;
const SAID_MS = 8_000;

const byId = (id) => document.getElementById(id);
const page = { overview: undefined, host: undefined, saidTimer: undefined };

/** One call to the control port; throws with the lab's own words when it refuses. */
async function call(method, path, body) {
	const request =
		method === 'GET'
			? {}
			: { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body ?? {}) };
	const response = await fetch(path, { method, ...request });
	const answer = await response.json();
	if (!response.ok) throw new Error(answer.error ?? `The lab answered ${response.status}`);
	return answer;
}

/** Tells what came of something that the viewer did. */
function say(text, failed = false) {
	const said = byId('said');
	said.classList.toggle('failed', failed);
	setText(said, text);
	clearTimeout(page.saidTimer);
	page.saidTimer = setTimeout(() => setText(said, ''), SAID_MS);
}

/** Does something, says so or why not, and shows what has changed. */
async function act(work, done) {
	try {
		const answer = await work();
		say(typeof done === 'function' ? done(answer) : done);
	} catch (error) {
		say(error.message, true);
	}
	await refresh();
}

const showNetwork = createNetwork((id) => void openHost(id));
const showTimeline = createTimeline((id) => void openHost(id));
const showRoom = createRoom((press, title) =>
	act(
		() => call('POST', '/_lab/press', press),
		`${press.personEmail} pressed “${title}”. Webex tells the bot.`,
	),
);

async function refresh() {
	try {
		const [overview, received, { faults }] = await Promise.all([
			call('GET', '/_lab/overview'),
			call('GET', '/_lab/received'),
			call('GET', '/_lab/fault'),
		]);
		page.overview = overview;
		byId('offline').hidden = true;
		showNetwork(overview);
		showTimeline(overview.timeline);
		showProgress(overview.scenario);
		showReports(overview);
		showCalls();
		showRoom(received.webex);
		showVendors(received);
		showFaults(faults, overview.vendorTitles);
		if (byId('host').open) await refreshHost();
	} catch (error) {
		byId('offline').hidden = false;
		setText(
			byId('offline'),
			`The lab does not answer (${error.message}). Start it again with npm run lab; this page keeps trying.`,
		);
	}
}

/** Asks again and again, but not while nobody looks. */
async function follow() {
	for (;;) {
		if (!document.hidden) await refresh();
		await new Promise((resolve) => setTimeout(resolve, POLL_MS));
	}
}

function showCalls() {
	if (page.overview === undefined) return;
	showJournal(page.overview.journal, page.overview.vendorTitles, byId('violations-only').checked);
}

function showReports({ reports, vendorTitles }) {
	syncOr(byId('reports'), reports, 'Nothing detected yet. Choose a scenario and start it.', {
		key: ({ seq }) => seq,
		build: (report) => reportRow(report, vendorTitles),
	});
}

const STATE_WORDS = { idle: 'Nothing plays', running: 'Plays', finished: 'Is over', stopped: 'Was stopped' };

function showProgress(scenario) {
	const {
		state,
		title,
		seed,
		speed,
		elapsedMs,
		durationMs,
		emitted,
		total,
		containment,
		expectation,
		failures = [],
	} = scenario;
	byId('stop').disabled = state !== 'running';
	const box = byId('progress');
	if (state === 'idle') {
		box.replaceChildren(el('p', { class: 'empty' }, 'Nothing plays. Choose a scenario below and start it.'));
		return;
	}
	const seconds = (ms) => `${Math.round(ms / 1000)} s`;
	const part = Math.min(1, elapsedMs / durationMs);
	box.replaceChildren(
		el('p', {}, el('span', { class: `tag run-${state}` }, STATE_WORDS[state]), ' ', el('strong', {}, title)),
		el('progress', { max: 1, value: part, 'aria-label': 'Progress of the attack' }),
		el(
			'p',
			{ class: 'meta' },
			`${seconds(Math.min(elapsedMs, durationMs))} of ${seconds(durationMs)}, ${emitted} of ${count(total, 'event')}, seed ${seed}, speed ${speed}`,
		),
		el('p', {}, el('strong', {}, 'Expected: '), expectation),
		el('p', {}, el('strong', {}, 'So far: '), containmentInWords(containment)),
		...failures.map((failure) => el('p', { class: 'bad' }, `The lab could not play: ${failure}`)),
	);
}

function containmentInWords({ wanted, done, wrong }) {
	const right =
		wanted === 0 ? 'nobody must be contained' : `${done} of ${count(wanted, 'host')} that must be contained`;
	return `${right}, ${wrong === 0 ? 'nobody by mistake' : `${count(wrong, 'host')} by mistake`}`;
}

async function openHost(id) {
	page.host = id;
	try {
		await refreshHost();
		byId('host').showModal();
	} catch (error) {
		say(error.message, true);
	}
}

async function refreshHost() {
	const detail = await call('GET', `/_lab/host?id=${page.host}`);
	showHost(detail, page.overview.vendorTitles);
}

/** Shows the parts of a form that belong to what is chosen in it. */
function showFitting(selector, fits) {
	for (const part of document.querySelectorAll(selector)) {
		part.hidden = !fits(part);
		for (const control of part.querySelectorAll('input')) control.disabled = part.hidden;
	}
}

function chooseStory() {
	const chosen = byId('start').elements.name.value;
	showFitting('.story', (story) => story.dataset.scenario === chosen);
}

function chooseFaultKind() {
	const chosen = byId('add-fault').elements.kind.value;
	showFitting('#add-fault [data-kinds]', (field) => field.dataset.kinds.split(' ').includes(chosen));
}

/** Entered values of a form by name; numbers as numbers, empty and disabled fields left out. */
function readForm(form) {
	const controls = [...form.elements].filter(({ name, disabled }) => name && !disabled);
	const values = controls.map((control) => [control.name, valueOf(control)]);
	return Object.fromEntries(values.filter(([, value]) => value !== undefined));
}

function valueOf({ type, checked, value }) {
	if (type === 'checkbox') return checked || undefined;
	if (value === '') return undefined;
	return type === 'number' ? Number(value) : value;
}

byId('start').addEventListener('submit', (event) => {
	event.preventDefault();
	const started = ({ name, total }) => `${name} has started: ${count(total, 'event')} will happen.`;
	void act(() => call('POST', '/_lab/scenario', readForm(event.target)), started);
});
byId('start').elements.name.addEventListener('change', chooseStory);
byId('stop').addEventListener(
	'click',
	() => void act(() => call('DELETE', '/_lab/scenario'), 'The attack is stopped.'),
);
byId('reset').addEventListener('click', () => byId('confirm-reset').showModal());
byId('confirm-reset').addEventListener('close', ({ target }) => {
	const { returnValue } = target;
	target.returnValue = '';
	if (returnValue === 'reset') void act(() => call('POST', '/_lab/reset'), 'The lab is as new.');
});
byId('add-fault').addEventListener('submit', (event) => {
	event.preventDefault();
	const added = ({ vendor }) => `The fault is in force at ${page.overview.vendorTitles[vendor] ?? vendor}.`;
	void act(() => call('POST', '/_lab/fault', readForm(event.target)), added);
});
byId('add-fault').elements.kind.addEventListener('change', chooseFaultKind);
byId('clear-faults').addEventListener(
	'click',
	() => void act(() => call('DELETE', '/_lab/fault'), 'All faults are over.'),
);
byId('violations-only').addEventListener('change', showCalls);

chooseStory();
chooseFaultKind();
void follow();
