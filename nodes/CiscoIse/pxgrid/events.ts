import type { IDataObject } from 'n8n-workflow';
import { NodeApiError } from 'n8n-workflow';
import { objectsIn, parseJson } from '../../shared/json';
import { pxGridBindings } from '../anc/pxGridAnc';
import { usableMac } from '../../shared/identity';
import type { SessionRecord } from '../sessions/directory';
import { recordsOf, SESSION_SERVICE } from '../sessions/pxGridDirectory';
import { outcomeOf } from '../transport/nodeGroup';
import type { PxGrid } from './client';
import type { EventKind } from './subscription';
import { AncTracker, SessionTracker, type AncStatus, type SessionPosition } from './tracker';

/** What is kept between connections and restarts. */
export interface EventPosition {
	sessions?: SessionPosition;
	/** Bound policy by MAC address. */
	policies?: Record<string, string>;
}

/** One event of the trigger. */
export type PxGridEvent = { recovered: boolean } & (
	| { kind: 'session'; record: SessionRecord }
	| { kind: 'ancStatus'; status: AncStatus; raw: IDataObject | undefined }
);

type AncMessage = { status: AncStatus; raw: IDataObject };

/** What changed longer ago than this is no news any more. */
const LONGEST_RECOVERY_MS = 24 * 60 * 60_000;

/** More than recovery looks back and the clocks of n8n and ISE differ. */
const RECENT_MS = 10 * 60_000;

/**
 * Turns messages into events. While it recovers what was missed, messages wait, so that events are told in order
 * and none twice.
 */
export class EventReader {
	private readonly sessions: SessionTracker;

	private readonly anc: AncTracker;

	private waiting: { kind: EventKind; body: unknown }[] | undefined = [];

	private connectedAt: number | undefined;

	constructor(
		private readonly pxGrid: PxGrid,
		private readonly kinds: readonly EventKind[],
		position: EventPosition,
		private readonly emit: (events: PxGridEvent[]) => void,
		private readonly now: () => number,
	) {
		const newest = Date.parse(position.sessions?.newest ?? '');
		const isFresh = this.now() - newest < LONGEST_RECOVERY_MS;
		this.sessions = new SessionTracker(isFresh ? position.sessions : undefined);
		this.anc = new AncTracker(position.policies);
	}

	/** A connection is about to be made: messages wait for {@link recover}. */
	hold(): void {
		this.waiting = [];
	}

	/** @throws Error for a body that is not JSON */
	receive(kind: EventKind, text: string): void {
		const body = parseJson(text);
		if (this.waiting) this.waiting.push({ kind, body });
		else this.tell([{ kind, body }]);
	}

	/** Tells what was missed since the last connection, then what waited. */
	async recover(): Promise<void> {
		const sessions = this.kinds.includes('session') ? await this.missedSessions() : [];
		const policies = this.kinds.includes('ancStatus') ? await pxGridBindings(this.pxGrid) : undefined;
		this.connectedAt ??= this.now();
		const waited = this.waiting ?? [];
		this.waiting = undefined;
		const messages = waited.flatMap(({ kind, body }) =>
			kind === 'ancStatus' ? ancMessages(body).map(({ status }) => status) : [],
		);
		const changes = policies ? this.anc.unseen(policies, messages) : [];
		this.emitIfAny([
			...this.sessions
				.untold(sessions)
				.map((record): PxGridEvent => ({ kind: 'session', record, recovered: true })),
			...changes.map(
				(status): PxGridEvent => ({ kind: 'ancStatus', status, raw: undefined, recovered: true }),
			),
		]);
		const recovered = new Set(sessions.map(({ session }) => JSON.stringify(session)));
		this.tell(waited, (record) => recovered.has(JSON.stringify(record.session)));
	}

	position(): EventPosition {
		return {
			...(this.kinds.includes('session') && { sessions: this.sessions.position() }),
			...(this.kinds.includes('ancStatus') && { policies: this.anc.known() }),
		};
	}

	private tell(
		messages: { kind: EventKind; body: unknown }[],
		isTold: (record: SessionRecord) => boolean = () => false,
	): void {
		this.emitIfAny(
			messages.flatMap(({ kind, body }): PxGridEvent[] => {
				if (kind === 'ancStatus') {
					const changes = ancMessages(body);
					changes.forEach(({ status }) => this.anc.note(status));
					return changes.map((change) => ({ kind, ...change, recovered: false }));
				}
				const records = recordsOf(body).filter((record) => !isTold(record));
				records.forEach((record) => this.sessions.note(record));
				return records.map((record) => ({ kind, record, recovered: false }));
			}),
		);
	}

	private emitIfAny(events: PxGridEvent[]): void {
		if (events.length > 0) this.emit(events);
	}

	/** Sessions that changed since the last one told. What changed before the first connection counts as told. */
	private async missedSessions(): Promise<SessionRecord[]> {
		const from = this.sessions.recoverFrom ?? this.connectedAt;
		if (from === undefined) {
			const recent = await this.sessionsSince(this.now() - RECENT_MS);
			recent.forEach((record) => this.sessions.note(record));
			return [];
		}
		const records = await this.sessionsSince(from);
		// An older node takes no notice of startTimestamp.
		return records.filter(({ session }) => Date.parse(session.startedAt ?? '') >= from);
	}

	/** The call for recovery also knows ended sessions; nodes before ISE 2.6 don't have it. */
	private async sessionsSince(time: number): Promise<SessionRecord[]> {
		const startTimestamp = new Date(time).toISOString();
		const ask = async (operation: string) =>
			recordsOf(await this.pxGrid.query<unknown>(SESSION_SERVICE, operation, { startTimestamp }));
		const outcome = await outcomeOf(ask('getSessionsForRecovery'));
		if ('answer' in outcome) return outcome.answer;
		const isUnknown = outcome.error instanceof NodeApiError && outcome.error.httpCode === '404';
		if (!isUnknown) throw outcome.error;
		return await ask('getSessions');
	}
}

/** What a message says of endpoints; nothing when it is of another form. */
const ancMessages = (body: unknown): AncMessage[] => objectsIn(body).map(ancMessage);

function ancMessage(raw: IDataObject): AncMessage {
	const text = (name: string) => (typeof raw[name] === 'string' && raw[name] !== '' ? raw[name] : null);
	const macAddress = text('macAddress');
	return {
		raw,
		status: {
			operationId: text('operationId'),
			macAddress: macAddress === null ? null : (usableMac(macAddress) ?? macAddress),
			policyName: text('policyName'),
			status: text('status') ?? 'UNKNOWN',
			failureReason: text('failureReason'),
		},
	};
}
