-- SPDX-License-Identifier: Apache-2.0

-- :name tag_draft_find (ledger)
SELECT configuration, updated_at_us, updated_by FROM tag_draft WHERE sender_id = $1;

-- :name tag_draft_write (ledger)
INSERT INTO tag_draft (sender_id, configuration, updated_at_us, updated_by)
VALUES ($1, $2, $3, $4)
ON CONFLICT (sender_id) DO UPDATE
SET configuration = excluded.configuration, updated_at_us = excluded.updated_at_us,
    updated_by = excluded.updated_by;

-- $2: the version, or 0 for the last one.
-- :name tag_version_find (ledger)
SELECT version, text_version, configuration
FROM tag_version
WHERE sender_id = $1 AND (version = $2 OR $2 = 0)
ORDER BY version DESC
LIMIT 1;

-- The version in which these words were first published.
-- :name tag_version_of_text (ledger)
SELECT min(text_version) FROM tag_version WHERE sender_id = $1 AND text_hash = $2;

-- :name tag_version_insert (ledger)
INSERT INTO tag_version (sender_id, version, text_version, text_hash, mode, configuration, note,
    restored_version, published_at_us, published_by)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10);

-- :name tag_version_list (ledger)
SELECT version, text_version, published_at_us, published_by, restored_version, note
FROM tag_version
WHERE sender_id = $1
ORDER BY version DESC
LIMIT $2;

-- What is in force for who shows a write key with this hash, $2: now.
-- :name tag_published (ledger)
SELECT v.version, v.text_version, v.configuration, s.id
FROM sender AS s
JOIN tag_version AS v ON v.sender_id = s.id
WHERE (s.key_hash = $1 OR (s.old_key_hash = $1 AND s.old_key_until_us > $2)) AND s.is_enabled = 1
ORDER BY v.version DESC
LIMIT 1;

-- Every web site, with what is in force and whether its draft is something else.
-- :name tag_list (ledger)
SELECT s.name, v.version, v.published_at_us, v.published_by,
    CASE WHEN d.configuration IS NULL OR d.configuration = v.configuration THEN 0 ELSE 1 END
FROM sender AS s
LEFT JOIN tag_version AS v ON v.sender_id = s.id
    AND v.version = (SELECT max(x.version) FROM tag_version AS x WHERE x.sender_id = s.id)
LEFT JOIN tag_draft AS d ON d.sender_id = s.id
WHERE s.type = 'website'
ORDER BY s.name;
