import type { IseSession } from '../model';
import type { IseStore } from '../store';
import type { SessionRecord } from './sessionView';

/** How many ended sessions `getSessionsForRecovery` still knows. */
const KEPT_ENDED = 5000;

/** Notices what becomes of sessions, for the session topic and for recovery. */
export interface SessionFeed {
	/** Changes since the last call: new and changed sessions as STARTED, ended ones as DISCONNECTED. */
	changes(): SessionRecord[];
	/** Sessions that have ended, oldest first. */
	ended(): SessionRecord[];
	/** Forgets everything and takes the sessions of now as known. */
	reset(): void;
}

export function createSessionFeed(store: IseStore): SessionFeed {
	const known = new Map<string, IseSession>();
	let ended: SessionRecord[] = [];
	const remember = (session: IseSession) => known.set(session.auditSessionId, { ...session });
	const feed: SessionFeed = {
		changes() {
			const current = store.sessions.list();
			const alive = new Set(current.map(({ auditSessionId }) => auditSessionId));
			const gone = [...known.values()]
				.filter(({ auditSessionId }) => !alive.has(auditSessionId))
				.map((session): SessionRecord => ({ session, state: 'DISCONNECTED', at: store.now() }));
			for (const { session } of gone) known.delete(session.auditSessionId);
			if (gone.length > 0) ended = [...ended, ...gone].slice(-KEPT_ENDED);
			const fresh = current.filter((session) => differs(session, known.get(session.auditSessionId)));
			fresh.forEach(remember);
			return [...gone, ...fresh.map(startedRecord)];
		},
		ended: () => ended,
		reset() {
			known.clear();
			ended = [];
			store.sessions.list().forEach(remember);
		},
	};
	feed.reset();
	return feed;
}

/** A live session, dated by its last authentication. */
export function startedRecord(session: IseSession): SessionRecord {
	return { session: { ...session }, state: 'STARTED', at: session.authenticatedAt };
}

function differs(session: IseSession, before: IseSession | undefined): boolean {
	const fields = Object.keys(session) as (keyof IseSession)[];
	return fields.some((field) => session[field] !== before?.[field]);
}
