-- SPDX-License-Identifier: Apache-2.0
-- Requests that carried an Idempotency-Key and what they were answered, for a day
-- (web/server_once.h). The keys themselves do not stand here: who makes them may put anything in.

CREATE TABLE idempotency (
    key_hash TEXT PRIMARY KEY,         -- of who asked and of the key, in hex
    request_hash TEXT NOT NULL,        -- of method, address and body
    owner TEXT NOT NULL,               -- process that runs it: "host pid start-time"
    status INTEGER,                    -- of the answer; NULL: there is none yet
    answer TEXT,                       -- NULL as well where it is not kept: it holds a secret
    created_at_us BIGINT NOT NULL
);
CREATE INDEX idempotency_by_age ON idempotency (created_at_us);
