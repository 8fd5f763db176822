-- SPDX-License-Identifier: Apache-2.0

-- :name export_insert (ledger)
INSERT INTO export (id, file, name, what, row_count, bytes, actor, created_at_us)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8);

-- :name export_find (ledger)
SELECT id, file, name, what, row_count, bytes, actor, created_at_us FROM export
WHERE id = $1 AND created_at_us >= $2;

-- A page, newest first.
-- :name export_list (ledger)
SELECT id, name, what, row_count, bytes, created_at_us, actor FROM export
WHERE id < $1 AND created_at_us >= $2 ORDER BY id DESC LIMIT $3;

-- :name export_expired (ledger)
SELECT id, file FROM export WHERE created_at_us < $1;

-- :name export_delete (ledger)
DELETE FROM export WHERE id = $1;

-- :name export_is_known (ledger)
SELECT count(*) FROM export WHERE file = $1;
