/** What the ledger's upkeep remembers: alarms, failures of sources, and scores as of the retention horizon. */
export const UPKEEP = `
CREATE TABLE alarms (key TEXT PRIMARY KEY, body TEXT NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE sources (source TEXT PRIMARY KEY, body TEXT NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE bases (entity_id INTEGER PRIMARY KEY, sources TEXT NOT NULL, memory TEXT NOT NULL) STRICT;
`;
