import { FAULT_KINDS, KINDS_OF_FIELD, STANDING_KINDS, type FaultKind } from '../machine/faults';
import type { Lab } from '../machine/lab';
import { html, type Markup } from './html';
import { vendorTitle } from './vendorTitle';

const KIND_TITLES: Record<FaultKind, string> = {
	status: 'Error status instead of the answer',
	slow: 'Slow answer',
	reset: 'Connection reset',
	timeout: 'No answer, ever',
	truncate: 'Body cut in the middle',
	html: 'HTML page instead of the answer',
	expireTokens: 'Every token expires',
	duplicatePage: 'Page repeats the page before',
	reorderPage: 'Page in reverse order',
	lateEvents: 'Events show up late',
	clockOffset: 'Clock is wrong',
	vendor: 'A fault of this vendor only',
};

/** The portal's frame. What moves is put in by the page's module, so this depends on the lab's fixed parts alone. */
export function portalPage(lab: Lab): string {
	return `<!doctype html>\n${
		html`<html lang="en">
			<head>
				<meta charset="utf-8" />
				<meta name="viewport" content="width=device-width, initial-scale=1" />
				<meta name="color-scheme" content="light dark" />
				<title>Lab portal</title>
				<link rel="icon" href="/portal/icon.svg" type="image/svg+xml" />
				<link rel="stylesheet" href="/portal/portal.css" />
				<script type="module" src="/portal/portal.mjs"></script>
			</head>
			<body>
				<a class="skip" href="#network">Skip to the network</a>
				${header()}
				<noscript>
					<p class="banner">
						The portal needs JavaScript. Without it, look at
						<a href="/_lab/state">the state of every vendor</a> and
						<a href="/_lab/journal">the journal of calls</a>.
					</p>
				</noscript>
				<p class="banner" id="offline" role="alert" hidden></p>
				<p class="toast" id="said" role="status" aria-live="polite"></p>
				<main>
					<div class="band picture-band">${attack(lab)} ${network()}</div>
					${timeline()}
					<div class="band told-band" id="vendors">${webex()} ${vendorPanels()}</div>
					<div class="band calls-band">${journal()} ${faults(lab)}</div>
				</main>
				${dialogs()}
			</body>
		</html>`.text
	}`;
}

function header(): Markup {
	return html`<header class="top">
		<div class="brand">
			<h1>Lab portal</h1>
			<p>A simulated company, its attackers, and what each vendor is told. Nothing here is real.</p>
		</div>
		<nav aria-label="Sections">
			<a href="#attack">Attack</a>
			<a href="#network">Network</a>
			<a href="#timeline">Timeline</a>
			<a href="#webex">Webex</a>
			<a href="#vendors">Vendors</a>
			<a href="#journal">Journal</a>
			<a href="#faults">Faults</a>
		</nav>
	</header>`;
}

function network(): Markup {
	return html`<section id="network" class="panel" aria-labelledby="network-title" tabindex="-1">
		<div class="heading">
			<h2 id="network-title">Network</h2>
			<p class="meta" id="network-meta"></p>
		</div>
		<div class="filters">
			<div id="legend" class="legend" role="group" aria-label="Show hosts that are"></div>
			<label class="find"
				>Find host <input id="find" type="search" autocomplete="off" spellcheck="false"
			/></label>
		</div>
		<p class="hint">Arrow keys move between the hosts of a group, Enter opens one.</p>
		<div id="groups" class="groups"></div>
		<p id="no-match" class="empty" hidden>No host fits. Choose “All” above, or clear “Find host”.</p>
	</section>`;
}

function timeline(): Markup {
	return html`<section id="timeline" class="panel" aria-labelledby="timeline-title">
		<div class="heading">
			<h2 id="timeline-title">Host states over time</h2>
			<p class="meta" id="timeline-meta"></p>
		</div>
		<ol id="lanes" class="lanes"></ol>
		<p class="axis meta" id="axis" aria-hidden="true"></p>
		<p class="hint" id="lanes-more"></p>
	</section>`;
}

function attack(lab: Lab): Markup {
	const catalogue = lab.scenarioCatalogue();
	return html`<section id="attack" class="panel" aria-labelledby="attack-title">
		<h2 id="attack-title">Attack</h2>
		<div id="progress"></div>
		<form id="start">
			<label
				>Scenario
				<select name="name">
					${catalogue.map(({ name, title }) => html`<option value="${name}">${title}</option>`)}
				</select>
			</label>
			<div class="stories">
				${catalogue.map(
					({ name, story, durationMs, expectation }) =>
						html`<div class="story" data-scenario="${name}" hidden>
							<p>${story}</p>
							<p><strong>Expected:</strong> ${expectation}</p>
							<p class="meta">Takes ${durationMs / 60_000} min at speed 1.</p>
						</div>`,
				)}
			</div>
			<div class="row">
				<label
					>Seed <input name="seed" type="number" min="0" step="1" value="${lab.world.madeFrom}" required
				/></label>
				<label
					>Speed <input name="speed" type="number" min="0.1" max="10000" step="any" value="1" required
				/></label>
			</div>
			<p class="hint">The same seed picks the same victims. Speed 60 plays a minute in a second.</p>
			<div class="row buttons">
				<button type="submit" class="primary">Start attack</button>
				<button type="button" id="stop" disabled>Stop</button>
				<button type="button" id="reset" class="danger">Reset lab…</button>
			</div>
		</form>
		<h3>Last detections</h3>
		<ol id="reports" class="feed"></ol>
	</section>`;
}

