/** What somebody last looked up about an entity in the products. */
export const CONTEXTS = `
CREATE TABLE contexts (entity_id bigint PRIMARY KEY, body text NOT NULL);
`;
