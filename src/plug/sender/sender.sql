-- SPDX-License-Identifier: Apache-2.0

-- :name sender_insert (ledger)
INSERT INTO sender (id, name, type, key_hash, is_enabled, silence_s, schema_text, schema_policy,
    created_at_us, created_by)
VALUES ($1, $2, $3, $4, 1, $5, $6, $7, $8, $9)
ON CONFLICT (name) DO NOTHING;

-- :name sender_update (ledger)
UPDATE sender
SET is_enabled = $2, silence_s = $3, schema_text = $4, schema_policy = $5
WHERE id = $1;

-- $2: the new key, $3: until when the one before counts.
-- :name sender_new_key (ledger)
UPDATE sender
SET old_key_hash = key_hash, old_key_until_us = $3, key_hash = $2
WHERE id = $1;

-- $1: the id or 0, $2: the name or empty.
-- :name sender_find (ledger)
SELECT id, name, type, is_enabled, silence_s, schema_text, schema_policy, old_key_until_us,
    created_at_us, created_by
FROM sender
WHERE id = $1 OR name = $2;

-- With the hashes of their keys, when something came last, and what their tag may (plug/tag).
-- :name sender_read_all (ledger)
SELECT s.id, s.name, s.type, s.is_enabled, s.silence_s, s.schema_text, s.schema_policy,
    s.old_key_until_us, s.created_at_us, s.created_by, s.key_hash, s.old_key_hash,
    (SELECT max(h.last_at_us) FROM sender_hour AS h WHERE h.sender_id = s.id),
    (SELECT v.mode FROM tag_version AS v WHERE v.sender_id = s.id ORDER BY v.version DESC LIMIT 1)
FROM sender AS s
ORDER BY s.name;

-- :name sender_count (ledger)
INSERT INTO sender_hour (sender_id, hour, accepted_count, duplicate_count, quarantined_count, bytes,
    last_at_us, marked_count)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
ON CONFLICT (sender_id, hour) DO UPDATE
SET accepted_count = sender_hour.accepted_count + excluded.accepted_count,
    duplicate_count = sender_hour.duplicate_count + excluded.duplicate_count,
    quarantined_count = sender_hour.quarantined_count + excluded.quarantined_count,
    bytes = sender_hour.bytes + excluded.bytes,
    marked_count = sender_hour.marked_count + excluded.marked_count,
    last_at_us = CASE WHEN excluded.last_at_us > sender_hour.last_at_us THEN excluded.last_at_us
        ELSE sender_hour.last_at_us END;

-- :name sender_recount (ledger)
UPDATE sender_hour
SET accepted_count = accepted_count + $3, duplicate_count = duplicate_count + $4,
    quarantined_count = quarantined_count + $5, marked_count = marked_count + $6
WHERE sender_id = $1 AND hour = $2;

-- What is in force at a web site, and what was deleted of it because it was too old.
-- :name sender_expiry (ledger)
SELECT (SELECT v.mode FROM tag_version v WHERE v.sender_id = s.id ORDER BY v.version DESC LIMIT 1),
    r.looked_at_us, r.deleted_at_us, r.deleted_count
FROM sender s
LEFT JOIN expiry r ON r.sender_id = s.id
WHERE s.id = $1;

-- The hours of one of them since $2, newest first.
-- :name sender_hours (ledger)
SELECT hour * 3600000000, accepted_count + duplicate_count + quarantined_count, accepted_count,
    duplicate_count, quarantined_count, marked_count, bytes
FROM sender_hour
WHERE sender_id = $1 AND hour >= $2
ORDER BY hour DESC;
