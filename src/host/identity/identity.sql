-- SPDX-License-Identifier: Apache-2.0
-- "The origins of a customer" are the customer's own id and those that alias names.

-- ---- finding ----

-- One identifier and the customer it is now.
-- :name identity_find (ledger)
SELECT i.id, i.origin, COALESCE(a.customer, i.origin), i.seen_import, COALESCE(g.state, 0)
FROM identifier i LEFT JOIN alias a ON a.origin = i.origin
LEFT JOIN identifier_guard g ON g.identifier_id = i.id
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
-- taken back undoes its own links, and blocking an identifier is no word on who belongs together.
-- :name identity_link_of_pair (ledger)
SELECT id, seen_import, undone_at_us IS NULL,
       undone_by <> 'undo of import ' || CAST(import_id AS TEXT)
       AND undone_by NOT LIKE 'block of identifier %'
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
    linked_at_us, source)
VALUES ($1, $2, $3, $4, $5, $6, $6, $7, $8)

-- Another import saw the pair together again.
-- :name identity_link_seen_again (ledger)
UPDATE link SET seen_import = $2 WHERE id = $1

-- :name identity_insert_conflict (ledger)
INSERT INTO identity_conflict (id, identifier_a, identifier_b, reason, import_id, at_us, source,
    evidence)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)

-- ---- joining ----

-- How many identifiers a customer has of each kind, by source.
-- :name identity_kind_counts (ledger)
SELECT kind, source, COUNT(*) FROM identifier
WHERE origin IN (SELECT CAST($1 AS BIGINT) UNION ALL SELECT origin FROM alias WHERE customer = $1)
GROUP BY kind, source

-- How many origins became this customer.
-- :name identity_alias_count (ledger)
SELECT COUNT(*) FROM alias WHERE customer = $1

-- Origins of a customer that becomes another, at $3.
-- :name identity_repoint (ledger)
UPDATE alias SET customer = $2, joined_at_us = $3 WHERE customer = $1 RETURNING origin

-- One that stays the customer's keeps its instant.
-- :name identity_insert_alias (ledger)
INSERT INTO alias (origin, customer, joined_at_us) VALUES ($1, $2, $3)
ON CONFLICT (origin) DO UPDATE SET customer = excluded.customer,
    joined_at_us = CASE WHEN alias.customer = excluded.customer THEN alias.joined_at_us
                        ELSE excluded.joined_at_us END

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

-- ---- stopping ----

-- How many known customers an identifier pulls together: links of it that joined two, and joins
-- refused. Kinds that say nothing of who somebody is (cookie, device, pick-up code, message) do not
-- count at the far end.
-- :name identity_pulled (ledger)
SELECT (SELECT COUNT(*) FROM link l JOIN identifier o ON o.id = l.identifier_b
        WHERE l.identifier_a = $1 AND l.undone_at_us IS NULL AND o.origin <> $2
          AND o.kind + 0 NOT IN (5, 6, 8, 9))
     + (SELECT COUNT(*) FROM link l JOIN identifier o ON o.id = l.identifier_a
        WHERE l.identifier_b = $1 AND l.undone_at_us IS NULL AND o.origin <> $2
          AND o.kind + 0 NOT IN (5, 6, 8, 9))
     + (SELECT COUNT(*) FROM identity_conflict c JOIN identifier o ON o.id = c.identifier_b
        WHERE c.identifier_a = $1 AND c.reason IN ('limit_per_kind', 'too_many_joins')
          AND o.kind + 0 NOT IN (5, 6, 8, 9))
     + (SELECT COUNT(*) FROM identity_conflict c JOIN identifier o ON o.id = c.identifier_a
        WHERE c.identifier_b = $1 AND c.reason IN ('limit_per_kind', 'too_many_joins')
          AND o.kind + 0 NOT IN (5, 6, 8, 9))

-- A breaker trips once; what a person decided stands.
-- :name identity_trip (ledger)
INSERT INTO identifier_guard (identifier_id, state, decided_by, why, at_us)
VALUES ($1, 1, '', $2, $3)
ON CONFLICT (identifier_id) DO NOTHING RETURNING identifier_id

-- :name identity_guard_put (ledger)
INSERT INTO identifier_guard (identifier_id, state, decided_by, why, at_us)
VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (identifier_id) DO UPDATE SET state = excluded.state, decided_by = excluded.decided_by,
    why = excluded.why, at_us = excluded.at_us

-- :name identity_guard_state (ledger)
SELECT COALESCE(g.state, 0) FROM identifier i
LEFT JOIN identifier_guard g ON g.identifier_id = i.id
WHERE i.id = $1

-- The customer that an identifier is of.
-- :name identity_holder (ledger)
SELECT COALESCE(a.customer, i.origin) FROM identifier i LEFT JOIN alias a ON a.origin = i.origin
WHERE i.id = $1

