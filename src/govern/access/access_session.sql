-- SPDX-License-Identifier: Apache-2.0

-- $4: the instant.
-- :name access_session_insert (ledger)
INSERT INTO account_session (id, token_hash, account_id, created_at_us, seen_at_us, address,
    user_agent)
VALUES ($1, $2, $3, $4, $4, $5, $6);

-- $2: in use after this instant, $3: begun after this one.
-- :name access_session_find (ledger)
SELECT id, account_id, seen_at_us FROM account_session
WHERE token_hash = $1 AND seen_at_us > $2 AND created_at_us > $3;

-- :name access_session_touch (ledger)
UPDATE account_session SET seen_at_us = $2 WHERE id = $1;

-- :name access_session_list (ledger)
SELECT id, created_at_us, seen_at_us, address, user_agent, id = $2 FROM account_session
WHERE account_id = $1 AND seen_at_us > $3 AND created_at_us > $4
ORDER BY seen_at_us DESC, id DESC;

-- :name access_session_delete (ledger)
DELETE FROM account_session WHERE account_id = $1 AND id = $2;

-- :name access_session_delete_all (ledger)
DELETE FROM account_session WHERE account_id = $1 AND id <> $2;

-- :name access_session_expire (ledger)
DELETE FROM account_session WHERE seen_at_us <= $1 OR created_at_us <= $2;
