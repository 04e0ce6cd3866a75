import type { IDataObject } from 'n8n-workflow';
import type { Intent, Notice } from '../../../ledger/api';
import { buildCard, cardAsText, factSet, shown, type CardContent, type CardFact, type CardSeverity } from '../card';
import { CHOSEN, signToken, type CardAction } from './token';

/** A card with the text for clients without cards. */
export interface NoticeCard {
	card: IDataObject;
	text: string;
}

export interface CardSettings {
	/** From `cardKey`. */
	key: Buffer;
	/** Epoch ms. */
	now: number;
	/** How long the buttons of a containment work, ms. Approvals end when the ledger says so. */
	validMs: number;
	/** Whether there are buttons at all. */
	buttons: boolean;
}

type Approval = NonNullable<Notice['approvals']>[number];

/** A card stays readable with so many hosts; the others are in the console. */
const MAX_CHOICES = 20;
const MAX_CHOICE_LENGTH = 100;

const SEVERITIES: Record<Notice['event'], CardSeverity> = {
	contained: 'critical',
	failed: 'critical',
	approvalRequested: 'warning',
	approvalExpired: 'warning',
	escalated: 'info',
	released: 'good',
};

/**
 * The card about a notice of the ledger: who, what, why with the top contributions, and what can be decided.
 *
 * @param intent an intent of kind `notify`
 * @throws Error for an intent without a notice.
 */
export function noticeCard(intent: Intent, settings: CardSettings): NoticeCard {
	const { notice } = intent;
	if (!notice) throw new Error('This is not a notice: give an intent of the kind "notify"');
	const content = contentOf(intent, notice);
	const { inputs, actions, hint } = controlsOf(intent, notice, settings);
	const card = buildCard(content);
	return {
		card: {
			...card,
			body: [...(card.body as IDataObject[]), ...inputs],
			...(actions.length > 0 && { actions }),
		},
		text: [cardAsText(content), hint].filter(Boolean).join('\n'),
	};
}

function contentOf(intent: Intent, notice: Notice): CardContent {
	return {
		title: titleOf(intent, notice),
		severity: SEVERITIES[notice.event],
		text: isAboutApprovals(notice) ? approvalText(notice) : reasonText(intent, notice),
		facts: known(factsOf(intent, notice)),
	};
}

function isAboutApprovals({ event }: Notice): boolean {
	return event === 'approvalRequested' || event === 'approvalExpired';
}

function known(facts: [name: string, value: string][]): CardFact[] {
	return facts.filter(([, value]) => value !== '').map(([name, value]) => ({ name, value }));
}

export function hostLabel({ host }: Pick<Intent, 'host'>): string {
	return host.hostnames[0] ?? host.macs[0] ?? host.users[0] ?? host.ips[0] ?? 'A host';
}

function titleOf(intent: Intent, notice: Notice): string {
	const name = hostLabel(intent);
	const count = notice.approvalCount ?? 1;
	switch (notice.event) {
		case 'contained':
			return `${name} was contained`;
		case 'released':
			return `${name} was released`;
		case 'failed':
			return `${notice.result?.kind === 'release' ? 'Release' : 'Containment'} of ${name} did not succeed`;
		case 'escalated':
			return `${name} is still contained and keeps raising detections`;
		case 'approvalRequested':
			return `Approval needed to contain ${count > 1 ? `${count} hosts` : name}`;
		case 'approvalExpired':
			return `Nobody approved in time: ${count > 1 ? `${count} hosts were` : `${notice.approvals?.[0]?.host ?? name} was`} not contained`;
	}
}

function approvalText({ approvals = [], approvalCount = approvals.length }: Notice): string {
	const lines = approvals.map(
		({ host, score, reason }, index) => `${index + 1}. ${host}, score ${Math.round(score)}: ${reason}`,
	);
	const more = approvalCount - approvals.length;
	return [...lines, ...(more > 0 ? [`… and ${more} more`] : [])].join('\n');
}

function reasonText({ reason, topContributions }: Intent, { result }: Notice): string {
	const why = topContributions.map(
		({ eventType, source, penalty, occurredAt }) =>
			`- ${eventType} (${source}), ${penalty} points, ${occurredAt}`,
	);
	const error = typeof result?.error === 'string' ? result.error : undefined;
	return [reason, ...why, error].filter(Boolean).join('\n');
}

