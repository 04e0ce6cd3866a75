import type { ProtectedEntry } from '../../../ledger/api';
import { PROTECTED_TYPES } from '../actions/catalogue';
import {
	actionButton, disclosure, emptyState, PAGE_SIZE, pageNumber, pager, searchForm, section, table, textField, time,
} from '../view/components';
import { html, type Markup } from '../view/html';
import { clip, cut } from '../view/text';
import type { ConsolePage, PageContext } from './page';

const TYPES: Readonly<Record<ProtectedEntry['type'], { label: string; example: string }>> = {
	mac: { label: 'MAC address', example: '00:11:22:33:44:55 or 00:11:22:*' },
	ip: { label: 'IP address', example: '10.0.0.1' },
	user: { label: 'User', example: 'ceo or svc-*' },
	hostname: { label: 'Hostname', example: 'dc1 or dc*' },
	cidr: { label: 'Network', example: '10.1.0.0/16' },
	oui: { label: 'OUI (MAC vendor)', example: '00:1B:C5' },
	endpointProfile: { label: 'ISE endpoint profile', example: 'Cisco-IP-Phone*' },
	identityGroup: { label: 'ISE identity group', example: 'Servers' },
};

/** What is never contained automatically. */
export const protectedEntries: ConsolePage = {
	path: 'protected',
	navigation: 'Protected',
	role: 'viewer',
	async content(context) {
		return { title: 'Protected', body: protectedView(context, await context.ledger.getProtected()) };
	},
};

export function protectedView(context: PageContext, all: readonly ProtectedEntry[]): Markup {
	const search = (context.query.get('q') ?? '').trim().toLowerCase();
	const found = all.filter((entry) => [entry.type, entry.value, entry.reason].some((text) => text.toLowerCase().includes(search)));
	const last = Math.max(1, Math.ceil(found.length / PAGE_SIZE));
	const from = (Math.min(pageNumber(context.query), last) - 1) * PAGE_SIZE;
	const rows = found.slice(from, from + PAGE_SIZE).map((entry) => [
		clip(entry.value, 300),
		TYPES[entry.type].label,
		clip(entry.reason),
		cut(entry.addedBy, 100),
		time(entry.addedAt),
		removal(context, entry),
	]);
	return html`${addForm(context)}
${searchForm(context, 'protected', [{ name: 'q', label: 'Search', type: 'search', placeholder: 'Type, value or reason' }])}
${table(
	[{ label: 'Value' }, { label: 'Type' }, { label: 'Reason' }, { label: 'Added by' }, { label: 'Added' }, { label: 'Action' }],
	rows,
	{ caption: 'Protected entries', empty: search === '' ? nothingProtected() : emptyState('Nothing fits the search', 'Clear the search to see every entry.') },
)}${pager(context, 'protected', { total: found.length })}`;
}

function nothingProtected(): Markup {
	return emptyState(
		'Nothing is protected',
		'Add what must never be taken off the network automatically: servers, phones, medical devices, network equipment, the people on call.',
	);
}

function addForm(context: PageContext): Markup {
	const body = html`<div class="wrap">
<label class="field"><span>Type</span><select name="type" required>${PROTECTED_TYPES.map((type) => html`<option value="${type}">${TYPES[type].label}</option>`)}</select></label>
${textField('value', 'Value', { required: true, maxLength: 300, placeholder: TYPES.mac.example })}
${textField('reason', 'Reason', { required: true })}
${actionButton('protect')}</div>
<details><summary>What a value looks like</summary><ul class="plain">${PROTECTED_TYPES.map((type) => html`<li>${TYPES[type].label}: <code>${TYPES[type].example}</code></li>`)}</ul></details>`;
	const form = context.form('protect', '', { body });
	return form.text === '' ? form : section('Protect', form);
}

/** Entries of the policy go with the policy. */
function removal(context: PageContext, { type, value, addedBy }: ProtectedEntry): Markup {
	if (/^policy \d+$/.test(addedBy)) return html`<a href="${context.href('policy')}">In the policy</a>`;
	const body = html`${textField('reason', 'Reason', { required: true })}${actionButton('unprotect')}`;
	return disclosure('Remove', context.form('unprotect', `${type}:${value}`, { body }), { danger: true });
}
