-- SPDX-License-Identifier: Apache-2.0

-- :name sign_in_device_find (ledger)
SELECT 1 FROM account_device WHERE token_hash = $1 AND account_id = $2 AND seen_at_us > $3;

-- Somebody signed in with it: on a till that many share it stays the same device.
-- :name sign_in_device_of_anybody (ledger)
SELECT 1 FROM account_device WHERE token_hash = $1 AND seen_at_us > $2 LIMIT 1;

-- :name sign_in_device_put (ledger)
INSERT INTO account_device (token_hash, account_id, seen_at_us) VALUES ($1, $2, $3)
ON CONFLICT (token_hash, account_id) DO UPDATE SET seen_at_us = excluded.seen_at_us;

-- :name sign_in_device_expire (ledger)
DELETE FROM account_device WHERE account_id = $1 AND seen_at_us <= $2;
