-- SPDX-License-Identifier: Apache-2.0

-- :name second_factor_begin (ledger)
UPDATE account SET factor_secret = $2, factor_confirmed_at_us = NULL, factor_step = 0 WHERE id = $1;

-- :name second_factor_confirm (ledger)
UPDATE account SET factor_confirmed_at_us = $2, factor_step = $3 WHERE id = $1;

-- Of two requests with the same code one changes a row.
-- :name second_factor_use (ledger)
UPDATE account SET factor_step = $2 WHERE id = $1 AND factor_step < $2;

-- :name second_factor_remove (ledger)
UPDATE account SET factor_secret = NULL, factor_confirmed_at_us = NULL, factor_step = 0
WHERE id = $1;

-- :name second_factor_add_recovery (ledger)
INSERT INTO account_recovery (account_id, code_hash) VALUES ($1, $2);

-- :name second_factor_use_recovery (ledger)
DELETE FROM account_recovery WHERE account_id = $1 AND code_hash = $2;

-- :name second_factor_drop_recovery (ledger)
DELETE FROM account_recovery WHERE account_id = $1;
