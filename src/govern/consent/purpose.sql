-- SPDX-License-Identifier: Apache-2.0

-- The version in force.
-- :name purpose_find (ledger)
SELECT p.version, v.definition
FROM consent_purpose p
JOIN consent_purpose_version v ON v.purpose = p.name AND v.version = p.version
WHERE p.name = $1

-- :name purpose_find_version (ledger)
SELECT version, definition FROM consent_purpose_version WHERE purpose = $1 AND version = $2

-- :name purpose_names (ledger)
SELECT name FROM consent_purpose ORDER BY name

-- :name purpose_versions (ledger)
SELECT version, at_us, by_whom FROM consent_purpose_version WHERE purpose = $1 ORDER BY version DESC

-- :name purpose_put (ledger)
INSERT INTO consent_purpose (name, version, created_at_us, changed_at_us) VALUES ($1, $2, $3, $3)
ON CONFLICT (name) DO UPDATE SET version = excluded.version, changed_at_us = excluded.changed_at_us

-- :name purpose_put_version (ledger)
INSERT INTO consent_purpose_version (purpose, version, definition, at_us, by_whom)
VALUES ($1, $2, $3, $4, $5)
