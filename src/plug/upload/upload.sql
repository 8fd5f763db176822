-- SPDX-License-Identifier: Apache-2.0

-- :name upload_insert (ledger)
INSERT INTO upload (id, name, bytes, actor, created_at_us) VALUES ($1, $2, $3, $4, $5);

-- :name upload_find (ledger)
SELECT id, name, bytes, actor, created_at_us FROM upload WHERE id = $1;

-- Newest first; an older one only where a job needs it.
-- :name upload_list (ledger)
SELECT u.id, u.name, u.bytes, u.created_at_us, u.actor FROM upload AS u
WHERE u.created_at_us >= $1 OR EXISTS (
    SELECT 1 FROM job AS j
    WHERE j.state IN ('queued', 'running', 'interrupted')
        AND j.parameters LIKE '%' || u.id || '%')
ORDER BY u.created_at_us DESC, u.id LIMIT $2;

-- Is there a job that waits, runs or was interrupted whose parameters name it?
-- :name upload_is_needed (ledger)
SELECT count(*) FROM job
WHERE state IN ('queued', 'running', 'interrupted') AND parameters LIKE '%' || $1 || '%';

-- Older ones that no job needs.
-- :name upload_expired (ledger)
SELECT u.id FROM upload AS u
WHERE u.created_at_us < $1 AND NOT EXISTS (
    SELECT 1 FROM job AS j
    WHERE j.state IN ('queued', 'running', 'interrupted')
        AND j.parameters LIKE '%' || u.id || '%');

-- :name upload_delete (ledger)
DELETE FROM upload WHERE id = $1;

-- :name upload_is_known (ledger)
SELECT count(*) FROM upload WHERE id = $1;
