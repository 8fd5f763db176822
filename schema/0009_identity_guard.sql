-- SPDX-License-Identifier: Apache-2.0
-- Who is who, in streams: links and refused joins say which source they come from; a person decides
-- about what was kept apart; identifiers that pull too many customers together are stopped.
ALTER TABLE link ADD COLUMN source TEXT NOT NULL DEFAULT '';          -- '' of files: their import's
ALTER TABLE identity_conflict ADD COLUMN source TEXT NOT NULL DEFAULT '';
ALTER TABLE identity_conflict ADD COLUMN evidence TEXT NOT NULL DEFAULT '';
-- joined, kept_apart or released; NULL: nobody decided yet.
ALTER TABLE identity_conflict ADD COLUMN decision TEXT;
ALTER TABLE identity_conflict ADD COLUMN decided_by TEXT;
ALTER TABLE identity_conflict ADD COLUMN decided_at_us BIGINT;
CREATE INDEX identity_conflict_by_b ON identity_conflict (identifier_b);

-- Identifiers that do not join as others do (host/identity/guard.c).
CREATE TABLE identifier_guard (
    identifier_id BIGINT PRIMARY KEY,
    state INTEGER NOT NULL,            -- 1 tripped, 2 blocked by a person, 3 released by a person
    decided_by TEXT NOT NULL,          -- '' of a breaker that tripped
    why TEXT NOT NULL,
    at_us BIGINT NOT NULL
);
