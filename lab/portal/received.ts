import type { Lab } from '../machine/lab';
import { CHOICES } from '../vendors/serviceNow/schema';
import type { Message } from '../vendors/webex/model';
import { type AncBinding, type Isolation, stateOf } from './containments';

export interface RoomPerson {
	email: string;
	name: string;
	type: 'bot' | 'person';
}

/** A press on a button of a card. */
export interface Press {
	id: string;
	personEmail: string;
	/** ISO 8601. */
	created: string;
	inputs: Record<string, unknown>;
}

export type RoomMessage = Pick<
	Message,
	'id' | 'roomId' | 'parentId' | 'text' | 'markdown' | 'files' | 'attachments' | 'personEmail' | 'created'
> & { edits: number; presses: Press[] };

export interface JournalNote {
	value: string;
	/** As ServiceNow writes it: UTC, `YYYY-MM-DD HH:MM:SS`. */
	at: string;
	by: string;
}

/** An incident with labels in place of choice values. */
export interface Ticket {
	id: string;
	number: string;
	title: string;
	state: string;
	priority: string;
	openedAt: string;
	description?: string;
	affected?: string;
	workNotes: JournalNote[];
	comments: JournalNote[];
}

/** `GET /_lab/received`: what the vendors were told, newest first, each list cut to its newest. */
export interface Received {
	webex: {
		rooms: { id: string; title: string; members: RoomPerson[] }[];
		messages: RoomMessage[];
		total: number;
	};
	serviceNow: { tickets: Ticket[]; total: number };
	ise: { bindings: AncBinding[]; total: number };
	secureEndpoint: {
		isolation: Isolation[];
		total: number;
		blockedFiles: { list: string; sha256: string; description?: string }[];
	};
	umbrella: {
		lists: {
			id: number;
			name: string;
			access: string;
			destinations: { destination: string; comment?: string }[];
			total: number;
		}[];
	};
}

const NEWEST = 40;

/** What each vendor received, for people to read. */
export function receivedBy(lab: Lab): Received {
	return {
		webex: webexOf(lab),
		serviceNow: serviceNowOf(lab),
		ise: iseOf(lab),
		secureEndpoint: secureEndpointOf(lab),
		umbrella: umbrellaOf(lab),
	};
}

function newest<T>(items: readonly T[]): T[] {
	return items.slice(-NEWEST).reverse();
}

interface WebexState {
	rooms?: { id: string; title: string; members: string[] }[];
	messages?: (Message & { edits: number })[];
	attachmentActions?: (Press & { messageId: string })[];
}

function webexOf({ vendors }: Lab): Received['webex'] {
	const { rooms = [], messages = [], attachmentActions = [] } = stateOf(vendors, 'webex') as WebexState;
	const { people = [] } = (vendors.find(({ name }) => name === 'webex')?.credentials() ?? {}) as {
		people?: { email: string; displayName: string; type: RoomPerson['type'] }[];
	};
	const person = (email: string): RoomPerson => {
		const { displayName = email, type = 'person' } = people.find((one) => one.email === email) ?? {};
		return { email, name: displayName, type };
	};
	return {
		rooms: rooms.map(({ id, title, members }) => ({ id, title, members: members.map(person) })),
		messages: newest(messages).map(
			({ id, roomId, parentId, text, markdown, files, attachments, personEmail, created, edits }) => ({
				id,
				roomId,
				parentId,
				text,
				markdown,
				files,
				attachments,
				personEmail,
				created,
				edits,
				presses: attachmentActions
					.filter(({ messageId }) => messageId === id)
					.map((action) => ({
						id: action.id,
						personEmail: action.personEmail,
						created: action.created,
						inputs: action.inputs,
					})),
			}),
		),
		total: messages.length,
	};
}

/** A record as the simulator shows it; empty columns are absent. */
interface TicketRecord {
	sys_id: string;
	number: string;
	short_description?: string;
	description?: string;
	state?: string;
	priority?: string;
	opened_at?: string;
	cmdb_ci?: string;
	affected_user?: string;
	work_notes: JournalNote[];
	comments: JournalNote[];
}

function serviceNowOf({ vendors }: Lab): Received['serviceNow'] {
	const { incidents = [], securityIncidents = [] } = stateOf(vendors, 'serviceNow') as {
		incidents?: TicketRecord[];
		securityIncidents?: TicketRecord[];
	};
	const tickets = [
		...incidents.map((record) => toTicket('incident', record)),
		...securityIncidents.map((record) => toTicket('sn_si_incident', record)),
	].sort((one, other) => (one.openedAt < other.openedAt ? -1 : 1));
	return { tickets: newest(tickets), total: tickets.length };
}

function toTicket(table: string, record: TicketRecord): Ticket {
	const label = (column: 'state' | 'priority') =>
		CHOICES.find((one) => one.table === table && one.column === column && one.value === record[column])
			?.label ??
		record[column] ??
		'';
	return {
		id: record.sys_id,
		number: record.number,
		title: record.short_description ?? '',
		state: label('state'),
		priority: label('priority'),
		openedAt: record.opened_at ?? '',
		description: record.description,
		affected: record.cmdb_ci ?? record.affected_user,
		workNotes: record.work_notes,
		comments: record.comments,
	};
}

function iseOf({ vendors }: Lab): Received['ise'] {
	const { ancBindings = [] } = stateOf(vendors, 'ise') as { ancBindings?: AncBinding[] };
	return { bindings: newest(ancBindings), total: ancBindings.length };
}

function secureEndpointOf({ vendors }: Lab): Received['secureEndpoint'] {
	const { isolation = [], fileLists = [] } = stateOf(vendors, 'secureEndpoint') as {
		isolation?: Isolation[];
		fileLists?: { name: string; files: { sha256: string; description?: string }[] }[];
	};
	return {
		isolation: newest(isolation),
		total: isolation.length,
		blockedFiles: fileLists
			.flatMap(({ name, files }) => files.map((file) => ({ list: name, ...file })))
			.slice(-NEWEST),
	};
}

function umbrellaOf({ vendors }: Lab): Received['umbrella'] {
	const { destinationLists = [] } = stateOf(vendors, 'umbrella') as {
		destinationLists?: {
			id: number;
			name: string;
			access: string;
			destinations: { destination: string; comment?: string }[];
		}[];
	};
	return {
		lists: destinationLists.map(({ id, name, access, destinations }) => ({
			id,
			name,
			access,
			destinations: newest(destinations).map(({ destination, comment }) => ({ destination, comment })),
			total: destinations.length,
		})),
	};
}
