/** For lists that begin with those that were seen last. */
export const LAST_SEEN = `
CREATE INDEX entities_by_kind_and_last_seen ON entities (kind, last_seen_ms DESC);
`;
