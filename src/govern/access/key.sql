-- SPDX-License-Identifier: Apache-2.0

-- :name key_insert (ledger)
INSERT INTO api_key (id, name, key_hash, permissions, account_id, created_by, created_at_us,
    expires_at_us, traits)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
ON CONFLICT (name) DO NOTHING;

-- $2: the instant. A key of an account that is not active any more does not count.
-- :name key_find (ledger)
SELECT k.id, k.name, k.permissions, k.account_id, coalesce(k.used_day, 0), coalesce(a.role, ''),
    k.traits, k.key_hash, coalesce(k.expires_at_us, 0)
FROM api_key k LEFT JOIN account a ON a.id = k.account_id
WHERE k.key_hash = $1 AND (k.expires_at_us IS NULL OR k.expires_at_us > $2)
    AND (k.account_id IS NULL OR a.state = 'active');

-- :name key_used (ledger)
UPDATE api_key SET used_day = $2 WHERE id = $1;

-- $1: the id or 0, $2: the name or empty.
-- :name key_look_up (ledger)
SELECT id, name FROM api_key WHERE id = $1 OR name = $2;

-- :name key_delete (ledger)
DELETE FROM api_key WHERE id = $1;

-- :name key_list (ledger)
SELECT id, name, permissions, created_by, created_at_us, expires_at_us, used_day,
    CASE WHEN traits = '[]' THEN NULL ELSE traits END
FROM api_key ORDER BY name;

-- $1: the instant.
-- :name key_valid (ledger)
SELECT k.id, k.name, k.permissions, k.account_id, coalesce(k.used_day, 0), coalesce(a.role, ''),
    k.traits, k.key_hash, coalesce(k.expires_at_us, 0)
FROM api_key k LEFT JOIN account a ON a.id = k.account_id
WHERE (k.expires_at_us IS NULL OR k.expires_at_us > $1)
    AND (k.account_id IS NULL OR a.state = 'active');
