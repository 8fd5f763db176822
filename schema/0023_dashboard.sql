-- SPDX-License-Identifier: Apache-2.0
-- Pages that people put together (analyze/dashboard), by name, for everybody who may read reports.
CREATE TABLE dashboard (
    name TEXT NOT NULL PRIMARY KEY,
    description TEXT NOT NULL,
    definition TEXT NOT NULL,          -- JSON: days and tiles
    actor TEXT NOT NULL,               -- who changed it last
    changed_at_us BIGINT NOT NULL
);
