-- SPDX-License-Identifier: Apache-2.0

-- :name consent_find (ledger)
SELECT id, seen_import
FROM consent
WHERE source = $1 AND consent_key = $2

-- :name consent_insert (ledger)
INSERT INTO consent (id, import_id, seen_import, source, consent_key, identifier_id, origin,
    purpose, channel, state, legal_basis, text_version, at_us, proof, home)
VALUES ($1, $2, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)

-- Delivered again.
-- :name consent_seen (ledger)
UPDATE consent
SET seen_import = $2
WHERE id = $1

-- :name consent_undo_pass_on (ledger)
UPDATE consent
SET import_id = seen_import
WHERE import_id = $1 AND seen_import <> $1

-- :name consent_undo_unsee (ledger)
UPDATE consent
SET seen_import = import_id
WHERE seen_import = $1 AND import_id <> $1

-- :name consent_undo_ids (ledger)
SELECT min(id), max(id)
FROM consent
WHERE import_id = $1

-- :name consent_undo (ledger)
DELETE FROM consent
WHERE import_id = $1
