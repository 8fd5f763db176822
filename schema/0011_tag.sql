-- SPDX-License-Identifier: Apache-2.0
-- What the tag of a web site does and asks (plug/tag): one draft, and what was published, which is
-- never changed: a consent names the version of the words that were read.

CREATE TABLE tag_draft (
    sender_id BIGINT PRIMARY KEY,
    configuration TEXT NOT NULL,       -- JSON
    updated_at_us BIGINT NOT NULL,
    updated_by TEXT NOT NULL
);

CREATE TABLE tag_version (
    sender_id BIGINT NOT NULL,
    version BIGINT NOT NULL,           -- 1, 2, …; the last one is in force
    text_version BIGINT NOT NULL,      -- the first version with these purposes and words
    text_hash TEXT NOT NULL,           -- SHA-256 of them
    mode TEXT NOT NULL,                -- consent, exempt
    configuration TEXT NOT NULL,       -- JSON
    note TEXT NOT NULL,
    restored_version BIGINT,           -- whose configuration it is
    published_at_us BIGINT NOT NULL,
    published_by TEXT NOT NULL,
    PRIMARY KEY (sender_id, version)
) /* sqlite: WITHOUT ROWID */;
