-- SPDX-License-Identifier: Apache-2.0
-- What analyses found (analyze/run): a row for each run, and the scores of customers of the latest
-- run of each kind. What the values mean is the kind's business: lake_schema.sql has a view by name
-- for each.
CREATE TABLE analysis_run (
    id BIGINT PRIMARY KEY,
    kind INTEGER NOT NULL,             -- enum analysis_kind
    version INTEGER NOT NULL,          -- of the computation: another one may give other digits
    as_of_day INTEGER NOT NULL,        -- the last day whose data count
    seed BIGINT NOT NULL,              -- 0: nothing was left to chance
    change_id BIGINT NOT NULL,         -- the lake's watermark
    parameters TEXT NOT NULL,          -- JSON: what was asked
    result TEXT NOT NULL,              -- JSON: fit, quality, what pictures show
    customer_count BIGINT NOT NULL,    -- scored
    job_id BIGINT NOT NULL,            -- 0: none
    actor TEXT NOT NULL,
    created_at_us BIGINT NOT NULL
);
CREATE INDEX analysis_run_by_kind ON analysis_run (kind, id);

CREATE TABLE analysis_score (
    customer BIGINT NOT NULL,
    kind INTEGER NOT NULL,
    run_id BIGINT NOT NULL,
    value_1 BIGINT,                    -- all in micros; NULL: not known
    value_2 BIGINT,
    value_3 BIGINT,
    value_4 BIGINT,
    value_5 BIGINT,
    value_6 BIGINT,
    PRIMARY KEY (customer, kind)
) /* sqlite: WITHOUT ROWID */;
CREATE INDEX analysis_score_by_run ON analysis_score (kind, run_id, customer);
