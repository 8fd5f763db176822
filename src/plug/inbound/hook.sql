-- SPDX-License-Identifier: Apache-2.0

-- :name hook_insert (ledger)
INSERT INTO hook (sender_id, handle, scheme, secret) VALUES ($1, $2, $3, $4)

-- $1: the id or 0, $2: the name or empty.
-- :name hook_find (ledger)
SELECT s.id, s.name, h.handle, h.scheme, i.mapping, s.is_enabled, h.old_secret_until_us
FROM hook h JOIN sender s ON s.id = h.sender_id JOIN import i ON i.id = h.sender_id
WHERE s.id = $1 OR s.name = $2

-- What is asked at each message.
-- :name hook_of_handle (ledger)
SELECT h.sender_id, s.is_enabled, h.scheme, h.secret, h.old_secret, h.old_secret_until_us
FROM hook h JOIN sender s ON s.id = h.sender_id
WHERE h.handle = $1

-- :name hook_new_secret (ledger)
UPDATE hook SET old_secret = secret, old_secret_until_us = $3, secret = $2 WHERE sender_id = $1

-- Gives a row when the message is new.
-- :name hook_remember (ledger)
INSERT INTO hook_message (sender_id, message_key, at_us) VALUES ($1, $2, $3)
ON CONFLICT (sender_id, message_key) DO NOTHING RETURNING 1

-- :name hook_forget (ledger)
DELETE FROM hook_message WHERE sender_id = $1 AND at_us < $2

-- :name hook_list (ledger)
SELECT s.id, s.name, '/hooks/' || h.handle, h.scheme, i.kind,
       CASE WHEN s.is_enabled = 0 THEN 'off'
            WHEN (SELECT MAX(m.last_at_us) FROM sender_hour m WHERE m.sender_id = s.id) IS NULL
            THEN 'new' ELSE 'on' END,
       (SELECT MAX(m.last_at_us) FROM sender_hour m WHERE m.sender_id = s.id),
       i.accepted_count, i.duplicate_count, i.quarantined_count, s.created_at_us
FROM hook h JOIN sender s ON s.id = h.sender_id JOIN import i ON i.id = h.sender_id
ORDER BY s.name
