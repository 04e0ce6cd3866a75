/** Event types with detections that no rule of the active policy matched; derived from the detections. */
export const UNRATED = `
CREATE TABLE unrated (
	source TEXT NOT NULL, event_type_id TEXT NOT NULL, event_type_name TEXT NOT NULL, detections INTEGER NOT NULL,
	first_seen_ms INTEGER NOT NULL, last_seen_ms INTEGER NOT NULL,
	PRIMARY KEY (source, event_type_id, event_type_name)
) STRICT, WITHOUT ROWID;
`;
