import { count, el, moment, setText, sync } from './dom.mjs';
import { icon } from './icons.mjs';

const ROLES = {
	laptop: 'laptop',
	server: 'server',
	printer: 'printer',
	phone: 'phone',
	coreSwitch: 'core switch',
};
const DEVICES = {
	switch: ['coreSwitch', 'Access switch'],
	dataCentreSwitch: ['server', 'Data centre switch'],
	wirelessController: ['wireless', 'Wireless controller'],
};
const CARDS = { w: 'wired', l: 'wireless', d: 'dock' };
const ISOLATION = { pending_start: 'isolation starts', isolated: 'isolated', pending_stop: 'isolation ends' };
const MEDIA = { wired: 'Wired', wireless: 'Wireless', dock: 'Dock' };

/** More hosts than this in a group are drawn as small squares. */
const DENSE = 80;

/** States that a host can be shown by; a host can be in several. */
const STATES = [
	{ id: 'all', title: 'All', fits: () => true },
	{ id: 'healthy', title: 'Healthy', icon: 'healthy', fits: (host) => stateOf(host) === 'healthy' },
	{ id: 'infected', title: 'Infected (ground truth)', icon: 'infected', fits: (host) => host.infected },
	{ id: 'detections', title: 'Detections seen', icon: 'detections', fits: (host) => host.detections },
	{ id: 'waiting', title: 'Quarantine waits', icon: 'waiting', fits: (host) => host.ancWaiting },
	{ id: 'quarantined', title: 'Quarantined', icon: 'quarantined', fits: (host) => host.anc },
	{ id: 'isolated', title: 'Connector isolated', icon: 'isolated', fits: (host) => host.isolation },
];

/** The state that matters most: it gives a host its colour. */
function stateOf(host) {
	if (host.anc) return 'quarantined';
	if (host.ancWaiting) return 'waiting';
	if (host.isolation) return 'isolated';
	if (host.infected) return 'infected';
	return host.detections ? 'detections' : 'healthy';
}

/** All of a host's state in words, for screen readers and tooltips. */
function inWords(host) {
	const role = host.role ?? 'laptop';
	const cards = (positions) => positions.map((position) => CARDS[host.nics[position]]).join(', ');
	return [
		`${host.name}, ${ROLES[role]}`,
		host.infected && 'infected (ground truth)',
		host.detections && `${count(host.detections, 'detection')} seen`,
		host.anc && `quarantined on ${host.anc.length} of ${host.nics.length}: ${cards(host.anc)}`,
		host.ancWaiting && `quarantine waits on: ${cards(host.ancWaiting)}`,
		host.isolation && `connector ${ISOLATION[host.isolation] ?? host.isolation}`,
		stateOf(host) === 'healthy' && 'healthy',
	]
		.filter(Boolean)
		.join('; ');
}

/** The part of the page that shows the hosts. `open` is called with the id of a chosen host. */
export function createNetwork(open) {
	const find = document.getElementById('find');
	const view = { hosts: [], groups: [], state: 'all' };
	const fits = (host) =>
		stateNamed(view.state).fits(host) && host.name.includes(find.value.trim().toLowerCase());
	const show = () => {
		const groups = view.groups.map((group) => shownPart(group, view.hosts, fits));
		sync(document.getElementById('groups'), groups, {
			key: ({ address }) => address,
			build: (group) => buildGroup(group, open),
			update: updateGroup,
		});
		sync(document.getElementById('legend'), legend(view), {
			key: ({ id }) => id,
			build: (one) => updateFilter(buildFilter(one, choose), one),
			update: updateFilter,
		});
		document.getElementById('no-match').hidden = groups.some(({ shown }) => shown.length > 0);
	};
	const choose = (id) => {
		view.state = id;
		show();
	};
	find.addEventListener('input', show);

	return ({ hosts, groups, seed }) => {
		Object.assign(view, { hosts, groups });
		show();
		setText(document.getElementById('network-meta'), `${count(hosts.length, 'host')}, seed ${seed}`);
	};
}

function stateNamed(name) {
	return STATES.find(({ id }) => id === name);
}

