-- SPDX-License-Identifier: Apache-2.0

-- What the next record builds upon.
-- :name audit_last (ledger)
SELECT hash, id FROM audit ORDER BY id DESC LIMIT 1;

-- :name audit_insert (ledger)
INSERT INTO audit (id, at_us, actor, action, object, details, hash)
VALUES ($1, $2, $3, $4, $5, $6, $7);

-- How many records there are and the last one's hash; no row when there is none.
-- :name audit_head (ledger)
SELECT (SELECT count(*) FROM audit), hash FROM audit ORDER BY id DESC LIMIT 1;

-- The whole chain, oldest first.
-- :name audit_walk (ledger)
SELECT id, at_us, actor, action, object, details, hash FROM audit ORDER BY id;

-- A page, newest first: $1 the id to begin before, $2 the length.
-- :name audit_page (ledger)
SELECT id, at_us, actor, action, object, details FROM audit
WHERE id < $1 ORDER BY id DESC LIMIT $2;
