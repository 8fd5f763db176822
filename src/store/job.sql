-- SPDX-License-Identifier: Apache-2.0

-- One that has an owner waits for that process, which will run it itself.
-- :name job_insert (ledger)
INSERT INTO job (id, kind, title, state, parameters, actor, created_at_us, owner)
VALUES ($1, $2, $3, 'queued', $4, $5, $6, $7);

-- :name job_find (ledger)
SELECT id, kind, title, state, stage, unit, actor, coalesce(result, ''), coalesce(error, ''),
    done, total, created_at_us, coalesce(started_at_us, 0), coalesce(updated_at_us, 0),
    coalesce(finished_at_us, 0)
FROM job WHERE id = $1;

-- A page of jobs, newest first.
-- :name job_list (ledger)
SELECT id, kind, title, state, stage, unit, actor, coalesce(result, ''), coalesce(error, ''),
    done, total, created_at_us, coalesce(started_at_us, 0), coalesce(updated_at_us, 0),
    coalesce(finished_at_us, 0)
FROM job WHERE id < $1 ORDER BY id DESC LIMIT $2;

-- :name job_count_states (ledger)
SELECT state, count(*) FROM job GROUP BY state ORDER BY state;

-- Taken by one process only, whoever comes first. Somebody asks for it, so it has all its tries.
-- :name job_claim (ledger)
UPDATE job SET state = 'running', owner = $2, cancel_requested = 0, error = NULL, lost_count = 0,
    started_at_us = coalesce(started_at_us, $3), updated_at_us = $3, finished_at_us = NULL
WHERE id = $1 AND state IN ('queued', 'interrupted', 'failed', 'cancelled')
RETURNING kind, parameters, actor;

-- The queue, in the order in which it is worked off, as a process sees it.
-- :name job_queued (ledger)
SELECT id, kind FROM job WHERE state = 'queued' AND (owner IS NULL OR owner = $1) ORDER BY id;

-- The first in the queue that nobody else is about to take, of kinds in a list with commas around
-- each.
-- :name job_queued_free (ledger)
SELECT id FROM job
WHERE state = 'queued' AND (owner IS NULL OR owner = $1) AND $2 LIKE '%,' || kind || ',%'
ORDER BY id LIMIT 1 /* postgresql: FOR UPDATE SKIP LOCKED */;

-- Taken by one thread only, and not again when that one has ended it already.
-- :name job_claim_queued (ledger)
UPDATE job SET state = 'running', owner = $2, cancel_requested = 0, error = NULL,
    started_at_us = coalesce(started_at_us, $3), updated_at_us = $3, finished_at_us = NULL
WHERE id = $1 AND state = 'queued' AND (owner IS NULL OR owner = $2)
RETURNING kind, parameters, actor;

-- :name job_resume (ledger)
UPDATE job SET state = 'queued', cancel_requested = 0, error = NULL, finished_at_us = NULL,
    lost_count = 0, owner = NULL
WHERE id = $1 AND state IN ('interrupted', 'failed', 'cancelled');

-- :name job_resume_interrupted (ledger)
UPDATE job SET state = 'queued', cancel_requested = 0 WHERE state = 'interrupted';

-- :name job_report (ledger)
UPDATE job SET stage = $2, done = $3, total = $4, unit = $5, updated_at_us = $6 WHERE id = $1;

-- :name job_cancel_is_requested (ledger)
SELECT cancel_requested FROM job WHERE id = $1;

-- :name job_finish (ledger)
UPDATE job SET state = $2, result = $3, error = $4, owner = NULL,
    updated_at_us = $5, finished_at_us = $5
WHERE id = $1;

-- A running job is asked to stop; one that waits is stopped at once.
-- :name job_request_cancel (ledger)
UPDATE job SET cancel_requested = 1,
    state = CASE state WHEN 'running' THEN state ELSE 'cancelled' END,
    finished_at_us = CASE state WHEN 'running' THEN finished_at_us ELSE $2 END
WHERE id = $1 AND state IN ('queued', 'running', 'interrupted');

-- What somebody has, running or waiting for its process.
-- :name job_owned (ledger)
SELECT j.id, coalesce(j.owner, ''), coalesce(l.until_us, 0)
FROM job j LEFT JOIN job_lease l ON l.job_id = j.id
WHERE j.state = 'running' OR (j.state = 'queued' AND j.owner IS NOT NULL);

-- :name job_owned_one (ledger)
SELECT coalesce(j.owner, ''), coalesce(l.until_us, 0)
FROM job j LEFT JOIN job_lease l ON l.job_id = j.id
WHERE j.id = $1 AND (j.state = 'running' OR (j.state = 'queued' AND j.owner IS NOT NULL));

-- It waits for everybody from now on.
-- :name job_release (ledger)
UPDATE job SET owner = NULL WHERE id = $1 AND state = 'queued';

-- What waits for a process that ends.
-- :name job_release_all (ledger)
UPDATE job SET owner = NULL WHERE state = 'queued' AND owner = $1;

-- :name job_running_others (ledger)
SELECT kind FROM job WHERE state = 'running' AND id <> $1;

-- The instant by the database's own clock: those of the servers' machines may differ. (PostgreSQL)
-- :name job_lease_clock (fragment)
SELECT CAST(extract(epoch FROM clock_timestamp()) * 1000000 AS BIGINT);

-- :name job_lease_take (ledger)
INSERT INTO job_lease (job_id, owner, until_us) VALUES ($1, $2, $3)
ON CONFLICT (job_id) DO UPDATE SET owner = excluded.owner, until_us = excluded.until_us;

-- :name job_lease_renew (ledger)
UPDATE job_lease SET until_us = $3 WHERE job_id = $1 AND owner = $2;

-- :name job_lease_count (ledger)
SELECT count(*) FROM job_lease WHERE job_id = $1 AND owner = $2;

-- :name job_lease_take_away (ledger)
DELETE FROM job_lease WHERE job_id = $1;

-- :name job_lease_drop (ledger)
DELETE FROM job_lease WHERE job_id = $1 AND owner = $2;

-- :name job_interrupt (ledger)
UPDATE job SET state = 'interrupted', owner = NULL WHERE id = $1 AND state = 'running';

-- Its process died. Counted in a row, from one on when it had got further than the last time.
-- :name job_lose (ledger)
UPDATE job SET state = 'interrupted', owner = NULL,
    lost_count = CASE WHEN stage <> lost_stage OR done > lost_done THEN 1 ELSE lost_count + 1 END,
    lost_done = CASE WHEN stage <> lost_stage OR done > lost_done THEN done ELSE lost_done END,
    lost_stage = stage
WHERE id = $1 AND state = 'running'
RETURNING lost_count;

-- :name job_log_insert (ledger)
INSERT INTO job_log (job_id, line, at_us, text)
SELECT $1, coalesce(max(line), 0) + 1, $2, $3 FROM job_log WHERE job_id = $1;

-- :name job_log_list (ledger)
SELECT at_us, text FROM job_log WHERE job_id = $1 ORDER BY line;
