/**
 * Finds entities by a part of their key, by three letters at a time. Scoring does not keep it, which would cost it a
 * tenth of its time: upkeep adds what is new, and searches look through what is newer. A row's number is that of the
 * entity, times 8, plus that of its kind (see `PLACE_OF_KIND`).
 */
export const KEY_PARTS = `
CREATE VIRTUAL TABLE key_parts USING fts5 (key, content = '', columnsize = 0, tokenize = 'trigram');
CREATE TABLE key_parts_through (id INTEGER PRIMARY KEY CHECK (id = 1), entity_id INTEGER NOT NULL) STRICT;
INSERT INTO key_parts_through (id, entity_id) VALUES (1, 0);
`;
