-- SPDX-License-Identifier: Apache-2.0

-- :name run_insert (ledger)
INSERT INTO analysis_run (id, kind, version, as_of_day, seed, change_id, parameters, result,
    customer_count, job_id, actor, created_at_us)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12);

-- A score in the place of the one of an earlier run.
-- :name run_score_put (ledger)
INSERT INTO analysis_score (customer, kind, run_id, value_1, value_2, value_3, value_4, value_5,
    value_6)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
ON CONFLICT (customer, kind) DO UPDATE SET run_id = excluded.run_id,
    value_1 = excluded.value_1, value_2 = excluded.value_2, value_3 = excluded.value_3,
    value_4 = excluded.value_4, value_5 = excluded.value_5, value_6 = excluded.value_6
WHERE analysis_score.run_id <= excluded.run_id;

-- The first customers after $3 whom run $2 or later has no score of.
-- :name run_stale (ledger)
SELECT customer FROM analysis_score
WHERE kind = $1 AND run_id < $2 AND customer > $3
ORDER BY customer LIMIT $4;

-- :name run_score_remove (ledger)
DELETE FROM analysis_score WHERE customer = $1 AND kind = $2 AND run_id < $3;

-- :name run_latest (ledger)
SELECT id, version, as_of_day, seed, change_id, parameters, result, customer_count, job_id, actor,
    created_at_us
FROM analysis_run WHERE kind = $1 ORDER BY id DESC LIMIT 1;

-- :name run_find (ledger)
SELECT id, version, as_of_day, seed, change_id, parameters, result, customer_count, job_id, actor,
    created_at_us
FROM analysis_run WHERE kind = $1 AND id = $2;

-- :name run_list (ledger)
SELECT id, version, as_of_day, seed, change_id, '' AS parameters, '' AS result, customer_count,
    job_id, actor, created_at_us
FROM analysis_run WHERE kind = $1 AND id < $2 ORDER BY id DESC LIMIT $3;
