-- SPDX-License-Identifier: Apache-2.0

-- :name invitation_put (ledger)
INSERT INTO account_invitation (account_id, token_hash, expires_at_us, created_at_us)
VALUES ($1, $2, $3, $4)
ON CONFLICT (account_id) DO UPDATE SET token_hash = excluded.token_hash,
    expires_at_us = excluded.expires_at_us, created_at_us = excluded.created_at_us;

-- :name invitation_find (ledger)
SELECT account_id FROM account_invitation WHERE token_hash = $1 AND expires_at_us > $2;

-- :name invitation_delete (ledger)
DELETE FROM account_invitation WHERE account_id = $1;
