-- SPDX-License-Identifier: Apache-2.0

-- One entry of the change log.
-- :name change_insert (ledger)
INSERT INTO change (id, table_id, kind, first_id, last_id) VALUES ($1, $2, $3, $4, $5);

-- :name change_newest (ledger)
SELECT max(id) FROM change;

-- All but the newest, where nothing is carried.
-- :name change_forget_older (ledger)
DELETE FROM change WHERE id < $1;
