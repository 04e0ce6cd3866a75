/** Times are milliseconds since 1970; JSON is kept as text. */
export const INITIAL = `
CREATE TABLE head (id INTEGER PRIMARY KEY CHECK (id = 1), body TEXT NOT NULL) STRICT;

CREATE TABLE policies (
	version INTEGER PRIMARY KEY, policy TEXT NOT NULL, created_ms INTEGER NOT NULL, created_by TEXT NOT NULL, comment TEXT NOT NULL
) STRICT;

CREATE TABLE protected (
	type TEXT NOT NULL, value TEXT NOT NULL, reason TEXT NOT NULL, added_by TEXT NOT NULL, added_at TEXT NOT NULL,
	PRIMARY KEY (type, value)
) STRICT, WITHOUT ROWID;

CREATE TABLE cursors (source TEXT PRIMARY KEY, position TEXT, last_poll_ms INTEGER NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE detections (
	seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, source TEXT NOT NULL, event_type_id TEXT NOT NULL, event_type_name TEXT NOT NULL,
	occurred_ms INTEGER NOT NULL, received_ms INTEGER NOT NULL, body TEXT NOT NULL
) STRICT;
CREATE INDEX detections_by_source ON detections (source, occurred_ms);
CREATE INDEX detections_by_time ON detections (occurred_ms);

CREATE TABLE entities (
	id INTEGER PRIMARY KEY, kind TEXT NOT NULL, key TEXT NOT NULL, sources TEXT NOT NULL, rank REAL, rearm_ms INTEGER,
	host_id INTEGER, target_key INTEGER, first_seen_ms INTEGER NOT NULL, last_seen_ms INTEGER NOT NULL, purged_seq INTEGER NOT NULL,
	UNIQUE (kind, key)
) STRICT;
CREATE INDEX entities_by_rank ON entities (rank DESC);
CREATE INDEX entities_by_kind_and_rank ON entities (kind, rank DESC);
CREATE INDEX entities_by_host ON entities (host_id);

CREATE TABLE contributions (
	entity_id INTEGER NOT NULL, seq INTEGER NOT NULL, penalty REAL NOT NULL, suppressed INTEGER NOT NULL,
	PRIMARY KEY (entity_id, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE repeats (
	entity_id INTEGER NOT NULL, key INTEGER NOT NULL, at_ms INTEGER NOT NULL, PRIMARY KEY (entity_id, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE hosts (
	id INTEGER PRIMARY KEY, state TEXT NOT NULL, episode_id TEXT, grace_until_ms INTEGER NOT NULL, episodes INTEGER NOT NULL,
	members TEXT NOT NULL
) STRICT;
CREATE INDEX hosts_open ON hosts (state) WHERE state <> 'normal';
CREATE INDEX hosts_grace ON hosts (grace_until_ms) WHERE grace_until_ms > 0;

CREATE TABLE links (
	kind TEXT NOT NULL, value TEXT NOT NULL, host_id INTEGER NOT NULL, PRIMARY KEY (kind, value, host_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE episodes (
	id TEXT PRIMARY KEY, host_id INTEGER NOT NULL, state TEXT NOT NULL, opened_ms INTEGER NOT NULL, release_due_ms INTEGER, body TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX episodes_by_host ON episodes (host_id);
CREATE INDEX episodes_by_state ON episodes (state, release_due_ms);
CREATE INDEX episodes_by_time ON episodes ((state IN ('released', 'refused')), opened_ms DESC);

CREATE TABLE intents (
	id TEXT PRIMARY KEY, kind TEXT NOT NULL, state TEXT NOT NULL, episode_id TEXT NOT NULL, created_ms INTEGER NOT NULL,
	due_ms INTEGER, automatic INTEGER NOT NULL, body TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX intents_by_episode ON intents (episode_id);
CREATE INDEX intents_by_state ON intents (state, due_ms);
CREATE INDEX intents_by_time ON intents (created_ms DESC);
CREATE INDEX intents_automatic ON intents (created_ms) WHERE automatic = 1;

CREATE TABLE audit (
	seq INTEGER PRIMARY KEY, at_ms INTEGER NOT NULL, actor TEXT NOT NULL, execution TEXT, action TEXT NOT NULL, subject TEXT NOT NULL,
	details TEXT NOT NULL, hash TEXT NOT NULL
) STRICT;
CREATE INDEX audit_by_subject ON audit (subject, seq);
CREATE INDEX audit_by_action ON audit (action, seq);
`;
