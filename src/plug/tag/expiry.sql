-- SPDX-License-Identifier: Apache-2.0

-- When sites counted without consent, from before $1: from when to when, or NULL.
-- :name expiry_windows (ledger)
SELECT s.id, s.name, v.published_at_us,
    (SELECT min(n.published_at_us) FROM tag_version n
     WHERE n.sender_id = v.sender_id AND n.version > v.version)
FROM tag_version v
JOIN sender s ON s.id = v.sender_id
WHERE v.mode = 'exempt' AND v.published_at_us < $1
ORDER BY s.id, v.version

-- Whether one of them was not looked at since $2.
-- :name expiry_is_due (ledger)
SELECT count(*)
FROM tag_version v
LEFT JOIN expiry r ON r.sender_id = v.sender_id
WHERE v.mode = 'exempt' AND v.published_at_us < $1
    AND (r.looked_at_us IS NULL OR r.looked_at_us < $2)

-- :name expiry_is_asked_for (ledger)
SELECT count(*) FROM job
WHERE kind = 'expiry' AND state IN ('queued', 'running') AND created_at_us > $1

-- :name expiry_events (ledger)
SELECT id FROM event
WHERE source = $1 AND at_us >= $2 AND at_us < $3 AND id > $4
ORDER BY id
LIMIT $5

-- :name expiry_delete_event (ledger)
DELETE FROM event WHERE id = $1

-- :name expiry_note (ledger)
INSERT INTO expiry (sender_id, looked_at_us, deleted_at_us, deleted_count)
VALUES ($1, $2, $3, $4)
ON CONFLICT (sender_id) DO UPDATE
SET looked_at_us = excluded.looked_at_us,
    deleted_at_us = coalesce(excluded.deleted_at_us, expiry.deleted_at_us),
    deleted_count = expiry.deleted_count + excluded.deleted_count
