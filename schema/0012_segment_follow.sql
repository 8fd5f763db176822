-- SPDX-License-Identifier: Apache-2.0
-- Segments that follow what happens (analyze/segment/follow.h).

ALTER TABLE segment ADD COLUMN is_live INTEGER NOT NULL DEFAULT 1;

-- How far the members of a segment are true. There is a row once it was evaluated.
CREATE TABLE segment_follow (
    segment_id BIGINT PRIMARY KEY,
    change_id BIGINT NOT NULL,         -- the change up to which they are
    as_of_day INTEGER NOT NULL,
    changed_at_us BIGINT NOT NULL,     -- of the latest of the definitions they were worked out with
    is_pinned INTEGER NOT NULL,        -- 1: evaluated for another day than the present one
    at_us BIGINT NOT NULL,
    size BIGINT NOT NULL,
    history_at_us BIGINT NOT NULL,     -- the row of segment_history still counted up; 0: none
    problem TEXT NOT NULL              -- why it does not follow; empty: it does
);

-- Who entered or left a segment, in order, for who keeps members in memory; for some minutes.
-- customer 0: look at all of them.
CREATE TABLE segment_move (
    id BIGINT PRIMARY KEY,
    segment_id BIGINT NOT NULL,
    customer BIGINT NOT NULL
);

CREATE INDEX segment_member_by_customer ON segment_member (customer);