function webex(): Markup {
	return html`<section id="webex" class="panel" aria-labelledby="webex-title">
		<div class="heading">
			<h2 id="webex-title">Webex</h2>
			<p class="meta" id="webex-meta"></p>
		</div>
		<div class="row">
			<label
				>Room
				<select id="room"></select
			></label>
			<label
				>Answer cards as
				<select id="person"></select
			></label>
		</div>
		<ol id="messages" class="messages"></ol>
	</section>`;
}

function vendorPanels(): Markup {
	const panel = (id: string, title: string, body: Markup) =>
		html`<section class="panel" id="${id}" aria-labelledby="${id}-title">
			<div class="heading">
				<h2 id="${id}-title">${title}</h2>
				<p class="meta" id="${id}-meta"></p>
			</div>
			${body}
		</section>`;
	return html`<div class="vendors">
		${panel('servicenow', 'ServiceNow incidents', html`<ol id="tickets" class="tickets"></ol>`)}
		${panel('ise', 'ISE: ANC list', html`<ul id="bindings" class="rows"></ul>`)}
		${panel('isolation', 'Secure Endpoint: isolation', html`<ul id="isolations" class="rows"></ul>`)}
		${panel('umbrella', 'Umbrella: destination lists', html`<ul id="lists" class="rows"></ul>`)}
	</div>`;
}

function journal(): Markup {
	return html`<section id="journal" class="panel" aria-labelledby="journal-title">
		<div class="heading">
			<h2 id="journal-title">Journal of calls</h2>
			<p class="meta"><a href="/_lab/journal">All entries as JSON</a></p>
		</div>
		<div class="scroll" role="region" aria-label="Totals by vendor" tabindex="0">
			<table>
				<thead>
					<tr>
						<th scope="col">Vendor</th>
						<th scope="col" class="number">Calls</th>
						<th scope="col" class="number">Rule violations</th>
						<th scope="col" class="number">Avoidable 429</th>
						<th scope="col" class="number">Lab errors</th>
					</tr>
				</thead>
				<tbody id="totals"></tbody>
			</table>
		</div>
		<div class="heading">
			<h3>Last calls</h3>
			<label class="check"><input type="checkbox" id="violations-only" /> Violations only</label>
		</div>
		<ol id="calls" class="calls"></ol>
	</section>`;
}

function faults(lab: Lab): Markup {
	return html`<section id="faults" class="panel" aria-labelledby="faults-title">
		<div class="heading">
			<h2 id="faults-title">Faults</h2>
			<button type="button" id="clear-faults" disabled>Clear all</button>
		</div>
		<ul id="fault-list" class="rows"></ul>
		<details>
			<summary>Add a fault</summary>
			<form id="add-fault">
				<label
					>Vendor
					<select name="vendor">
						${lab.vendors.map(({ name }) => html`<option value="${name}">${vendorTitle(name)}</option>`)}
					</select>
				</label>
				<label
					>What goes wrong
					<select name="kind">
						${FAULT_KINDS.map((kind) => html`<option value="${kind}">${KIND_TITLES[kind]}</option>`)}
					</select>
				</label>
				${faultFields()}
				<div class="row buttons"><button type="submit" class="primary">Add fault</button></div>
			</form>
		</details>
	</section>`;
}

const PER_CALL = FAULT_KINDS.filter((kind) => !STANDING_KINDS.includes(kind));

function faultFields(): Markup[] {
	const field = (name: string, label: string, attributes: Markup, kinds = KINDS_OF_FIELD[name] ?? PER_CALL) =>
		html`<label data-kinds="${kinds.join(' ')}">${label} <input name="${name}" ${attributes} /></label>`;
	const number = html`type="number" step="1" min="0"`;
	return [
		field('status', 'HTTP status', html`type="number" step="1" min="200" max="599" placeholder="503"`),
		field('retryAfter', 'Retry-After in seconds (optional)', number),
		field('delayMs', 'Delay in milliseconds', number),
		field('offsetMs', 'Clock offset in milliseconds', html`type="number" step="1"`),
		field('name', 'Name of the fault', html`type="text"`),
		field('value', 'Value (optional)', html`type="text"`),
		field(
			'path',
			'Path, with * as wildcard (optional)',
			html`type="text" placeholder="/v1/events" spellcheck="false"`,
		),
		field('method', 'Method (optional)', html`type="text" placeholder="GET" spellcheck="false"`),
		field('times', 'How many calls (optional)', html`type="number" step="1" min="1"`),
		field('probability', 'Share of calls, 0 to 1 (optional)', html`type="number" step="any" min="0" max="1"`),
		html`<label class="check" data-kinds="${KINDS_OF_FIELD.afterHandling.join(' ')}"
			><input name="afterHandling" type="checkbox" /> The vendor carries the call out, only the answer is
			lost</label
		>`,
	];
}

function dialogs(): Markup {
	return html`<dialog id="host" aria-labelledby="host-title">
			<div class="heading">
				<h2 id="host-title"></h2>
				<form method="dialog"><button>Close</button></form>
			</div>
			<div id="host-body"></div>
		</dialog>
		<dialog id="confirm-reset" aria-labelledby="confirm-title">
			<h2 id="confirm-title">Reset the lab?</h2>
			<p>
				The attack stops. Messages, incidents, quarantines, faults and the journal are forgotten, and every
				host is healthy again. n8n and its ledger keep what they know.
			</p>
			<form method="dialog" class="row buttons">
				<button value="cancel" autofocus>Cancel</button>
				<button value="reset" class="danger">Reset lab</button>
			</form>
		</dialog>`;
}
