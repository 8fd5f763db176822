-- SPDX-License-Identifier: Apache-2.0

-- $1: the id or 0, $2: the name or empty.
-- :name account_find (ledger)
SELECT id, name, display_name, role, state, coalesce(password_hash, ''),
    coalesce(factor_secret, ''), coalesce(factor_confirmed_at_us, 0), factor_step, created_at_us,
    coalesce(signed_in_at_us, 0)
FROM account WHERE id = $1 OR name = $2;

-- :name account_list (ledger)
SELECT id, name, display_name, role, state, factor_confirmed_at_us IS NOT NULL, created_at_us,
    signed_in_at_us
FROM account ORDER BY name;

-- :name account_insert (ledger)
INSERT INTO account (id, name, display_name, role, state, created_at_us, created_by)
VALUES ($1, $2, $3, $4, 'invited', $5, $6)
ON CONFLICT (name) DO NOTHING;

-- :name account_update (ledger)
UPDATE account SET role = $2, state = $3, display_name = $4 WHERE id = $1;

-- :name account_password (ledger)
UPDATE account SET password_hash = $2, state = 'active' WHERE id = $1;

-- :name account_signed_in (ledger)
UPDATE account SET signed_in_at_us = $2 WHERE id = $1;

-- Who is active in a role, but for one account.
-- :name account_others_active (ledger)
SELECT count(*) FROM account WHERE state = 'active' AND role = $2 AND id <> $1;

-- :name account_active_count (ledger)
SELECT count(*) FROM account WHERE state = 'active';

-- The administrator who was invited first and has not come yet.
-- :name account_first_invited (ledger)
SELECT id FROM account WHERE state = 'invited' AND role = 'administrator' ORDER BY id LIMIT 1;

-- Is there nothing yet to look at?
-- :name account_store_is_empty (ledger)
SELECT CASE WHEN EXISTS (SELECT 1 FROM import) OR EXISTS (SELECT 1 FROM sale)
    OR EXISTS (SELECT 1 FROM identifier) THEN 0 ELSE 1 END;
