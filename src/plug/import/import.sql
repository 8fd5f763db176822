-- SPDX-License-Identifier: Apache-2.0

-- A new import.
-- :name import_insert (ledger)
INSERT INTO import (id, job_id, kind, source, path, file_bytes, file_digest, mapping, state,
    created_at_us, file_name)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'running', $9, $10)

-- :name import_find (ledger)
SELECT id, job_id, kind, source, path, state, mapping, file_digest, file_bytes, row_offset,
    read_count, accepted_count, duplicate_count, quarantined_count, counts, created_at_us,
    finished_at_us, undone_at_us, file_name
FROM import
WHERE id = $1

-- The import of a file that a job began, when it has come so far.
-- :name import_find_by_job (ledger)
SELECT id, job_id, kind, source, path, state, mapping, file_digest, file_bytes, row_offset,
    read_count, accepted_count, duplicate_count, quarantined_count, counts, created_at_us,
    finished_at_us, undone_at_us, file_name
FROM import
WHERE job_id = $1 AND path = $2

-- A page, newest first.
-- :name import_list (ledger)
SELECT id, job_id, kind, source, path, state, mapping, file_digest, file_bytes, row_offset,
    read_count, accepted_count, duplicate_count, quarantined_count, counts, created_at_us,
    finished_at_us, undone_at_us, file_name
FROM import
WHERE id < $1
ORDER BY id DESC
LIMIT $2

-- How far an import is, in the transaction of the rows it speaks of.
-- :name import_checkpoint (ledger)
UPDATE import
SET row_offset = $2, read_count = $3, accepted_count = $4, duplicate_count = $5,
    quarantined_count = $6,
    counts = $7
WHERE id = $1

-- :name import_finish (ledger)
UPDATE import
SET state = 'done', finished_at_us = $2
WHERE id = $1

-- :name import_undoing (ledger)
UPDATE import
SET state = 'undoing'
WHERE id = $1

-- :name import_undone (ledger)
UPDATE import
SET state = 'undone', undone_at_us = $2
WHERE id = $1

-- A row that could not be taken.
-- :name quarantine_insert (ledger)
INSERT INTO quarantine (import_id, row, line, reason, field, message, raw, raw_encoding, state)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'waiting')

-- A page in the order of the file, of one state ($4) and reason ($5) where they are not ''.
-- :name quarantine_list (ledger)
SELECT row, line, reason, field, message, raw, raw_encoding, state, received_at_us, is_part
FROM quarantine
WHERE import_id = $1 AND row > $2 AND ($4 = '' OR state = $4) AND ($5 = '' OR reason = $5)
ORDER BY row
LIMIT $3

-- :name quarantine_fix (ledger)
UPDATE quarantine
SET raw = $3, raw_encoding = $4
WHERE import_id = $1 AND row = $2 AND state = 'waiting'

-- Why it still cannot be taken.
-- :name quarantine_still (ledger)
UPDATE quarantine
SET reason = $3, field = $4, message = $5
WHERE import_id = $1 AND row = $2 AND state = 'waiting'

-- :name quarantine_replayed (ledger)
UPDATE quarantine
SET state = 'replayed'
WHERE import_id = $1 AND row = $2 AND state = 'waiting'

-- :name quarantine_discard (ledger)
UPDATE quarantine
SET state = 'discarded'
WHERE import_id = $1 AND ($2 = 0 OR row = $2) AND state = 'waiting'

-- :name quarantine_summary (ledger)
SELECT reason, field, count(*) AS row_count, min(line) AS first_line, min(message) AS example
FROM quarantine
WHERE import_id = $1 AND state = 'waiting'
GROUP BY reason, field
ORDER BY row_count DESC, reason, field

-- Rows know the import that brought them first and the last one that brought them again. When that
-- last one was taken back, an import between the two that brought them as well is no longer known
-- by them. This is one such import, whose file has not been imported again since.
-- :name import_between (ledger)
SELECT b.id, b.path
FROM import a
JOIN import b ON b.id > a.id AND b.kind = a.kind
JOIN import c ON c.id > b.id AND c.kind = a.kind
WHERE a.id = $1 AND a.kind IN ('sales', 'customers', 'events', 'consents')
    AND b.state = 'done' AND (b.duplicate_count > 0 OR b.kind = 'customers')
    AND c.state = 'undone' AND (c.duplicate_count > 0 OR c.kind = 'customers')
    AND NOT EXISTS (SELECT 1 FROM import d
                    WHERE d.id > c.id AND d.state = 'done' AND d.kind = b.kind
                        AND d.file_digest = b.file_digest)
ORDER BY b.id
LIMIT 1
