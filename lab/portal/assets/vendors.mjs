import { inline, renderCard } from './cards.mjs';
import { count, el, link, moment, setText, sync, syncOr } from './dom.mjs';
import { icon } from './icons.mjs';

const ISOLATION = {
	pending_start: 'Isolation starts',
	isolated: 'Isolated',
	pending_stop: 'Isolation ends',
	not_isolated: 'Not isolated any more',
};

/** The Webex room. `press` is called with what a person enters into a card. */
export function createRoom(press) {
	const room = document.getElementById('room');
	const person = document.getElementById('person');
	let latest;
	const show = () => {
		const { rooms, messages, total } = latest;
		const chosen = rooms.find(({ id }) => id === room.value) ?? rooms[0];
		const people = (chosen?.members ?? []).filter(({ type }) => type === 'person');
		sync(person, people, {
			key: ({ email }) => email,
			build: ({ email, name }) => el('option', { value: email }, `${name} (${email})`),
		});
		const names = new Map(rooms.flatMap(({ members }) => members.map((one) => [one.email, one])));
		const shown = messages
			.filter(({ roomId }) => roomId === chosen?.id)
			.map((message) => ({
				...message,
				author: names.get(message.personEmail),
				pressers: message.presses.map(({ personEmail }) => names.get(personEmail)?.name ?? personEmail),
			}));
		const send = (messageId) => (inputs, title) =>
			press({ messageId, personEmail: person.value, inputs }, title);
		syncOr(document.getElementById('messages'), shown, EMPTY.messages, {
			key: ({ id }) => id,
			build: (message) => buildMessage(message, send(message.id)),
		});
		setText(
			document.getElementById('webex-meta'),
			total > messages.length ? `newest ${messages.length} of ${total} messages` : count(total, 'message'),
		);
	};
	room.addEventListener('change', show);
	return (webex) => {
		latest = webex;
		sync(
			room,
			webex.rooms.map(({ id, title }) => ({ id, title })),
			{
				key: ({ id }) => id,
				build: ({ id, title }) => el('option', { value: id }, title),
			},
		);
		show();
	};
}

const EMPTY = {
	messages: 'No messages yet. Start an attack: once n8n has contained a host, its card appears here.',
	tickets: 'No incidents yet. The workflows open one for each contained host.',
	bindings: 'No host is quarantined. ISE lists a host here once an ANC policy is applied to it.',
	isolations: 'No connector is isolated.',
	lists: 'Umbrella is not played by this lab.',
	faults: 'Every vendor behaves. Add a fault to see how n8n copes.',
	calls: 'No calls yet. Point n8n at the lab: see “Start it” in lab/README.md.',
	violations: 'No call has broken a rule of its vendor.',
};

function buildMessage(
	{ author, personEmail, created, edits, parentId, files, attachments, markdown, text, presses, pressers },
	submit,
) {
	const card = attachments?.[0]?.content;
	const body =
		card === undefined
			? el('p', { class: 'text' }, ...inline(withNames(markdown ?? text ?? '')))
			: renderCard(card, submit);
	return el(
		'li',
		{ class: parentId === undefined ? 'message' : 'message reply' },
		el(
			'p',
			{ class: 'by' },
			el('strong', {}, author?.name ?? personEmail),
			author?.type === 'bot' && el('span', { class: 'tag' }, 'Bot'),
			moment(created),
			edits > 0 && el('span', { class: 'meta' }, 'edited'),
			parentId !== undefined && el('span', { class: 'meta' }, 'reply'),
		),
		body,
		...(files ?? []).map((file) => el('p', {}, link(file, file))),
		...presses.map((one, index) => pressRow(one, pressers[index])),
	);
}

/** Webex writes mentions as `<@personEmail:…|Name>`. */
function withNames(markdown) {
	return markdown
		.replace(/<@all>/g, '**@All**')
		.replace(/<@person(?:Email|Id):([^|>]+)(?:\|([^>]*))?>/g, (_whole, id, name) => `**@${name ?? id}**`);
}

function pressRow({ created, inputs }, name) {
	return el(
		'p',
		{ class: 'press' },
		icon('healthy'),
		`${name} answered `,
		el('code', {}, JSON.stringify(inputs)),
		moment(created),
	);
}

/** The panels of all vendors but Webex. */
export function showVendors({ serviceNow, ise, secureEndpoint, umbrella }) {
	showList('tickets', serviceNow.tickets, { key: ({ id }) => id, build: buildTicket });
	setMeta('servicenow-meta', serviceNow.tickets.length, serviceNow.total, 'incident');
	showList('bindings', ise.bindings, { key: ({ mac }) => mac, build: buildBinding });
	setMeta('ise-meta', ise.bindings.length, ise.total, 'network card');
	showList('isolations', secureEndpoint.isolation, {
		key: ({ connectorGuid }) => connectorGuid,
		build: buildIsolation,
	});
	setMeta('isolation-meta', secureEndpoint.isolation.length, secureEndpoint.total, 'connector');
	showList('lists', umbrella.lists, { key: ({ id }) => id, build: buildDestinationList });
	setText(document.getElementById('umbrella-meta'), count(umbrella.lists.length, 'list'));
}

function showList(id, items, how) {
	syncOr(document.getElementById(id), items, EMPTY[id], how);
}

function setMeta(id, shown, total, what) {
	setText(
		document.getElementById(id),
		shown < total ? `newest ${shown} of ${count(total, what)}` : count(total, what),
	);
}

