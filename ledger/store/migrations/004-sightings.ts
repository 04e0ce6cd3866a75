/** Finds detections by what was seen in them; the store keeps it whenever detections come and go (see `sightingsIn`). */
export const SIGHTINGS = `
CREATE TABLE sightings (
	value TEXT NOT NULL, seq INTEGER NOT NULL,
	PRIMARY KEY (value, seq)
) WITHOUT ROWID;
`;
