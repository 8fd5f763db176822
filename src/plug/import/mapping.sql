-- SPDX-License-Identifier: Apache-2.0

-- Keep a mapping under its name.
-- :name mapping_save (ledger)
INSERT INTO mapping (name, kind, definition, created_at_us, updated_at_us)
VALUES ($1, $2, $3, $4, $4)
ON CONFLICT (name) DO UPDATE
SET kind = excluded.kind, definition = excluded.definition, updated_at_us = excluded.updated_at_us

-- :name mapping_find (ledger)
SELECT definition
FROM mapping
WHERE name = $1

-- :name mapping_delete (ledger)
DELETE FROM mapping
WHERE name = $1

-- :name mapping_list (ledger)
SELECT name, kind, updated_at_us
FROM mapping
ORDER BY name
