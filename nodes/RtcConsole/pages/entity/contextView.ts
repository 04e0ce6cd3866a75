import type { EntityContext } from '../../../../ledger/context';
import type { EntityDetail } from '../../../../ledger/api';
import { entityName } from '../../../../ledger/entity';
import { actionButton, count, elapsed, entityLink, label, notice, section, table, time } from '../../view/components';
import { device } from '../../view/devices';
import { filesTable } from '../../view/files';
import { html, type Markup, type Value } from '../../view/html';
import { cut } from '../../view/text';
import type { PageContext } from '../page';

/** Flows on a page; the ledger keeps up to 100. */
const FLOWS_SHOWN = 25;
const TEXT_SHOWN = 60;

/** Sessions, flows, computer, place and files as the products told them when somebody looked the entity up last, and a way to do it now. */
export function lookedUp(context: PageContext, entity: EntityDetail): Markup {
	const { context: found } = entity;
	const ask = context.form('lookUp', entityName(entity), { body: actionButton('lookUp') });
	if (!found) return section('Sessions and flows', nothingYet(ask));
	return section('Sessions and flows', html`<p class="quiet">Looked up by ${cut(found.by, TEXT_SHOWN)}, ${elapsed(context.nowMs - Date.parse(found.at))} ago (${time(found.at)}). Flows are those of half an hour before and after the last detection, most bytes first.</p>
${found.problems.length > 0 && notice('asks', html`Not everything could be looked up: ${found.problems.map((problem) => cut(problem, 200)).join('; ')}`)}
<h3>Sessions</h3>
${sessions(context, found)}
<h3>Flows</h3>
${flows(context, found)}
${found.computers.length > 0 && html`<h3>Computer</h3>${computers(found)}`}
${(found.locations ?? []).length > 0 && html`<h3>Where it is</h3>${locations(found)}`}
${(found.files ?? []).length > 0 && html`<h3>Files</h3>${filesTable(context, found)}`}
${(found.notSetUp ?? []).length > 0 && html`<p class="quiet">Not set up, and so not asked: ${found.notSetUp?.join(', ')}.</p>`}`, ask);
}

function nothingYet(ask: Markup): Markup {
	if (ask.text === '') return html`<p class="quiet">Nobody has looked it up yet. Operators can ask Cisco ISE, Secure Network Analytics and Secure Endpoint here, and what else is set up.</p>`;
	return html`<p class="quiet">Nobody has looked it up yet. "Look up now" asks Cisco ISE for its sessions, Secure Network Analytics for its flows around the last detection, and Secure Endpoint for its computer; where they are set up, Cisco CMX for its place, and Secure Malware Analytics and VirusTotal for its files. The answer is here half a minute later.</p>${ask}`;
}

function sessions(context: PageContext, { sessions: all }: EntityContext): Markup {
	const columns = ['MAC address', 'Address', 'User', 'Device', 'Switch', 'Port', 'Security group', 'ANC policy', 'State', 'Since'].map((text) => ({ label: text }));
	const rows = all.map((session): Value[] => [
		session.macAddress === undefined ? '–' : entityLink(context, { kind: 'mac', key: session.macAddress }),
		said(session.ipAddresses.join(', ') || undefined),
		said(session.userName),
		session.endpointProfile === undefined ? '–' : device(session.endpointProfile),
		said(session.nasIpAddress),
		said(session.nasPortId),
		said(session.securityGroup),
		session.ancPolicy === undefined ? 'None' : label(cut(session.ancPolicy, TEXT_SHOWN), 'bad'),
		said(session.state),
		time(session.startedAt),
	]);
	return table(columns, rows, { caption: 'Sessions in Cisco ISE', empty: html`<p class="quiet">Cisco ISE named no session.</p>` });
}

function flows(context: PageContext, { flows: all }: EntityContext): Markup {
	const columns = [{ label: 'Peer' }, { label: 'Peer port', numeric: true }, { label: 'Address' }, { label: 'Port', numeric: true }, { label: 'Protocol' }, { label: 'Bytes', numeric: true }, { label: 'Last active' }];
	const rows = all.slice(0, FLOWS_SHOWN).map(({ peer, peerPort, ip, port, protocol, bytes, lastActiveAt }): Value[] => [
		html`<a class="key" href="${context.href('search', [], { q: peer })}">${cut(peer, TEXT_SHOWN)}</a>`,
		peerPort ?? '–', said(ip), port ?? '–', said(protocol),
		bytes === undefined ? '–' : count(bytes),
		time(lastActiveAt),
	]);
	const shown = table(columns, rows, { caption: 'Flows in Secure Network Analytics, most bytes first', empty: html`<p class="quiet">Secure Network Analytics named no flow.</p>` });
	return html`${shown}${all.length > FLOWS_SHOWN && html`<p class="quiet">and ${all.length - FLOWS_SHOWN} more that the ledger keeps (Penalty Ledger: Get Entity).</p>`}`;
}

function computers({ computers: all }: EntityContext): Markup {
	const columns = ['Computer', 'Operating system', 'Policy', 'Isolation', 'Last seen'].map((text) => ({ label: text }));
	const rows = all.map(({ connectorGuid, hostname, operatingSystem, policyName, isolationStatus, lastSeen }): Value[] => [
		said(hostname ?? connectorGuid), said(operatingSystem), said(policyName), said(isolationStatus), time(lastSeen),
	]);
	return table(columns, rows, { caption: 'Computers in Secure Endpoint', empty: html`` });
}

function locations({ locations: all = [] }: EntityContext): Markup {
	const columns = ['MAC address', 'Place', 'Access point', 'Last seen'].map((text) => ({ label: text }));
	const rows = all.map(({ macAddress, place, accessPoint, lastSeen }): Value[] => [
		cut(macAddress, TEXT_SHOWN), cut(place.join(' › '), 200), said(accessPoint), time(lastSeen),
	]);
	return table(columns, rows, { caption: 'Where Cisco CMX sees it', empty: html`` });
}

function said(text: string | undefined): string {
	return text === undefined ? '–' : cut(text, TEXT_SHOWN);
}
