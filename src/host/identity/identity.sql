-- SPDX-License-Identifier: Apache-2.0
-- "The origins of a customer" are the customer's own id and those that alias names.

-- ---- finding ----

-- One identifier and the customer it is now.
-- :name identity_find (ledger)
SELECT i.id, i.origin, COALESCE(a.customer, i.origin), i.seen_import
FROM identifier i LEFT JOIN alias a ON a.origin = i.origin
WHERE i.kind = $1 AND i.source = $2 AND i.value = $3

-- The customer an origin is now.
-- :name identity_alias (ledger)
SELECT customer FROM alias WHERE origin = $1

-- Is there such a customer (or an origin that became one)?
-- :name identity_customer_exists (ledger)
SELECT 1 FROM customer WHERE id = $1

-- The customers of a link's two ends.
-- :name identity_link (ledger)
SELECT l.undone_at_us, i.origin, l.identifier_a, l.identifier_b
FROM link l JOIN identifier i ON i.id = l.identifier_a
WHERE l.id = $1

-- The newest link of a pair, smaller id first, and whether a person undid it: an import that is
-- taken back
-- undoes its own links.
-- :name identity_link_of_pair (ledger)
SELECT id, seen_import, undone_at_us IS NULL,
       undone_by <> 'undo of import ' || CAST(import_id AS TEXT)
FROM link WHERE identifier_a = $1 AND identifier_b = $2
ORDER BY id DESC LIMIT 1

-- Was this pair kept apart before?
-- :name identity_conflict_of_pair (ledger)
SELECT 1 FROM identity_conflict WHERE identifier_a = $1 AND identifier_b = $2
    AND reason = $3 LIMIT 1

-- ---- making ----

-- An origin, a customer without a profile yet.
-- :name identity_insert_customer (ledger)
INSERT INTO customer (id, import_id, created_at_us) VALUES ($1, $2, $3)

-- :name identity_insert (ledger)
INSERT INTO identifier (id, kind, source, value, origin, import_id, seen_import, seen_at_us)
VALUES ($1, $2, $3, $4, $5, $6, $6, $7)

-- Another import brought it again.
-- :name identity_seen_again (ledger)
UPDATE identifier SET seen_import = $2 WHERE id = $1

-- :name identity_insert_link (ledger)
INSERT INTO link (id, identifier_a, identifier_b, reason, evidence, import_id, seen_import,
    linked_at_us)
VALUES ($1, $2, $3, $4, $5, $6, $6, $7)

-- Another import saw the pair together again.
-- :name identity_link_seen_again (ledger)
UPDATE link SET seen_import = $2 WHERE id = $1

-- :name identity_insert_conflict (ledger)
INSERT INTO identity_conflict (id, identifier_a, identifier_b, reason, import_id, at_us)
VALUES ($1, $2, $3, $4, $5, $6)

-- ---- joining ----

-- How many identifiers a customer has of each kind, by source.
-- :name identity_kind_counts (ledger)
SELECT kind, source, COUNT(*) FROM identifier
WHERE origin IN (SELECT CAST($1 AS BIGINT) UNION ALL SELECT origin FROM alias WHERE customer = $1)
GROUP BY kind, source

-- How many origins became this customer.
-- :name identity_alias_count (ledger)
SELECT COUNT(*) FROM alias WHERE customer = $1

-- Origins of a customer that becomes another.
-- :name identity_repoint (ledger)
UPDATE alias SET customer = $2 WHERE customer = $1 RETURNING origin

-- :name identity_insert_alias (ledger)
INSERT INTO alias (origin, customer) VALUES ($1, $2)
ON CONFLICT (origin) DO UPDATE SET customer = excluded.customer

-- :name identity_delete_alias (ledger)
DELETE FROM alias WHERE origin = $1

-- The first identifier of an origin: the one that owns it.
-- :name identity_owner (ledger)
SELECT id FROM identifier WHERE origin = $1 ORDER BY id LIMIT 1

-- Look-ups kept in memory are stale from now on.
-- :name identity_epoch_bump (ledger)
UPDATE identity_epoch SET epoch = epoch + 1 RETURNING epoch

-- :name identity_epoch_read (ledger)
SELECT epoch FROM identity_epoch

-- ---- undoing ----

-- :name identity_undo_link (ledger)
UPDATE link SET undone_at_us = $2, undone_by = $3 WHERE id = $1

-- The origins of a customer, its own first.
-- :name identity_origins (ledger)
SELECT CAST($1 AS BIGINT) AS origin UNION ALL SELECT origin FROM alias
    WHERE customer = $1 ORDER BY 1

-- The identifiers of a customer.
-- :name identity_members (ledger)
SELECT id, origin, import_id FROM identifier
WHERE origin IN (SELECT CAST($1 AS BIGINT) UNION ALL SELECT origin FROM alias WHERE customer = $1)
ORDER BY id

-- The links that hold them together.
-- :name identity_live_links (ledger)
SELECT l.identifier_a, l.identifier_b
FROM identifier i JOIN link l ON l.identifier_a = i.id
WHERE i.origin IN (SELECT CAST($1 AS BIGINT) UNION ALL SELECT origin FROM alias WHERE customer = $1)
  AND l.undone_at_us IS NULL

