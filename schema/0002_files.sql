-- SPDX-License-Identifier: Apache-2.0
-- Files that came over the network or are fetched over it. They lie in folders of the store under
-- random names; what people call them stands here alone and never becomes a path.

CREATE TABLE upload (
    id TEXT PRIMARY KEY,               -- 128 random bits in hex: the handle, and the file's name
    name TEXT NOT NULL,                -- what its sender calls it
    bytes BIGINT NOT NULL,
    actor TEXT NOT NULL,
    created_at_us BIGINT NOT NULL
) /* sqlite: WITHOUT ROWID */;

CREATE TABLE export (
    id BIGINT PRIMARY KEY,
    file TEXT NOT NULL UNIQUE,         -- its random name
    name TEXT NOT NULL,                -- under which it is fetched
    what TEXT NOT NULL,                -- "segment regulars"
    row_count BIGINT NOT NULL,
    bytes BIGINT NOT NULL,
    actor TEXT NOT NULL,
    created_at_us BIGINT NOT NULL
);

-- What people call the file; empty in rows from before: the end of the path.
ALTER TABLE import ADD COLUMN file_name TEXT NOT NULL DEFAULT '';
