-- SPDX-License-Identifier: Apache-2.0

-- Days until $1 on which something was sold.
-- :name forecast_days (lake)
SELECT DISTINCT CAST(sold_on - DATE '1970-01-01' AS BIGINT) AS day
FROM sale WHERE sold_on <= DATE '1970-01-01' + CAST($1 AS INTEGER)
ORDER BY day;

-- :name forecast_last_day (lake)
SELECT CAST(max(sold_on) - DATE '1970-01-01' AS BIGINT) FROM sale;

-- :name forecast_series_put (ledger)
INSERT INTO forecast_series (run_id, place, metric, dimension, result)
VALUES ($1, $2, $3, $4, $5);

-- The newest run whose series go: there are $2 newer ones.
-- :name forecast_series_stale (ledger)
SELECT id FROM analysis_run WHERE kind = $1 ORDER BY id DESC LIMIT 1 OFFSET $2;

-- Of run $1 and all before it.
-- :name forecast_series_remove (ledger)
DELETE FROM forecast_series WHERE run_id <= $1;

-- The places after $4 of a run's series of one metric and dimension; empty: of any.
-- :name forecast_series_page (ledger)
SELECT place, result FROM forecast_series
WHERE run_id = $1 AND ($2 = '' OR metric = $2) AND ($3 = '' OR dimension = $3) AND place > $4
ORDER BY place LIMIT $5;
