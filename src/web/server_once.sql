-- SPDX-License-Identifier: Apache-2.0

-- What is older than a day is forgotten by the next request that comes with a key.
-- :name once_expire (ledger)
DELETE FROM idempotency WHERE created_at_us < $1;

-- The first one runs.
-- :name once_claim (ledger)
INSERT INTO idempotency (key_hash, request_hash, owner, created_at_us) VALUES ($1, $2, $3, $4)
ON CONFLICT (key_hash) DO NOTHING;

-- :name once_find (ledger)
SELECT request_hash, owner, coalesce(status, 0), coalesce(answer, '')
FROM idempotency WHERE key_hash = $1;

-- :name once_keep (ledger)
UPDATE idempotency SET status = $2, answer = $3 WHERE key_hash = $1;

-- It failed, so that nothing was done.
-- :name once_release (ledger)
DELETE FROM idempotency WHERE key_hash = $1 AND status IS NULL;