function factsOf(intent: Intent, notice: Notice): [name: string, value: string][] {
	const { host, trigger, episodeId, requestedBy } = intent;
	if (notice.event === 'approvalRequested') {
		return [
			['Requested by', requestedBy],
			['Approvals needed', String(notice.approvals?.[0]?.quorum ?? 1)],
			['Until', notice.approvals?.[0]?.expiresAt ?? ''],
		];
	}
	if (notice.event === 'approvalExpired') return [['Requested by', requestedBy], ['Episode', episodeId]];
	return [
		['Host', host.hostnames.join(', ')],
		['User', host.users.join(', ')],
		['MAC addresses', host.macs.join(', ')],
		['Score', notice.event === 'released' ? '' : String(Math.round(trigger.score))],
		['Connector', connectorText(notice)],
		['Requested by', requestedBy],
		['Episode', episodeId],
	];
}

function connectorText({ result = {} }: Notice): string {
	const { isolationError, connectors } = result as {
		isolationError?: unknown;
		connectors?: { status?: string }[];
	};
	if (isolationError) return `not isolated: ${String(isolationError)}`;
	return (connectors ?? []).map(({ status }) => status).join(', ');
}

interface Controls {
	inputs: IDataObject[];
	actions: IDataObject[];
	/** How to answer without the buttons. */
	hint: string;
}

const NONE: Controls = { inputs: [], actions: [], hint: '' };

function controlsOf(intent: Intent, notice: Notice, settings: CardSettings): Controls {
	if (!settings.buttons) return NONE;
	if (notice.event === 'approvalRequested') return approvalControls(notice, settings);
	if (notice.event !== 'contained') return NONE;
	const button = (action: CardAction, title: string) =>
		submit(title, signToken(settings.key, { action, subject: intent.episodeId, expiresAt: settings.now + settings.validMs }));
	return {
		inputs: [reasonInput('reason', 'Reason', false)],
		actions: [button('release', 'Release'), button('protect', 'Protect'), details(intent)],
		hint: 'Answer in the thread: "release" or "protect", with a reason.',
	};
}

function approvalControls({ approvals = [] }: Notice, { key, now, validMs }: CardSettings): Controls {
	const listed = approvals.slice(0, MAX_CHOICES);
	if (listed.length === 0) return NONE;
	const endOf = ({ expiresAt }: Approval) => (expiresAt ? Date.parse(expiresAt) : now + validMs);
	const last = Math.max(...listed.map(endOf));
	const subject = listed.length === 1 ? listed[0].intentId : CHOSEN;
	const token = (action: CardAction) => signToken(key, { action, subject, expiresAt: last });
	const choices = listed.map((approval, index) => ({
		title: `${index + 1}. ${shown(approval.host, MAX_CHOICE_LENGTH)}, score ${Math.round(approval.score)}`,
		value: signToken(key, { action: 'choose', subject: approval.intentId, expiresAt: endOf(approval) }),
	}));
	const denial = {
		type: 'AdaptiveCard',
		version: '1.3',
		body: [reasonInput('denyReason', 'Why not?', true)],
		actions: [submit('Deny', token('deny'))],
	};
	return {
		inputs: [
			...(listed.length > 1
				? [{ type: 'Input.ChoiceSet', id: 'chosen', label: 'Which host?', isRequired: true, choices }]
				: []),
			reasonInput('reason', 'Reason', false),
		],
		actions: [submit('Approve', token('approve')), { type: 'Action.ShowCard', title: 'Deny', card: denial }],
		hint: `Answer in the thread: "approve"${listed.length > 1 ? ' or "approve 2"' : ''}, or "deny", with a reason.`,
	};
}

/** Everything known of the host; it unfolds in the client, so that nobody has to be asked. */
function details({ host, trigger, decision, topContributions, episodeId }: Intent): IDataObject {
	const facts = known([
		['IP addresses', host.ips.join(', ')],
		['Connectors', host.connectorGuids.join(', ')],
		['Crossed first', `${trigger.kind} ${trigger.key}, ${Math.round(trigger.score)} points`],
		['Decision', `${decision.guard}: ${decision.reason}`],
		['Episode', episodeId],
	]);
	const links = topContributions
		.filter(({ link }) => link !== undefined && /^https?:\/\//.test(link))
		.slice(0, 3)
		.map(({ eventType, link }) => ({ type: 'Action.OpenUrl', title: eventType.slice(0, 60), url: link }));
	return {
		type: 'Action.ShowCard',
		title: 'Details',
		card: {
			type: 'AdaptiveCard',
			version: '1.3',
			body: [factSet(facts)],
			...(links.length > 0 && { actions: links }),
		},
	};
}

function submit(title: string, rtc: string): IDataObject {
	return { type: 'Action.Submit', title, data: { rtc } };
}

function reasonInput(id: string, label: string, isRequired: boolean): IDataObject {
	return {
		type: 'Input.Text',
		id,
		label,
		isMultiline: true,
		maxLength: 500,
		placeholder: 'Kept in the audit trail',
		isRequired,
		...(isRequired && { errorMessage: 'Say why' }),
	};
}
