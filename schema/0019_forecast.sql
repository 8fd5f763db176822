-- SPDX-License-Identifier: Apache-2.0
-- Series that a forecast's run made, by store, category and so on (analyze/forecast): history,
-- forecast and errors of each as JSON. Those of the latest runs.
CREATE TABLE forecast_series (
    run_id BIGINT NOT NULL,            -- analysis_run
    place BIGINT NOT NULL,             -- from 1: totals, then by metric, dimension and size
    metric TEXT NOT NULL,
    dimension TEXT NOT NULL,           -- '': a total
    result TEXT NOT NULL,              -- JSON
    PRIMARY KEY (run_id, place)
) /* sqlite: WITHOUT ROWID */;
