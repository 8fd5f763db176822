-- SPDX-License-Identifier: Apache-2.0

-- :name event_find (ledger)
SELECT id, seen_import
FROM event
WHERE source = $1 AND event_key = $2

-- :name event_insert (ledger)
INSERT INTO event (id, import_id, seen_import, source, event_key, identifier_id, origin, at_us,
    name, channel, direction, campaign, properties, home, product_id, coupon, product_ids)
VALUES ($1, $2, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)

-- :name event_put (ledger)
INSERT INTO event (id, import_id, seen_import, source, event_key, identifier_id, origin, at_us,
    name, channel, direction, campaign, properties, home, product_id, coupon, product_ids)
VALUES ($1, $2, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
ON CONFLICT DO NOTHING

-- Delivered again.
-- :name event_seen (ledger)
UPDATE event
SET seen_import = $2
WHERE id = $1

-- :name event_undo_pass_on (ledger)
UPDATE event
SET import_id = seen_import
WHERE import_id = $1 AND seen_import <> $1

-- :name event_undo_unsee (ledger)
UPDATE event
SET seen_import = import_id
WHERE seen_import = $1 AND import_id <> $1

-- :name event_undo_ids (ledger)
SELECT min(id), max(id)
FROM event
WHERE import_id = $1

-- :name event_undo (ledger)
DELETE FROM event
WHERE import_id = $1
