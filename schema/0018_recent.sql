-- SPDX-License-Identifier: Apache-2.0
-- Servers on one database show each other the last events of a source, while somebody looks at them
-- (plug/collect/recent_share.c). Nothing stands here otherwise.

-- Who looks at a source counts on, every few seconds.
CREATE TABLE recent_watch (
    sender_id BIGINT PRIMARY KEY,
    beat BIGINT NOT NULL
);

CREATE TABLE recent (
    id BIGINT PRIMARY KEY,        -- in the order of the commits
    writer BIGINT NOT NULL,       -- one per server process
    number BIGINT NOT NULL,       -- its own
    sender_id BIGINT NOT NULL,
    received_at_us BIGINT NOT NULL,
    at_us BIGINT NOT NULL,        -- 0: not known
    type INTEGER NOT NULL,
    outcome INTEGER NOT NULL,
    name TEXT NOT NULL,
    key TEXT NOT NULL,
    kinds TEXT NOT NULL,
    detail TEXT NOT NULL
);
