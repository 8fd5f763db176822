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

-- Those collected from a source, not imported under its name: of the window by when they happened
-- at the visitor, or by the months, from $6 to before $7, in which they were received, which no
-- clock of a visitor moves. A walk along the ids, batch by batch: the index by source would sort
-- all that is left of it for each.
-- :name expiry_events (ledger)
SELECT id FROM event
WHERE source || '' = $1 AND id > $4
    AND ((at_us >= $2 AND at_us < $3
            AND import_id IN (SELECT import_id FROM collection_month))
        OR import_id IN (SELECT import_id FROM collection_month WHERE month >= $6 AND month < $7))
ORDER BY id
LIMIT $5

-- :name expiry_delete_event (ledger)
DELETE FROM event WHERE id = $1

-- What of a source was kept apart, whatever became of it.
-- :name expiry_delete_quarantine (ledger)
DELETE FROM quarantine WHERE import_id = $1 AND received_at_us >= $2 AND received_at_us < $3

-- Whether a source's message that was kept apart is older than $1.
-- :name expiry_has_raw (ledger)
SELECT count(*) FROM (
    SELECT 1 FROM quarantine WHERE raw <> '' AND received_at_us < $1 LIMIT 1
) AS old

-- The row stays, so that the figures add up and the same message is known when it comes again.
-- :name expiry_delete_raw (ledger)
UPDATE quarantine
SET raw = '', raw_encoding = 'utf8',
    state = CASE WHEN state = 'waiting' THEN 'discarded' ELSE state END
WHERE raw <> '' AND (import_id, row) IN (
    SELECT import_id, row FROM quarantine
    WHERE raw <> '' AND received_at_us < $1
    ORDER BY received_at_us
    LIMIT $2)

-- :name expiry_note (ledger)
INSERT INTO expiry (sender_id, looked_at_us, deleted_at_us, deleted_count)
VALUES ($1, $2, $3, $4)
ON CONFLICT (sender_id) DO UPDATE
SET looked_at_us = excluded.looked_at_us,
    deleted_at_us = coalesce(excluded.deleted_at_us, expiry.deleted_at_us),
    deleted_count = expiry.deleted_count + excluded.deleted_count
