-- SPDX-License-Identifier: Apache-2.0
-- Questions to the lake that people keep (analyze/sql), by name, for everybody who may ask in SQL.
CREATE TABLE saved_query (
    name TEXT NOT NULL PRIMARY KEY,
    query TEXT NOT NULL,
    description TEXT NOT NULL,
    actor TEXT NOT NULL,               -- who wrote it last
    changed_at_us BIGINT NOT NULL
);
