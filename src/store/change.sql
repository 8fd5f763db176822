-- SPDX-License-Identifier: Apache-2.0

-- One entry of the change log.
-- :name change_insert (ledger)
INSERT INTO change (id, table_id, kind, first_id, last_id) VALUES ($1, $2, $3, $4, $5);

-- :name change_newest (ledger)
SELECT max(id) FROM change;

-- Where nothing is carried: what is too old to be asked for. Of that the newest stays: whoever has
-- seen it has seen all that is gone, however long nothing happened.
-- :name change_forget_older (ledger)
DELETE FROM change WHERE id < (SELECT max(id) FROM change WHERE id < $1);

-- The oldest entry that is kept, and the newest.
-- :name change_span (ledger)
SELECT (SELECT min(id) FROM change), (SELECT max(id) FROM change);

-- The first entry behind $1.
-- :name change_next (ledger)
SELECT min(id) FROM change WHERE id > $1;

-- What happened behind entry $1, in order.
-- :name change_entries (ledger)
SELECT id, table_id, kind, first_id, last_id FROM change WHERE id > $1 ORDER BY id;