-- :name identity_undo_links_of_identifier (ledger)
UPDATE link SET undone_at_us = $2, undone_by = $3
WHERE (identifier_a = $1 OR identifier_b = $1) AND undone_at_us IS NULL RETURNING id

-- A decision about an identifier settles what was kept apart because of it.
-- :name identity_settle_conflicts (ledger)
UPDATE identity_conflict SET decision = 'kept_apart', decided_by = $2, decided_at_us = $3
WHERE (identifier_a = $1 OR identifier_b = $1) AND decision IS NULL

-- Only the report that the identifier itself was stopped.
-- :name identity_settle_breaker (ledger)
UPDATE identity_conflict SET decision = 'released', decided_by = $2, decided_at_us = $3
WHERE identifier_a = $1 AND identifier_b = $1 AND decision IS NULL

-- What was kept apart, with the customers at both ends.
-- :name identity_conflict_read (ledger)
SELECT c.decision, COALESCE(aa.customer, ia.origin), COALESCE(ab.customer, ib.origin),
       c.identifier_a = c.identifier_b
FROM identity_conflict c
JOIN identifier ia ON ia.id = c.identifier_a LEFT JOIN alias aa ON aa.origin = ia.origin
JOIN identifier ib ON ib.id = c.identifier_b LEFT JOIN alias ab ON ab.origin = ib.origin
WHERE c.id = $1

-- :name identity_conflict_decide (ledger)
UPDATE identity_conflict SET decision = $2, decided_by = $3, decided_at_us = $4 WHERE id = $1

-- Identifiers of a customer that say who it is.
-- :name identity_known_count (ledger)
SELECT COUNT(*) FROM identifier
WHERE origin IN (SELECT CAST($1 AS BIGINT) UNION ALL SELECT origin FROM alias WHERE customer = $1)
  AND kind NOT IN (5, 6, 8, 9)

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
WITH candidate AS MATERIALIZED (
    SELECT id, origin FROM identifier WHERE import_id = $1
), used AS MATERIALIZED (
    SELECT identifier_id FROM sale WHERE origin IN (SELECT origin FROM candidate)
    UNION SELECT identifier_id FROM event WHERE origin IN (SELECT origin FROM candidate)
    UNION SELECT identifier_id FROM consent WHERE origin IN (SELECT origin FROM candidate)
    UNION SELECT identifier_a FROM link WHERE identifier_a IN (SELECT id FROM candidate)
        AND undone_at_us IS NULL AND import_id <> 0
    UNION SELECT identifier_b FROM link WHERE identifier_b IN (SELECT id FROM candidate)
        AND undone_at_us IS NULL AND import_id <> 0
), unused AS MATERIALIZED (
    SELECT c.id FROM candidate c LEFT JOIN used u ON u.identifier_id = c.id
    WHERE u.identifier_id IS NULL
)
DELETE FROM identifier WHERE id IN (SELECT id FROM unused)

-- :name identity_delete_unused_guards (ledger)
DELETE FROM identifier_guard
WHERE identifier_id NOT IN (
    SELECT id FROM identifier WHERE id IN (SELECT identifier_id FROM identifier_guard))

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
WITH candidate AS MATERIALIZED (
    SELECT id, identifier_a, identifier_b FROM link
    WHERE import_id IN ($1, 0) OR undone_at_us IS NOT NULL
), alive AS MATERIALIZED (
    SELECT id FROM identifier WHERE id IN (SELECT identifier_a FROM candidate
                                           UNION ALL SELECT identifier_b FROM candidate)
), dangling AS MATERIALIZED (
    SELECT c.id FROM candidate c
    LEFT JOIN alive a ON a.id = c.identifier_a
    LEFT JOIN alive b ON b.id = c.identifier_b
    WHERE a.id IS NULL OR b.id IS NULL
)
DELETE FROM link WHERE id IN (SELECT id FROM dangling)

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
WHERE import_id = $1 AND id NOT IN (
    SELECT origin FROM identifier WHERE origin IN (SELECT id FROM customer WHERE import_id = $1))
ORDER BY id

-- :name identity_delete_customer (ledger)
DELETE FROM customer WHERE id = $1

-- :name identity_delete_profiles (ledger)
DELETE FROM profile WHERE subject_kind = 1 AND subject = $1

-- Customers that another import's identifiers keep are that import's.
-- :name identity_hand_over_customers (ledger)
UPDATE customer SET import_id = held.import_id
FROM (SELECT origin, MIN(import_id) AS import_id FROM identifier
      WHERE origin IN (SELECT id FROM customer WHERE import_id = $1)
      GROUP BY origin) AS held
WHERE customer.import_id = $1 AND held.origin = customer.id
