-- SPDX-License-Identifier: Apache-2.0

-- Which steps this ledger has had.
-- :name migration_create (ledger)
CREATE TABLE IF NOT EXISTS schema_version (
    version INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    applied_at_us BIGINT NOT NULL
);

-- :name migration_newest (ledger)
SELECT max(version) FROM schema_version;

-- :name migration_insert (ledger)
INSERT INTO schema_version (version, name, applied_at_us) VALUES ($1, $2, $3);
