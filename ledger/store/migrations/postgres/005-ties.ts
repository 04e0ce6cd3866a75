/**
 * Entities with the same rank have an order, too: without it a list that is read in parts repeats some of them and leaves
 * others out.
 */
export const TIES = `
DROP INDEX entities_by_rank;
CREATE INDEX entities_by_rank ON entities (rank DESC NULLS LAST, id);
DROP INDEX entities_by_kind_and_rank;
CREATE INDEX entities_by_kind_and_rank ON entities ((kind || ''), rank DESC NULLS LAST, id);
`;
