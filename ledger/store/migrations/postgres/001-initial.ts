/**
 * The tables of the SQLite store, with the same names and columns, so that exports fit both. Times are milliseconds
 * since 1970; JSON is kept as text, byte for byte. Text sorts by bytes (`COLLATE "C"`), as SQLite does, and no
 * update of the operating system's collations can break an index.
 */
export const INITIAL = `
CREATE TABLE head (id bigint PRIMARY KEY CHECK (id = 1), body text NOT NULL) WITH (fillfactor = 20);

CREATE TABLE policies (
	version bigint PRIMARY KEY, policy text NOT NULL, created_ms bigint NOT NULL, created_by text NOT NULL, comment text NOT NULL
);

CREATE TABLE protected (
	type text COLLATE "C" NOT NULL, value text COLLATE "C" NOT NULL, reason text NOT NULL, added_by text NOT NULL, added_at text NOT NULL,
	PRIMARY KEY (type, value)
);

CREATE TABLE cursors (source text COLLATE "C" PRIMARY KEY, position text, last_poll_ms bigint NOT NULL) WITH (fillfactor = 50);

CREATE TABLE detections (
	seq bigint PRIMARY KEY, id text COLLATE "C" NOT NULL UNIQUE, source text COLLATE "C" NOT NULL, event_type_id text COLLATE "C" NOT NULL,
	event_type_name text COLLATE "C" NOT NULL, occurred_ms bigint NOT NULL, received_ms bigint NOT NULL, body text NOT NULL
);
CREATE INDEX detections_by_source ON detections (source, occurred_ms);
CREATE INDEX detections_by_time ON detections (occurred_ms, seq);

CREATE TABLE sightings (key uuid NOT NULL, seq bigint NOT NULL, PRIMARY KEY (key, seq));

CREATE TABLE entities (
	id bigint PRIMARY KEY, kind text COLLATE "C" NOT NULL, key text COLLATE "C" NOT NULL, sources text NOT NULL, rank double precision,
	rearm_ms bigint, host_id bigint, target_key bigint, first_seen_ms bigint NOT NULL, last_seen_ms bigint NOT NULL, purged_seq bigint NOT NULL,
	UNIQUE (kind, key)
) WITH (fillfactor = 80);
CREATE INDEX entities_by_rank ON entities (rank DESC NULLS LAST);
CREATE INDEX entities_by_kind_and_rank ON entities (kind, rank DESC NULLS LAST);
CREATE INDEX entities_by_host ON entities (host_id);

CREATE TABLE contributions (
	entity_id bigint NOT NULL, seq bigint NOT NULL, penalty double precision NOT NULL, suppressed bigint NOT NULL,
	PRIMARY KEY (entity_id, seq)
);

CREATE TABLE repeats (
	entity_id bigint NOT NULL, key bigint NOT NULL, at_ms bigint NOT NULL, PRIMARY KEY (entity_id, key)
) WITH (fillfactor = 80);

CREATE TABLE hosts (
	id bigint PRIMARY KEY, state text COLLATE "C" NOT NULL, episode_id text COLLATE "C", grace_until_ms bigint NOT NULL,
	episodes bigint NOT NULL, members text NOT NULL
) WITH (fillfactor = 80);
CREATE INDEX hosts_open ON hosts (state) WHERE state <> 'normal';
CREATE INDEX hosts_grace ON hosts (grace_until_ms) WHERE grace_until_ms > 0;

CREATE TABLE links (
	kind text COLLATE "C" NOT NULL, value text COLLATE "C" NOT NULL, host_id bigint NOT NULL, PRIMARY KEY (kind, value, host_id)
);

CREATE TABLE episodes (
	id text COLLATE "C" PRIMARY KEY, host_id bigint NOT NULL, state text COLLATE "C" NOT NULL, opened_ms bigint NOT NULL,
	release_due_ms bigint, body text NOT NULL
);
CREATE INDEX episodes_by_host ON episodes (host_id);
CREATE INDEX episodes_by_state ON episodes (state, release_due_ms);
CREATE INDEX episodes_by_time ON episodes ((state IN ('released', 'refused')), opened_ms DESC);

CREATE TABLE intents (
	id text COLLATE "C" PRIMARY KEY, kind text COLLATE "C" NOT NULL, state text COLLATE "C" NOT NULL, episode_id text COLLATE "C" NOT NULL,
	created_ms bigint NOT NULL, due_ms bigint, automatic bigint NOT NULL, body text NOT NULL
);
CREATE INDEX intents_by_episode ON intents (episode_id);
CREATE INDEX intents_by_state ON intents (state, due_ms);
CREATE INDEX intents_by_time ON intents (created_ms DESC);
CREATE INDEX intents_automatic ON intents (created_ms) WHERE automatic = 1;

CREATE TABLE audit (
	seq bigint PRIMARY KEY, at_ms bigint NOT NULL, actor text NOT NULL, execution text, action text COLLATE "C" NOT NULL,
	subject text COLLATE "C" NOT NULL, details text NOT NULL, hash text NOT NULL
);
CREATE INDEX audit_by_subject ON audit (subject, seq);
CREATE INDEX audit_by_action ON audit (action, seq);

CREATE TABLE alarms (key text COLLATE "C" PRIMARY KEY, body text NOT NULL);

CREATE TABLE sources (source text COLLATE "C" PRIMARY KEY, body text NOT NULL);

CREATE TABLE bases (entity_id bigint PRIMARY KEY, sources text NOT NULL, memory text NOT NULL);

CREATE TABLE unrated (
	source text COLLATE "C" NOT NULL, event_type_id text COLLATE "C" NOT NULL, event_type_name text COLLATE "C" NOT NULL,
	detections bigint NOT NULL, first_seen_ms bigint NOT NULL, last_seen_ms bigint NOT NULL,
	PRIMARY KEY (source, event_type_id, event_type_name)
);
`;