function legend({ hosts, state }) {
	return STATES.map(({ id, title, icon: name, fits }) => ({
		id,
		title,
		icon: name,
		hosts: hosts.filter(fits).length,
		pressed: state === id,
	}));
}

function buildFilter({ id, title, icon: name }, choose) {
	const button = el(
		'button',
		{ type: 'button', class: `filter state-${id}` },
		name && icon(name),
		`${title} `,
	);
	button.append(el('span', { class: 'count' }));
	button.addEventListener('click', () => choose(id));
	return button;
}

function updateFilter(button, { hosts, pressed }) {
	button.setAttribute('aria-pressed', String(pressed));
	setText(button.querySelector('.count'), hosts.toLocaleString('en'));
	return button;
}

function shownPart(group, hosts, fits) {
	const shown = group.hosts.filter((id) => fits(hosts[id])).map((id) => ({ id, ...hosts[id] }));
	return { kind: group.kind, address: group.address, total: group.hosts.length, shown };
}

function buildGroup(group, open) {
	const [name, title] = DEVICES[group.kind];
	const list = el('ul', { class: group.total > DENSE ? 'hosts dense' : 'hosts', on: { keydown: moveFocus } });
	list.addEventListener('click', ({ target }) => {
		const tile = target.closest('button');
		if (tile) open(Number(tile.dataset.host));
	});
	const heading = el(
		'h3',
		{},
		icon(name),
		`${title} `,
		el('code', {}, group.address),
		el('span', { class: 'meta' }),
	);
	const section = el('section', { class: 'group', 'aria-label': `${title} ${group.address}` }, heading, list);
	updateGroup(section, group);
	return section;
}

function updateGroup(section, { shown, total }) {
	const list = section.querySelector('ul');
	section.hidden = shown.length === 0;
	list.classList.toggle('dense', total > DENSE);
	const part = shown.length === total ? count(total, 'host') : `${shown.length} of ${count(total, 'host')}`;
	setText(section.querySelector('h3 .meta'), part);
	sync(list, shown, {
		key: ({ id }) => id,
		build: (host) =>
			updateTile(el('li', {}, el('button', { type: 'button', tabindex: -1, 'data-host': host.id })), host),
		update: updateTile,
	});
	keepOneTabStop(list);
}

function updateTile(item, host) {
	const tile = item.firstElementChild;
	const state = stateOf(host);
	tile.className = `tile state-${state}`;
	tile.title = inWords(host);
	tile.setAttribute('aria-label', inWords(host));
	tile.replaceChildren(
		icon(host.role ?? 'laptop'),
		el('span', { class: 'name' }, host.name),
		el('span', { class: 'badges' }, ...badges(host)),
	);
	return item;
}

function badges(host) {
	const badge = (name, ...content) => el('span', { class: `badge state-${name}` }, icon(name), ...content);
	return [
		host.infected && badge('infected'),
		host.detections && badge('detections', String(host.detections)),
		host.ancWaiting && badge('waiting', cardsOf(host, host.ancWaiting)),
		host.anc && badge('quarantined', cardsOf(host, host.anc)),
		host.isolation && badge('isolated'),
	].filter(Boolean);
}

/** `2/3`: so many of the host's network cards. */
function cardsOf({ nics }, positions) {
	return `${positions.length}/${nics.length}`;
}

/** One tab stop per group; arrow keys do the rest. */
function keepOneTabStop(list) {
	const tiles = [...list.querySelectorAll('button')];
	const stop = tiles.find((tile) => tile.tabIndex === 0) ?? tiles[0];
	for (const tile of tiles) {
		const wanted = tile === stop ? 0 : -1;
		if (tile.tabIndex !== wanted) tile.tabIndex = wanted;
	}
}

function moveFocus(event) {
	const tiles = [...event.currentTarget.querySelectorAll('button')];
	const from = tiles.indexOf(document.activeElement);
	const to = target(tiles, from, event.key);
	if (from < 0 || to === undefined) return;
	event.preventDefault();
	tiles[from].tabIndex = -1;
	tiles[to].tabIndex = 0;
	tiles[to].focus();
}

