/** What somebody last looked up about an entity in the products. */
export const CONTEXTS = `
CREATE TABLE contexts (entity_id INTEGER PRIMARY KEY, body TEXT NOT NULL) STRICT;
`;
