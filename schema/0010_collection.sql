-- SPDX-License-Identifier: Apache-2.0
-- Sources that send as things happen (plug/sender), and what came of them (plug/collect). A write
-- key stands here as SHA-256 only: it is random, so nothing slower is needed.

CREATE TABLE sender (
    id BIGINT PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,         -- the "source" of its events, receipts and customer numbers
    type TEXT NOT NULL,                -- plug/sender/sender.h
    key_hash TEXT NOT NULL UNIQUE,
    old_key_hash TEXT,                 -- the key before it, as long as it counts
    old_key_until_us BIGINT,
    is_enabled INTEGER NOT NULL,
    silence_s BIGINT NOT NULL,         -- without an event, from which on it is an alarm; 0: never
    schema_text TEXT,                  -- JSON Schema of its events; NULL: anything goes
    schema_policy TEXT NOT NULL,       -- what becomes of others: mark, quarantine
    created_at_us BIGINT NOT NULL,
    created_by TEXT NOT NULL
);

-- How much came, by hours, and when the last of it was taken.
CREATE TABLE sender_hour (
    sender_id BIGINT NOT NULL,
    hour BIGINT NOT NULL,              -- since 1970-01-01
    accepted_count BIGINT NOT NULL,
    duplicate_count BIGINT NOT NULL,
    quarantined_count BIGINT NOT NULL,
    bytes BIGINT NOT NULL,             -- of the requests, unpacked
    last_at_us BIGINT NOT NULL,
    PRIMARY KEY (sender_id, hour)
) /* sqlite: WITHOUT ROWID */;

-- What all senders say in a month counts as one import: the newer layers of profiles win, and there
-- are not too many of them (host/profile).
CREATE TABLE collection_month (
    month BIGINT PRIMARY KEY,          -- since 1970-01
    import_id BIGINT NOT NULL
);