/** Where a key leads from a tile; up and down go to the tile above or below. */
function target(tiles, from, key) {
	if (key === 'ArrowRight') return Math.min(from + 1, tiles.length - 1);
	if (key === 'ArrowLeft') return Math.max(from - 1, 0);
	if (key === 'Home') return 0;
	if (key === 'End') return tiles.length - 1;
	if (key !== 'ArrowUp' && key !== 'ArrowDown') return undefined;
	const to = from + (key === 'ArrowDown' ? 1 : -1) * columnsOf(tiles);
	return tiles[to] ? to : from;
}

/** Tiles in a row of the grid. */
function columnsOf(tiles) {
	const top = tiles[0].getBoundingClientRect().top;
	const below = tiles.findIndex((tile) => tile.getBoundingClientRect().top > top);
	return below < 0 ? tiles.length : below;
}

/** Shows what `GET /_lab/host` answers in the dialog for a host. */
export function showHost(detail, vendorTitles) {
	document.getElementById('host-title').textContent = detail.hostname;
	document.getElementById('host-body').replaceChildren(
		facts([
			['State', inWords(summaryOf(detail))],
			['Signed in', detail.user ?? 'nobody'],
			['System', detail.os],
			['ISE profile', detail.profile],
			['Connector', detail.connectorGuid ?? 'not installed'],
			['Detections seen', bySource(detail.detections, vendorTitles)],
		]),
		el('h3', {}, 'Network cards'),
		el('ul', { class: 'rows' }, ...detail.nics.map(cardRow)),
		el('h3', {}, 'Last reports'),
		el('ol', { class: 'feed' }, ...reportRows(detail.reports, vendorTitles)),
	);
}

function summaryOf({ hostname, role, nics, infected, isolation, detections }) {
	const positions = (inForce) => nics.flatMap(({ anc }, index) => (anc?.inForce === inForce ? [index] : []));
	const letters = { wired: 'w', wireless: 'l', dock: 'd' };
	return {
		name: hostname,
		role,
		nics: nics.map(({ medium }) => letters[medium]).join(''),
		infected,
		isolation,
		detections: Object.values(detections).reduce((sum, number) => sum + number, 0),
		anc: some(positions(true)),
		ancWaiting: some(positions(false)),
	};
}

function some(list) {
	return list.length > 0 ? list : undefined;
}

function bySource(detections, vendorTitles) {
	const parts = Object.entries(detections).map(
		([vendor, number]) => `${vendorTitles[vendor] ?? vendor} ${number}`,
	);
	return parts.join(', ') || 'none';
}

/** Names and values as a definition list. */
export function facts(pairs) {
	return el(
		'dl',
		{ class: 'facts' },
		...pairs.flatMap(([name, value]) => [el('dt', {}, name), el('dd', {}, value)]),
	);
}

function cardRow({ mac, ip, medium, connected, nasIp, nasPort, anc }) {
	const session = connected ? `on ${nasIp} ${nasPort}` : 'not connected';
	return el(
		'li',
		{},
		el('strong', {}, MEDIA[medium] ?? medium),
		el('code', {}, mac),
		el('code', {}, ip),
		el('span', { class: 'meta' }, session),
		anc && el('span', { class: 'badge state-quarantined' }, icon('quarantined'), policyInWords(anc)),
	);
}

function policyInWords({ policy, inForce }) {
	return inForce ? `${policy} in force` : `${policy} assigned, waits for the next authentication`;
}

/** List items for reports of vendors. */
export function reportRows(reports, vendorTitles) {
	if (reports.length === 0)
		return [el('li', { class: 'empty' }, 'No vendor has reported anything about this host.')];
	return reports.map((report) => reportRow(report, vendorTitles));
}

/** One report: when, who says what about whom. */
export function reportRow({ at, vendor, hostname, text, routine }, vendorTitles) {
	return el(
		'li',
		{ class: routine ? 'routine' : '' },
		moment(at),
		el('strong', {}, hostname),
		el('span', {}, text),
		el('span', { class: 'meta' }, vendorTitles[vendor] ?? vendor),
	);
}
