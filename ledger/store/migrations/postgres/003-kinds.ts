/**
 * The index by rank must not serve to find an entity by kind and key: a plan that was made while the table was nearly
 * empty would choose it as readily as the unique one, and read all entities of a kind for each key once it has grown.
 * Only who asks for `(kind || '')` gets it.
 */
export const KINDS = `
DROP INDEX entities_by_kind_and_rank;
CREATE INDEX entities_by_kind_and_rank ON entities ((kind || ''), rank DESC NULLS LAST);
`;