function buildTicket({
	number,
	title,
	state,
	priority,
	openedAt,
	description,
	affected,
	workNotes,
	comments,
}) {
	return el(
		'li',
		{},
		el(
			'p',
			{ class: 'by' },
			el('strong', {}, number),
			el('span', { class: 'tag' }, state),
			el('span', { class: 'meta' }, `Priority ${priority}`),
		),
		el('p', {}, title),
		el('p', { class: 'meta' }, ['Opened', openedAt, affected && `for ${affected}`].filter(Boolean).join(' ')),
		description &&
			el('details', {}, el('summary', {}, 'Description'), el('p', { class: 'text' }, description)),
		notes('Work notes', workNotes),
		notes('Comments', comments),
	);
}

function notes(title, entries) {
	if (entries.length === 0) return undefined;
	const list = entries.map(({ value, at, by }) =>
		el('li', {}, el('p', { class: 'text' }, value), el('p', { class: 'meta' }, `${by}, ${at}`)),
	);
	return el(
		'details',
		{ open: true },
		el('summary', {}, `${title} (${entries.length})`),
		el('ul', { class: 'notes' }, ...list),
	);
}

function buildBinding({ hostname, mac, policy, appliedAt, inForce }) {
	return el(
		'li',
		{},
		el('strong', {}, hostname ?? 'no known host'),
		el('code', {}, mac),
		el('span', {}, policy),
		inForce
			? el('span', { class: 'badge state-quarantined' }, icon('quarantined'), 'in force')
			: el('span', { class: 'badge state-waiting' }, icon('waiting'), 'waits for the next authentication'),
		moment(appliedAt),
	);
}

function buildIsolation({ hostname, connectorGuid, status, comment, changedAt }) {
	const pending = status.startsWith('pending');
	const name = pending ? 'waiting' : status === 'isolated' ? 'isolated' : 'healthy';
	return el(
		'li',
		{},
		el('strong', {}, hostname ?? 'no known host'),
		el('code', {}, connectorGuid),
		el('span', { class: `badge state-${name}` }, icon(name), ISOLATION[status] ?? status),
		moment(changedAt),
		comment && el('span', { class: 'meta wide' }, comment),
	);
}

function buildDestinationList({ name, access, destinations, total }) {
	const rows = destinations.map(({ destination, comment }) =>
		el('li', {}, el('code', {}, destination), comment && el('span', { class: 'meta' }, comment)),
	);
	return el(
		'li',
		{ class: 'stacked' },
		el('strong', {}, name),
		el('span', { class: 'tag' }, access),
		total === 0
			? el('span', { class: 'meta' }, 'empty')
			: el(
					'details',
					{ open: true },
					el('summary', {}, count(total, 'destination')),
					el('ul', { class: 'notes' }, ...rows),
				),
	);
}

/** Totals by vendor and the last calls of the journal. */
export function showJournal({ totals, last, violations }, vendorTitles, violationsOnly) {
	const rows = Object.entries(totals.byVendor).map(([vendor, one]) => ({
		title: vendorTitles[vendor] ?? vendor,
		...one,
	}));
	sync(document.getElementById('totals'), [...rows, { title: 'All', ...totals }], {
		key: ({ title }) => title,
		build: buildTotals,
	});
	syncOr(
		document.getElementById('calls'),
		violationsOnly ? violations : last,
		violationsOnly ? EMPTY.violations : EMPTY.calls,
		{
			key: ({ seq }) => seq,
			build: (entry) => buildCall(entry, vendorTitles),
		},
	);
}

function buildTotals({ title, calls, violations, rateLimited, labErrors }) {
	const cell = (number, isBad) => {
		const warn = isBad && number > 0;
		return el(
			'td',
			{ class: warn ? 'number bad' : 'number' },
			warn && icon('infected'),
			number.toLocaleString('en'),
		);
	};
	return el(
		'tr',
		{},
		el('th', { scope: 'row' }, title),
		cell(calls, false),
		cell(violations, true),
		cell(rateLimited, true),
		cell(labErrors, true),
	);
}

function buildCall(
	{ time, vendor, method, path, status, durationMs, fault, violation, labError, avoidable429 },
	vendorTitles,
) {
	const wrong = violation ?? labError ?? (avoidable429 ? 'rate limit exceeded' : undefined);
	return el(
		'li',
		{ class: wrong === undefined ? '' : 'bad' },
		moment(time),
		el('span', { class: 'meta' }, vendorTitles[vendor] ?? vendor),
		el('code', {}, `${method} ${path}`),
		el('span', { class: 'tag' }, status === null ? 'no answer' : String(status)),
		el('span', { class: 'meta' }, `${Math.round(durationMs)} ms`),
		fault !== undefined && el('span', { class: 'meta' }, `fault: ${fault}`),
		wrong !== undefined && el('span', { class: 'badge state-infected' }, icon('infected'), wrong),
	);
}

/** Faults in force or used up. */
export function showFaults(faults, vendorTitles) {
	document.getElementById('clear-faults').disabled = faults.length === 0;
	syncOr(document.getElementById('fault-list'), faults, EMPTY.faults, {
		key: ({ id }) => id,
		build: (fault) => buildFault(fault, vendorTitles),
	});
}

function buildFault({ id, vendor, kind, hits, times, method, path, ...rest }, vendorTitles) {
	const details = Object.entries(rest).map(([name, value]) => `${name} ${JSON.stringify(value)}`);
	const left =
		times === undefined ? 'until cleared' : times === 0 ? 'used up' : `${count(times, 'call')} left`;
	return el(
		'li',
		{},
		el('strong', {}, vendorTitles[vendor] ?? vendor),
		el('span', {}, kind),
		(method ?? path) !== undefined && el('code', {}, [method, path].filter(Boolean).join(' ')),
		details.length > 0 && el('span', { class: 'meta' }, details.join(', ')),
		el('span', { class: 'tag' }, left),
		el('span', { class: 'meta' }, `hit ${count(hits, 'call')}`),
	);
}