-- An identifier moves to another origin, and its rows with it.
-- :name identity_move (ledger)
UPDATE identifier SET origin = $2 WHERE id = $1

-- :name identity_move_sales (ledger)
UPDATE sale SET origin = $3 WHERE origin = $2 AND identifier_id = $1 RETURNING id

-- :name identity_move_events (ledger)
UPDATE event SET origin = $3 WHERE origin = $2 AND identifier_id = $1 RETURNING id

-- :name identity_move_consents (ledger)
UPDATE consent SET origin = $3 WHERE origin = $2 AND identifier_id = $1 RETURNING id

-- ---- taking an import back ----

-- What a later import said as well stays, as that import's; what an earlier one said stays the
-- earlier's.
-- :name identity_hand_over_links (ledger)
UPDATE link SET import_id = seen_import WHERE import_id = $1 AND seen_import NOT IN (0, $1)

-- :name identity_hand_back_links (ledger)
UPDATE link SET seen_import = import_id WHERE seen_import = $1 AND import_id <> $1

-- :name identity_hand_over (ledger)
UPDATE identifier SET import_id = seen_import WHERE import_id = $1 AND seen_import NOT IN (0, $1)

-- :name identity_hand_back (ledger)
UPDATE identifier SET seen_import = import_id WHERE seen_import = $1 AND import_id <> $1

-- :name identity_undo_links_of_import (ledger)
UPDATE link SET undone_at_us = $2, undone_by = 'undo of import ' || CAST(import_id AS TEXT)
WHERE import_id = $1 AND undone_at_us IS NULL

-- Identifiers that only this import brought: no row is left that carries one, and no other
-- import's link
-- holds one. A join by hand does not: half of what it joined is gone.
-- :name identity_delete_unused (ledger)
DELETE FROM identifier
WHERE import_id = $1
  AND NOT EXISTS (SELECT 1 FROM sale s WHERE s.origin = identifier.origin
      AND s.identifier_id = identifier.id)
  AND NOT EXISTS (SELECT 1 FROM event e WHERE e.origin = identifier.origin
      AND e.identifier_id = identifier.id)
  AND NOT EXISTS (SELECT 1 FROM consent c
                  WHERE c.origin = identifier.origin AND c.identifier_id = identifier.id)
  AND NOT EXISTS (SELECT 1 FROM link l WHERE l.identifier_a = identifier.id
                  AND l.undone_at_us IS NULL AND l.import_id <> 0)
  AND NOT EXISTS (SELECT 1 FROM link l WHERE l.identifier_b = identifier.id
                  AND l.undone_at_us IS NULL AND l.import_id <> 0)

-- The customers that have identifiers of an import.
-- :name identity_holders (ledger)
SELECT DISTINCT coalesce(a.customer, i.origin)
FROM identifier i LEFT JOIN alias a ON a.origin = i.origin
WHERE i.import_id = $1

-- :name identity_import_range (ledger)
SELECT MIN(id), MAX(id) FROM identifier WHERE import_id = $1

-- Links that lost an end, whoever made them: this import may have taken an end that links undone
-- earlier still named.
-- :name identity_delete_dangling_links (ledger)
DELETE FROM link WHERE (import_id IN ($1, 0) OR undone_at_us IS NOT NULL)
  AND (NOT EXISTS (SELECT 1 FROM identifier i WHERE i.id = link.identifier_a)
       OR NOT EXISTS (SELECT 1 FROM identifier i WHERE i.id = link.identifier_b))

-- :name identity_delete_conflicts (ledger)
DELETE FROM identity_conflict WHERE import_id = $1

-- Customers that the import's links (or a person's) held together, where identifiers of theirs
-- are left.
-- :name identity_loosened (ledger)
SELECT DISTINCT COALESCE(a.customer, i.origin)
FROM identifier i LEFT JOIN alias a ON a.origin = i.origin
WHERE i.id IN (SELECT identifier_a FROM link WHERE import_id IN ($1, 0)
               UNION ALL SELECT identifier_b FROM link WHERE import_id IN ($1, 0))

-- Origins that no identifier is left of.
-- :name identity_empty_origins (ledger)
SELECT id FROM customer
WHERE import_id = $1 AND NOT EXISTS (SELECT 1 FROM identifier i WHERE i.origin = customer.id)
ORDER BY id

-- :name identity_delete_customer (ledger)
DELETE FROM customer WHERE id = $1

-- :name identity_delete_profiles (ledger)
DELETE FROM profile WHERE subject_kind = 1 AND subject = $1

-- Customers that another import's identifiers keep are that import's.
-- :name identity_hand_over_customers (ledger)
UPDATE customer SET import_id = (SELECT MIN(i.import_id) FROM identifier i
    WHERE i.origin = customer.id)
WHERE import_id = $1 AND EXISTS (SELECT 1 FROM identifier i WHERE i.origin = customer.id)
