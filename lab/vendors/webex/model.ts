import { uuidOf } from '../shared/values';

export type WebexKind =
	| 'PEOPLE'
	| 'ROOM'
	| 'MESSAGE'
	| 'MEMBERSHIP'
	| 'WEBHOOK'
	| 'ATTACHMENT_ACTION'
	| 'ORGANIZATION'
	| 'APPLICATION';

/** Webex ids are URL-safe base64 of a URI; callers have to take them as opaque. */
export function webexId(kind: WebexKind, uuid: string): string {
	return Buffer.from(`ciscospark://us/${kind}/${uuid}`).toString('base64url');
}

export interface Person {
	id: string;
	email: string;
	displayName: string;
	type: 'bot' | 'person';
	/** Access token; people that can't sign in here have none. */
	token?: string;
}

export interface Room {
	id: string;
	title: string;
	type: 'group' | 'direct';
	creatorId: string;
	created: string;
	lastActivity: string;
	isLocked: boolean;
	description?: string;
}

export interface Membership {
	id: string;
	roomId: string;
	personId: string;
	isModerator: boolean;
	created: string;
}

export interface Attachment {
	contentType: string;
	content: Record<string, unknown>;
}

export interface Message {
	id: string;
	roomId: string;
	roomType: 'group' | 'direct';
	parentId?: string;
	text?: string;
	markdown?: string;
	html?: string;
	files?: string[];
	attachments?: Attachment[];
	personId: string;
	personEmail: string;
	toPersonId?: string;
	toPersonEmail?: string;
	mentionedPeople?: string[];
	mentionedGroups?: string[];
	created: string;
	updated?: string;
}

export interface AttachmentAction {
	id: string;
	type: 'submit';
	messageId: string;
	inputs: Record<string, unknown>;
	personId: string;
	roomId: string;
	created: string;
}

export interface Webhook {
	id: string;
	name: string;
	targetUrl: string;
	resource: string;
	event: string;
	filter?: string;
	secret?: string;
	ownedBy: 'creator';
	status: 'active' | 'inactive';
	created: string;
	creatorId: string;
	ownerIsBot: boolean;
	/** Epoch ms of failed deliveries, as far back as they count. */
	failures: number[];
	delivered: number;
}

export const ORGANIZATION_ID = webexId('ORGANIZATION', uuidOf('webex organization'));

const person = (type: Person['type'], email: string, displayName: string, token?: string): Person => ({
	id: webexId('PEOPLE', uuidOf(`webex person ${email}`)),
	email,
	displayName,
	type,
	token,
});

/** Everybody in the organisation. */
export const PEOPLE: Person[] = [
	person('bot', 'rtc-alerts@webex.bot', 'RTC Alerts', 'lab-webex-bot-token-rtc-alerts-0001'),
	person('bot', 'other-bot@webex.bot', 'Other Bot', 'lab-webex-bot-token-other-bot-0002'),
	person('person', 'analyst@corp.example', 'Ana Lyst', 'lab-webex-person-token-analyst-0003'),
	person('person', 'approver@corp.example', 'Ann Prover'),
	person('person', 'manager@corp.example', 'Max Nager'),
];
