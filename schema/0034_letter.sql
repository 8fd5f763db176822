-- SPDX-License-Identifier: Apache-2.0
-- What letters look like (push/letter): one row.

CREATE TABLE letter_stationery (
    id BIGINT PRIMARY KEY,             -- 1
    definition TEXT NOT NULL,          -- JSON
    changed_at_us BIGINT NOT NULL
);
