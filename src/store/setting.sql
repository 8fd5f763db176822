-- SPDX-License-Identifier: Apache-2.0

-- Every setting that somebody has set.
-- :name setting_list (ledger)
SELECT name, value FROM setting;

-- :name setting_put (ledger)
INSERT INTO setting (name, value) VALUES ($1, $2)
ON CONFLICT (name) DO UPDATE SET value = excluded.value;

-- A default that is kept from now on.
-- :name setting_put_absent (ledger)
INSERT INTO setting (name, value) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING;

-- :name setting_find (ledger)
SELECT value FROM setting WHERE name = $1;
