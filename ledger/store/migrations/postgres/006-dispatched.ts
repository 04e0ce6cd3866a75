/** The circuit breaker counts containments by when they were decided, which may be later than they were asked for. */
export const DISPATCHED = `
ALTER TABLE intents ADD COLUMN dispatched_ms bigint;
UPDATE intents SET dispatched_ms = created_ms WHERE automatic = 1;
DROP INDEX intents_automatic;
CREATE INDEX intents_by_dispatch ON intents (dispatched_ms) WHERE dispatched_ms IS NOT NULL;
`;
